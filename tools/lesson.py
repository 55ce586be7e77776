"""Reads a lesson's source and writes it as two notebooks, one for each language.

A source is a py:percent file. A cell marked `lang="es"` is followed by its `lang="en"` half;
all other cells are shared. Whatever could let the two languages drift apart is an error.
"""

import ast
import io
import re
import tokenize
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "notebooks" / "source"
LANGUAGES = ("es", "en")
# A plus, or a number inside a sentence, where a line happens to break.
STRAY_ITEM = re.compile(r"^(\+) |^(?!\d+[.)] | )[^\n]+\n(\d+[.)]) ", re.MULTILINE)

INSTALL = {
    "es": "Si Python no encuentra `coursekit`, abre una terminal en la carpeta del curso y "
    "ejecuta `python -m pip install -e .`",
    "en": "If Python does not find `coursekit`, open a terminal in the folder of the course and "
    "run `python -m pip install -e .`",
}
BADGE = {"es": "Abrir en", "en": "Open in"}


class LessonError(Exception):
    """What is wrong with a lesson, one sentence a line, each naming its cell."""


@dataclass
class Lesson:
    """A lesson as its source says it: cells in order, `lang` in their metadata where paired."""

    name: str
    cells: list
    budget: dict  # seconds, cell_seconds, memory_mb


def find(number=None):
    """Return the paths of all sources, or of the one with this number ("03" or "3")."""
    paths = sorted(SOURCES.glob("[0-9][0-9]_*.py"))
    if not number:
        return paths
    found = [path for path in paths if path.name.startswith(f"{number:0>2}_")]
    if not found:
        known = ", ".join(path.name[:2] for path in paths)
        raise LessonError(f"There is no lesson {number}: LESSON is one of {known}.")
    return found


def read(path):
    """Return the `Lesson` in a source file, or raise `LessonError` with all that is wrong."""
    source = jupytext.reads(Path(path).read_text(encoding="utf-8"), fmt="py:percent")
    for cell in source.cells:
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's, of blank lines
    budget = source.metadata.get("coursekit")
    if not budget or set(budget) != {"seconds", "cell_seconds", "memory_mb"}:
        raise LessonError(
            f"{Path(path).name}: the header needs coursekit: seconds, cell_seconds, memory_mb."
        )
    errors = []
    waiting = None  # the Spanish half whose English half must follow
    for number, cell in enumerate(source.cells, 1):
        where = f"{Path(path).name}, cell {number} ({_first_line(cell)})"
        language = cell.metadata.get("lang")
        if cell.cell_type == "markdown" and (item := STRAY_ITEM.search(cell.source)):
            errors.append(
                f"{where}: {item[item.lastindex]!r} begins a line and would be shown as a list."
            )
        if waiting is not None:
            if language == "en":
                errors += [f"{where}: {fault}" for fault in differences(waiting[1], cell)]
                waiting = None
                continue
            errors.append(f"{waiting[0]}: its English half does not follow.")
            waiting = None
        if language == "es":
            waiting = (where, cell)
        elif language == "en":
            errors.append(f"{where}: its Spanish half does not stand before it.")
        elif language is not None:
            errors.append(f"{where}: lang is {language!r}, expected 'es' or 'en'.")
        elif cell.cell_type == "markdown":
            errors.append(f"{where}: prose needs lang and stands in both languages.")
        else:
            errors += [f"{where}: {fault}" for fault in _prose_in(cell.source)]
    if waiting is not None:
        errors.append(f"{waiting[0]}: its English half does not follow.")
    if errors:
        raise LessonError("\n".join(errors))
    return Lesson(Path(path).stem, source.cells, dict(budget))


def _first_line(cell):
    line = cell.source.strip().split("\n")[0]
    return line if len(line) <= 50 else line[:47] + "…"


def differences(spanish, english):
    """Yield what differs between two halves that should differ in words only."""
    if spanish.cell_type != english.cell_type:
        yield "one half is code and the other is prose."
        return
    marks = [{k: v for k, v in half.metadata.items() if k != "lang"} for half in (spanish, english)]
    if marks[0] != marks[1]:
        yield f"the halves have different metadata, {marks[0]} and {marks[1]}."
    if spanish.cell_type == "code":
        if _without_words(spanish.source) != _without_words(english.source):
            yield "the halves differ in more than strings and comments."
        return
    for what, pattern in FEATURES.items():
        found = [Counter(pattern(half.source)) for half in (spanish, english)]
        if found[0] != found[1]:
            only = [sorted((a - b).elements()) for a, b in (found, found[::-1])]
            yield f"the halves have different {what}: es only {only[0]}, en only {only[1]}."


def _without_words(code):
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        elif isinstance(node, ast.JoinedStr):  # f-strings: the order of the parts may differ
            node.values = sorted(
                (part for part in node.values if isinstance(part, ast.FormattedValue)),
                key=ast.dump,
            )
    return ast.dump(tree)


def _prose_in(code):
    """Yield what a shared code cell may not hold: comments, and strings of several words."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield f"the comment {token.string!r} needs a cell in each language."
    for node in ast.walk(ast.parse(code)):
        words = node.value if isinstance(node, ast.Constant) else None
        if isinstance(words, str) and re.search(r"[^\W\d]{2,} [^\W\d]{2,}", words):
            yield f"the words {words!r} need a cell in each language."


def _formulas(text):
    text = re.sub(r"`[^`]*`", "", text)
    return [re.sub(r"\\text\{.*?\}|\s", "", f) for f in re.findall(r"\$+([^$]+)\$+", text)]


def _numbers(text):
    text = re.sub(r"```.*?```|`[^`]*`|\$+[^$]+\$+|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    text = re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3}\b)", "", text)  # 60,000 and 60 000
    return re.findall(r"\d+(?:\.\d+)?", text)


FEATURES = {
    "headings": lambda text: re.findall(r"^(#+) ", text, re.MULTILINE),
    "formulas": _formulas,
    "code": lambda text: re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text),
    "numbers": _numbers,
    "links": lambda text: re.findall(r"\]\(([^)]*)\)", text),
    "rows of tables": lambda text: re.findall(r"^(\|)", text, re.MULTILINE),
}


def address():
    """Return the project's public address, empty while it has none."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["coursekit"]["address"].rstrip("/")


def notebook(lesson, language, address=""):
    """Return one language of a lesson as a notebook that has not been executed yet.

    Args:
        lesson: a `Lesson`.
        language: `"es"` or `"en"`.
        address: str, the project's public GitHub address for badges and for the cell that
            installs the helpers; empty for neither.
    """
    cells = []
    for cell in lesson.cells:
        if cell.metadata.get("lang", language) != language:
            continue
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else _markdown
        cells.append(make(cell.source, metadata=_metadata(cell)))
    if address:
        repository = address.split("github.com/")[-1]
        path = f"notebooks/{language}/{lesson.name}.ipynb"
        where = BADGE[language]
        cells[0].source += (
            f"\n\n[![{where} Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
            f"(https://colab.research.google.com/github/{repository}/blob/main/{path}) "
            f"[![{where} Binder](https://mybinder.org/badge_logo.svg)]"
            f"(https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{path})"
        )
        install = (
            "try:\n    import coursekit\nexcept ModuleNotFoundError:\n"
            f"    %pip install -q git+{address}"
        )
        cells.insert(1, nbformat.v4.new_code_cell(install, metadata=_slide("skip")))
    else:
        cells[0].source += f"\n\n*{INSTALL[language]}*"
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index:03}"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _markdown(source, metadata):
    return nbformat.v4.new_markdown_cell(source, metadata=metadata)


def _slide(kind):
    return {"slideshow": {"slide_type": kind}}


def _metadata(cell):
    """Return the metadata of a cell: its place in the instructor's deck, folded solutions."""
    tags = cell.metadata.get("tags", [])
    metadata = {"tags": tags} if tags else {}
    heading = re.match(r"(#+) ", cell.source)
    if "solution" in tags:
        # JupyterLab reads the first, Colab the second.
        return metadata | {"jupyter": {"source_hidden": True}, "cellView": "form"} | _slide("skip")
    if heading:
        return metadata | _slide("slide" if len(heading[1]) < 3 else "subslide")
    return metadata | _slide("fragment" if cell.cell_type == "markdown" else "-")
