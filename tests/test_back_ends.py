"""Any Keras back end that is installed: its gradients are those that lesson 02 finds by hand."""

import importlib.util

import nbformat
import pytest

import build
import lesson as lessons

BACK_ENDS = [name for name in ("tensorflow", "torch", "jax") if importlib.util.find_spec(name)]
CLAIM = "largest difference from the gradient of Keras"


@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_backpropagation_by_hand_agrees_with_keras(back_end, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", back_end)
    notebook = lessons.notebook(lessons.read(*lessons.find("02")), "en")
    last = next(i for i, cell in enumerate(notebook.cells) if CLAIM in cell.source)
    notebook.cells[last + 1 :] = [nbformat.v4.new_code_cell("print(keras.backend.backend())")]
    report = build.execute(notebook, tmp_path, back_end)
    assert notebook.cells[-1].outputs[0].text.strip() == back_end
    assert CLAIM in [name for name, _, _ in report.claims]
