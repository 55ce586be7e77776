"""What an instructor gives out: the wheel with a page on it, notebooks to fill in, solutions."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt

from tools import notebooks
from tools.committed import Edition
from tools.source import LANGUAGES

CLASS = Path(__file__).with_name("class.md")
PAGE = """\
<!doctype html>
<html lang="es">
<meta charset="utf-8">
<title>El curso en una clase · The course in a class</title>
<style>body {{ max-width: 46em; margin: 2em auto; padding: 0 1em; font: 1.1em/1.5 sans-serif }}
pre {{ overflow: auto; padding: 1em; background: #eee }}</style>
{body}"""
REMOVED = {
    "es": "# La solución la tiene quien enseña.",
    "en": "# The instructor has the solution.",
}
FOLDER = "keras-course"  # in both zips: the solutions may be unpacked over the notebooks


def wheel(project, *_):
    """Write the helpers with their data into dist/ as a wheel, and a page on it for a class."""
    made = make_wheel(project, project.root / "dist")
    print(f"dist/{made.name} and dist/README.html are written")
    return 0


def handout(project, *_):
    """Write a zip with the notebooks for students and the wheel, and a zip with the solutions."""
    for path in write(project, project.root / "dist"):
        print(f"dist/{path.name} is written")
    return 0


def write(project, folder):
    """Write the wheel, its page and both zips into a folder and return the paths of the zips."""
    made = make_wheel(project, folder)
    with tempfile.TemporaryDirectory() as temporary:
        students, solutions = (Path(temporary) / name / FOLDER for name in ("one", "other"))
        for part in (students, solutions):
            (part / "docs").mkdir(parents=True)
            shutil.copy(project.root / "docs" / "glossary.md", part / "docs")
        for path in (made, folder / "README.html"):
            shutil.copy(path, students)
        for language in LANGUAGES:
            given, solved = students / "notebooks" / language, solutions / "solutions" / language
            for part in (given, solved):
                part.mkdir(parents=True)
                shutil.copy(project.notebooks / language / "README.md", part)
            for lesson in project.lessons:
                edition = Edition(project, lesson, language)
                nbformat.write(to_fill_in(edition), given / edition.path.name)
                shutil.copy(edition.path, solved)
        return [
            Path(shutil.make_archive(str(folder / name), "zip", part.parent))
            for name, part in ((FOLDER, students), (f"{FOLDER}-solutions", solutions))
        ]


def to_fill_in(edition):
    """Return a lesson as a student gets it: not executed, without its solutions."""
    notebook = edition.fresh
    for cell in notebook.cells:
        if "solution" in cell.metadata.get("tags", []):
            title = notebooks.FOLDED["solution"][edition.language]
            cell.source = f"{title}\n{REMOVED[edition.language]}"
    return notebook


def make_wheel(project, folder):
    """Write the wheel and its page into a folder, emptied first, and return the wheel's path."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*command, "-w", folder, project.root], check=True)
    made = next(folder.glob("*.whl"))
    cells = {f"cell_{language}": notebooks.install("", language) for language in LANGUAGES}
    text = CLASS.read_text(encoding="utf-8").format(wheel=made.name, **cells)
    page = PAGE.format(body=MarkdownIt().render(text))
    (folder / "README.html").write_text(page, encoding="utf-8")
    return made
