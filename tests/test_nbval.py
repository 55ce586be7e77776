"""nbval in strict mode bites: each thing that CI must notice turns the run red."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

import build
from lesson import ROOT

CELLS = [
    'import coursekit as ck\n\nck.setup("en")',
    'print("hello", 42)',
    'ck.claim("half of it", 0.51234, at_least=0.5)',
    "x_train, y_train, _, _ = ck.data.mnist()\nck.plots.images(x_train[:2], y_train[:2])",
]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A project with a notebook that was executed as `make build` does it."""
    folder = tmp_path_factory.mktemp("original")
    for name in ("coursekit", "data"):
        shutil.copytree(ROOT / name, folder / name)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    build.execute(notebook, folder, "trial")
    assert not list(build.faults_in_outputs(notebook))
    nbformat.write(notebook, folder / "trial.ipynb")
    return folder


def nbval(folder):
    """Compare the notebook as `make test` does; return whether it passed, and what it said."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval"]
    command += ["--nbval-current-env", "--nbval-sanitize-with", ROOT / "tests" / "sanitize.cfg"]
    result = subprocess.run(
        [*command, "--rootdir", folder, folder / "trial.ipynb"],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COURSEKIT_LIVE": "0"},
    )
    assert result.returncode in (0, 1), result.stdout + result.stderr
    return result.returncode == 0, result.stdout


# what is changed: file, old, new, whether the run stays green
CHANGES = {
    "nothing": ("trial.ipynb", "hello", "hello", True),
    "a claim's bound": ("trial.ipynb", "at_least=0.5", "at_least=0.4", False),
    "a claim's name": ("trial.ipynb", 'claim(\\"half', 'claim(\\"part', False),
    "a claim's printed bound": ("trial.ipynb", "promised ≥ 0.5", "promised ≥ 0.6", False),
    "a claim's measured digits": ("trial.ipynb", "it: 0.5123", "it: 0.5321", True),
    "a printed word": ("trial.ipynb", "hello 42", "hullo 42", False),
    "a printed digit": ("trial.ipynb", "hello 42", "hello 43", False),
    "what plots prints": ("coursekit/words.py", "Grid of pictures", "Array of pictures", False),
    "how plots prints it": ("coursekit/plots.py", '"text/plain": alt', '"text/plain": "!"', False),
    "what claim prints": ("coursekit/claims.py", 'print(f"✔', 'print(f"OK', False),
    "a broken claim": ("coursekit/claims.py", "value = float(value)", "value = 0.0", False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change, original, tmp_path):
    name, old, new, green = CHANGES[change]
    folder = shutil.copytree(original, tmp_path / "copy")
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    passed, said = nbval(folder)
    assert passed == green, said


def test_a_changed_data_file_is_noticed(original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "copy")
    path = folder / "data" / "mnist.npz"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    passed, said = nbval(folder)
    assert not passed and "SHA-256" in said
