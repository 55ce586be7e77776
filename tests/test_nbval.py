"""nbval in strict mode bites: each thing that CI must notice turns the run red."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from tools import execution
from tools.project import HERE

CELLS = [
    'import coursekit as ck\n\nck.setup("en")',
    'print("hello", 42)',
    'ck.claim("half of it", 0.51234, at_least=0.5)',
    'photo = ck.data.photo("coffee")\nck.plots.images(photo[None], size=4)',
    'ck.plots.history({"loss": [1.0, 0.4, 0.3], "val_loss": [0.9, 0.5, 0.45]})',
    """
def line(top):
    ck.plots.curves(None, {"": [0, top]}, xlabel="x", ylabel="y", alt=f"a line up to {top}")


ck.widgets.knobs(line, top=("top", [1, 2], 2))
""",
    "from IPython.display import Audio\n\nAudio([0.1, 0.2, 0.3], rate=8000)",
]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A project with a notebook that was executed as `make build` does it."""
    folder = tmp_path_factory.mktemp("original")
    for name in ("coursekit", "data", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "*.npz", "*.xz", "*.keras")
        shutil.copytree(HERE.root / name, folder / name, ignore=ignored)
    (folder / "tests").mkdir()
    shutil.copy(HERE.root / "tests" / "sanitize.cfg", folder / "tests")
    shutil.copy(HERE.root / "conftest.py", folder)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    execution.execute(type(HERE)(folder), notebook, folder, "trial")
    assert not list(execution.faults_in_outputs(notebook))
    nbformat.write(notebook, folder / "trial.ipynb")
    return folder


def nbval(folder):
    """Compare the notebooks as `make test` does; return which of them passed, and what it said."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:mpl", "--nbval"]
    result = subprocess.run(
        [*command, "--nbval-current-env", "-rf", "--rootdir", folder, *folder.rglob("*.ipynb")],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COURSEKIT_LIVE": "0"},
    )
    assert result.returncode in (0, 1), result.stdout + result.stderr
    names = {path.name for path in folder.rglob("*.ipynb")}
    failed = set(re.findall(r"^FAILED (?:.*/)?(.+?)::", result.stdout, re.M))
    return names - failed, result.stdout


# what is changed in the notebook: old, new, whether the run stays green
EDITS = {
    "nothing": ("hello", "hello", True),
    "a claim's bound": ("at_least=0.5", "at_least=0.4", False),
    "a claim's name": ('claim(\\"half', 'claim(\\"part', False),
    "a claim's printed bound": ("bound ≥ 0.5", "bound ≥ 0.6", False),
    "a claim's measured digits": ("it: 0.5123", "it: 0.5321", True),
    "a printed word": ("hello 42", "hullo 42", False),
    "a printed digit": ("hello 42", "hello 43", False),
    "a sound's samples": ("wav;base64,UklG", "wav;base64,UklH", True),
    "a sound's kind": ("audio/wav;base64", "audio/ogg;base64", False),
}


def test_a_changed_notebook_is_noticed(original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "copy")
    text = (folder / "trial.ipynb").read_text(encoding="utf-8")
    for place, (old, new, _) in enumerate(EDITS.values()):
        assert old in text
        (folder / f"edit{place}.ipynb").write_text(text.replace(old, new), encoding="utf-8")
    passed, said = nbval(folder)
    green = {f"edit{place}.ipynb" for place, edit in enumerate(EDITS.values()) if edit[2]}
    assert passed == green | {"trial.ipynb"}, said


# what is changed in the package: file, old, new, whether the run stays green
CHANGES = {
    "what plots prints": ("words.py", "Grid of pictures", "Array of pictures", False),
    "how plots prints it": ("plots.py", '"text/plain": alt', '"text/plain": "!"', False),
    "what claim prints": ("claims.py", 'LINE = "✔', 'LINE = "OK', False),
    "a broken claim": ("claims.py", "float(value.item())", "0.0", False),
    "pictures gone blank": ("plots.py", "axis.imshow(", "str(", False),
    "curves gone blank": ("plots.py", "axis.plot(", "str(", False),
    "pictures upside down": ("plots.py", "imshow(picture,", "imshow(picture[::-1],", False),
    "knobs that start elsewhere": ("widgets.py", "{name: start for", "{name: 1 for", False),
    "another size": ("plots.py", "dpi=144", "dpi=72", False),
    "a hair's breadth of blue": ("style.py", '"#0072B2"', '"#0072B3"', True),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_package_is_noticed(change, original, tmp_path):
    name, old, new, green = CHANGES[change]
    folder = shutil.copytree(original, tmp_path / "copy")
    path = folder / "coursekit" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    passed, said = nbval(folder)
    assert bool(passed) == green, said


@pytest.mark.parametrize(("tags", "green"), [([], False), (["slow"], True)])
def test_a_cell_that_can_not_run_twice_is_noticed(tags, green, original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "copy")
    (folder / "en").mkdir()
    (folder / "trial.ipynb").unlink()
    cells = [nbformat.v4.new_code_cell(code) for code in ("x = 1", "x += 1\nprint(x)")]
    cells[1].metadata["tags"] = tags
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(CELLS[0]))
    execution.execute(type(HERE)(folder), notebook, folder, "trial")
    nbformat.write(notebook, folder / "en" / "trial.ipynb")
    passed, said = nbval(folder)
    assert bool(passed) == green, said


def test_a_changed_data_file_is_noticed(original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "copy")
    path = folder / "data" / "coffee.jpg"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    passed, said = nbval(folder)
    assert not passed and "SHA-256" in said
