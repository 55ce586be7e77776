"""Any Keras back end that is installed: its gradients are those that lesson 02 finds by hand.

TensorFlow, the default, is what every notebook is compared on; `make test` brings JAX along in a
folder of its own.
"""

import importlib.util

import nbformat
import pytest

from tools import execution, notebooks
from tools.project import HERE

BACK_ENDS = [name for name in ("torch", "jax") if importlib.util.find_spec(name)]
CLAIM = "largest difference from the gradient of Keras"


@pytest.mark.slow
def test_there_is_a_second_back_end():
    assert BACK_ENDS, "make test-back-ends installs one"


@pytest.mark.slow
@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_backpropagation_by_hand_agrees_with_keras(back_end, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", back_end)
    lesson = next(lesson for lesson in HERE.lessons if lesson.id == "mlp")
    notebook = notebooks.make(HERE, lesson, "en")
    last = next(i for i, cell in enumerate(notebook.cells) if CLAIM in cell.source)
    notebook.cells[last + 1 :] = [nbformat.v4.new_code_cell("print(keras.backend.backend())")]
    report = execution.execute(HERE, notebook, tmp_path, back_end)
    assert notebook.cells[-1].outputs[0].text.strip() == back_end
    assert CLAIM in [name for name, _, _ in report.claims]


A_FEW_STEPS = """
networks = [keras.Sequential([layers.Input((2,)), layers.Dense(size)]) for size in (2, 1)]
game = start(CalmGame(*networks), keras.optimizers.Adam(0.001))
before = [weight.copy() for weight in game.get_weights()]
data = np.random.default_rng(0).normal(size=(2, 256, 2)).astype("float32")
history = game.fit(*data, batch_size=16, epochs=2, verbose=0).history["loss"]
assert np.isfinite(history).all()
assert all((new != old).any() for new, old in zip(game.get_weights(), before, strict=True))
print(keras.backend.backend())
"""


@pytest.mark.slow
@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_two_networks_compete_on_any_back_end(back_end, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", back_end)
    lesson = next(lesson for lesson in HERE.lessons if lesson.id == "gan")
    notebook = notebooks.make(HERE, lesson, "en")
    last = next(i for i, cell in enumerate(notebook.cells) if "(theirs), ours" in cell.source)
    games = [
        cell for cell in notebook.cells if cell.source.startswith(("class Fresh", "class Calm"))
    ]
    notebook.cells[last + 1 :] = [*games, nbformat.v4.new_code_cell(A_FEW_STEPS)]
    execution.execute(HERE, notebook, tmp_path, back_end)
    assert notebook.cells[-1].outputs[-1].text.strip() == back_end
