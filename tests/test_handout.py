"""What an instructor gives out works on a computer that has neither the clone nor a network."""

import os
import subprocess
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.test_packaging import OFFLINE, PROJECT
from tools import handout, notebooks
from tools.project import HERE
from tools.source import LANGUAGES


@pytest.fixture(scope="module")
def zips(tmp_path_factory):
    """The folder with both zips, made apart from the clone's dist/."""
    folder = tmp_path_factory.mktemp("dist")
    handout.write(HERE, folder)
    return folder


def names(path):
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_students_and_solutions_stand_apart(zips):
    lessons = {f"{to}/{lesson.name}.ipynb" for lesson in HERE.lessons for to in LANGUAGES}
    pages = {f"{to}/README.md" for to in LANGUAGES}
    wheel = next(zips.glob("*.whl")).name
    given = {"docs/glossary.md", "README.html", wheel}
    given |= {f"notebooks/{name}" for name in lessons | pages}
    solved = {"docs/glossary.md"} | {f"solutions/{name}" for name in lessons | pages}
    for name, wanted in (("keras-course", given), ("keras-course-solutions", solved)):
        assert names(zips / f"{name}.zip") == {f"keras-course/{path}" for path in wanted}


def test_the_page_shows_the_one_cell_in_both_languages(zips):
    page = (zips / "README.html").read_text(encoding="utf-8")
    assert page.count("except ModuleNotFoundError") == 2 and next(zips.glob("*.whl")).name in page


def test_a_student_gets_neither_outputs_nor_solutions(zips):
    with zipfile.ZipFile(zips / "keras-course.zip") as archive:
        for name in filter(lambda name: name.endswith(".ipynb"), archive.namelist()):
            notebook = nbformat.reads(archive.read(name).decode(), as_version=4)
            nbformat.validate(notebook)
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            assert not any(cell.outputs for cell in code)
            solutions = [cell for cell in code if "solution" in cell.metadata.get("tags", [])]
            assert len(solutions) >= 3
            assert all(len(cell.source.split("\n")) == 2 for cell in solutions)
            assert sum("..." in cell.source for cell in code) >= 3


# The first exercise of lesson 01 and, from the other zip, its solution, in a notebook that ends
# there.
SOLVE = """
import sys, nbformat
from nbclient import NotebookClient
given, solved = (nbformat.read(name, as_version=4) for name in sys.argv[1:])
tags = [cell.metadata.get("tags", []) for cell in given.cells]
end = next(place for place, found in enumerate(tags) if "check" in found)
answer = next(cell for cell in solved.cells if "solution" in cell.metadata.get("tags", []))
given.cells = [*given.cells[:end + 1], answer]
NotebookClient(given, coalesce_streams=True).execute()
print(*[cell.outputs[-1].text for cell in given.cells[-2:]], sep="")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("language", "address"), [("es", ""), ("en", HERE.root.as_uri())])
def test_a_student_solves_an_exercise_where_only_the_zip_is(language, address, zips, tmp_path):
    """In an environment that has the packages of others, in an empty folder, offline.

    With an address, the first cell installs coursekit from there: here, from this clone.
    """
    venv.create(tmp_path / "venv", symlinks=os.name != "nt")
    python = next((tmp_path / "venv").glob("[bS]*/python*"))
    theirs = next((tmp_path / "venv").rglob("site-packages"))
    for entry in Path(pytest.__file__).parent.parent.iterdir():
        if PROJECT["name"].replace("-", "_") not in entry.name and entry.suffix != ".pth":
            (theirs / entry.name).symlink_to(entry)
    (theirs / "sitecustomize.py").write_text(OFFLINE)
    for name in ("keras-course", "keras-course-solutions"):
        with zipfile.ZipFile(zips / f"{name}.zip") as archive:
            archive.extractall(tmp_path)
    folder = tmp_path / "keras-course" / "notebooks" / language
    lesson = HERE.lessons[0].name
    notebook = nbformat.read(folder / f"{lesson}.ipynb", as_version=4)
    notebook.cells[1].source = notebooks.install(address, language)
    nbformat.write(notebook, folder / f"{lesson}.ipynb")
    solved = Path("..") / ".." / "solutions" / language / f"{lesson}.ipynb"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"PYTHONUTF8": "1", "JUPYTER_DATA_DIR": str(tmp_path)}
    environment |= {"PIP_NO_BUILD_ISOLATION": "0"}  # 0 means none: hatchling is there, offline
    result = subprocess.run(
        [python, "-c", SOLVE, f"{lesson}.ipynb", solved],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert (theirs / "coursekit" / "files").is_dir(), "the first cell installed it"
    assert result.stdout.startswith("☐") and "\n☑" in result.stdout, result.stdout
