"""Writes a lesson as a notebook in one language, not executed yet."""

import ast
import difflib
import hashlib
import re
import subprocess
import sys

import nbformat

from coursekit.words import number
from tools.source import COMMENT, GAP, LANGUAGES, LessonError, is_words

# The first cell of code, folded. A class without an address brings the wheel: tools/class.md.
INSTALL = """\
# @title {title}
try:
    import coursekit
{more}except ModuleNotFoundError:
"""
# Where a lesson needs an extra: an error of `version` is a ModuleNotFoundError, too.
MORE = """\
    from importlib.metadata import version

    list(map(version, {packages}))
"""
FROM_WHEEL = """\
    from glob import glob

    places = (".", "..", "../..", "../../dist", "/content/drive/MyDrive")
    wheels = [file for place in places for file in glob(f"{{place}}/keras_course_notebooks-*.whl")]
    assert wheels, "{missing}"
    %pip install -q "{{wheels[0]}}{extra}"\
"""
FROM_ADDRESS = "    %pip install -q git+{address}"
EXTRA_FROM_ADDRESS = '    %pip install -q "keras-course-notebooks{extra} @ git+{address}"'
INSTALL_WORDS = {
    "es": {
        "title": "Si falta coursekit, esta celda lo instala",
        "missing": "Copia keras_course_notebooks-….whl en la carpeta de este cuaderno (en Colab: "
        "Archivos, Subir) y ejecuta otra vez esta celda.",
        "clone": " En una copia del curso: pip install -e .{extra}",
    },
    "en": {
        "title": "Where coursekit is missing, this cell installs it",
        "missing": "Copy keras_course_notebooks-….whl into the folder of this notebook (in Colab: "
        "Files, Upload) and run this cell again.",
        "clone": " In a clone of the course: pip install -e .{extra}",
    },
}
GLOSSARY = {
    "es": "¿Una palabra nueva? Está en el [glosario](../../docs/glossary.md).",
    "en": "A new word? It is in the [glossary](../../docs/glossary.md).",
}
BADGE = {"es": "Abrir en", "en": "Open in"}
LINK = {"es": "[lección {number}, *{title}*]", "en": "[lesson {number}, *{title}*]"}
# What is folded still shows its first line; Colab makes it the title.
FOLDED = {
    "check": {"es": "# @title Comprobación", "en": "# @title Check"},
    "solution": {"es": "# @title Solución", "en": "# @title Solution"},
}
# JupyterLab reads the first, Colab the second.
FOLDED_CELL = {"jupyter": {"source_hidden": True}, "cellView": "form"}
# A slow laptop takes three times as long as the one whose second is the reference.
SLOW = 3
SIMILAR = 0.5  # of a cell's text: less is another cell


def make(project, lesson, language, committed=None):
    """Return one language of a lesson as a notebook that has not been executed yet.

    Args:
        project: the `Project` of the lesson.
        lesson: a `Lesson`.
        language: `"es"` or `"en"`.
        committed: the Spanish notebook as it stands on disk, whose cells keep their ids; None
            where there is none.

    Raises:
        LessonError: if a gap of the prose names nothing.
    """
    cells = _cells(project, lesson, language)
    spanish = cells if language == "es" else _cells(project, lesson, "es")
    for cell, id in zip(cells, _ids(spanish, committed.cells if committed else []), strict=True):
        cell["id"] = id
    packages = project.extras[lesson.extra] if lesson.extra else []
    code = install(project.address, language, lesson.extra, packages)
    folded = FOLDED_CELL | _slide("skip")
    cells.insert(1, nbformat.v4.new_code_cell(code, metadata=folded, id="install"))
    metadata = {
        "kernelspec": {
            "name": "python3",
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
        },
        "language_info": {"name": "python"},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def install(address, language, extra="", packages=()):
    """Return the code that installs coursekit where it, or a package of an extra, is missing."""
    from_address = EXTRA_FROM_ADDRESS if extra else FROM_ADDRESS
    way = INSTALL + (from_address if address else FROM_WHEEL)
    said = INSTALL_WORDS[language]
    extra = extra and f"[{extra}]"
    missing = said["missing"] + (said["clone"].format(extra=extra) if extra else "")
    more = MORE.format(packages=packages) if packages else ""
    return way.format(address=address, title=said["title"], missing=missing, extra=extra, more=more)


def _cells(project, lesson, language):
    kept = [cell for cell in lesson.cells if cell.metadata.get("lang", language) == language]
    code = [in_language(cell.source, language) for cell in kept if cell.cell_type == "code"]
    formatted = iter(_format(code, project.root))
    cells = []
    for cell in kept:
        if cell.cell_type == "markdown":
            text = GAP.sub(lambda gap: _fill(gap[1], project, lesson, language), cell.source)
            cells.append(nbformat.v4.new_markdown_cell(text, metadata=_metadata(cell)))
            continue
        lines = [next(formatted)]
        for tag in set(cell.metadata.get("tags", [])) & set(FOLDED):
            lines.insert(0, FOLDED[tag][language])
        made = nbformat.v4.new_code_cell("\n".join(lines), metadata=_metadata(cell))
        cells.append(made)
    cells[0].source += f"\n\n*{GLOSSARY[language]}*"
    if project.address:
        path = f"notebooks/{language}/{lesson.name}.ipynb"
        cells[0].source += _badges(project.address, path).replace("OPEN", BADGE[language])
    return cells


def in_language(code, language):
    """Return code with the words and comments of one language, as plain literals."""
    side = LANGUAGES.index(language)
    content = code.encode()  # the positions of ast are in bytes
    lines = content.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    calls = [node for node in ast.walk(ast.parse(code)) if is_words(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        text = call.args[side]
        start, end, first, last = (
            starts[line - 1] + column
            for line, column in (
                (call.lineno, call.col_offset),
                (call.end_lineno, call.end_col_offset),
                (text.lineno, text.col_offset),
                (text.end_lineno, text.end_col_offset),
            )
        )
        literal = content[first:last]
        if b"\n" in literal:  # texts that stand side by side need their parentheses
            literal = b"(" + literal + b")"
        content = content[:start] + literal + content[end:]
    lines = []
    for line in content.decode().split("\n"):
        mark = COMMENT.match(line.strip())
        if mark and mark[1] != language:
            continue
        lines.append(COMMENT.sub("# ", line) if mark else line)
    return "\n".join(lines)


def _format(pieces, root):
    """Return pieces of code as ruff formats them: a text in one language takes less room."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "cell.py"]
    command += ["--config", "format.skip-magic-trailing-comma = true"]
    joined = "".join(f"# %%\n{piece}\n" for piece in pieces)
    result = subprocess.run(
        [*command, "-"], input=joined, cwd=root, capture_output=True, encoding="utf-8"
    )
    if result.returncode:
        raise LessonError(f"ruff can't format the code: {result.stderr.strip()}")
    return [piece.strip("\n") for piece in re.split(r"^# %%\n", result.stdout, flags=re.M)[1:]]


def _fill(gap, project, lesson, language):
    """Return what stands in a notebook for `[[gap]]` in the prose of its source."""
    if gap == "title":
        return f"{lesson.number} · {lesson.title[language]}"
    if gap == "run time":
        return run_time(lesson.limits["seconds"], language)
    side, colon, name = gap.partition(": ")
    if colon:
        name, percent = name.removesuffix(", %"), name.endswith(", %")
        if name not in lesson.bounds:
            near = difflib.get_close_matches(name, lesson.bounds) or lesson.bounds
            raise LessonError(
                f"{lesson.name}: [[{gap}]] names no bound: the claims have the English names "
                f"{', '.join(map(repr, near))}."
            )
        bounds = lesson.bounds[name]
        found = list(bounds.values()) if side == "bound" else [bounds.get(side)]
        if len(found) != 1 or found[0] is None:
            raise LessonError(f"{lesson.name}: [[{gap}]] names no bound: {name!r} has {bounds}.")
        return _percent(found[0], language) if percent else _short(found[0])
    others = {other.id: other for other in project.lessons}
    if gap not in others:
        known = ", ".join(["title", "run time", "bound: CLAIM", *others])
        raise LessonError(f"{lesson.name}: [[{gap}]] is none of {known}.")
    other = others[gap]
    link = LINK[language].format(number=other.number, title=other.title[language])
    return f"{link}({other.name}.ipynb)"


def _short(bound):
    return number(bound) if isinstance(bound, int) else f"{bound:g}"


def _percent(bound, language):
    return f"{100 * bound:g}" + {"es": "\u00a0%", "en": "%"}[language]


def run_time(seconds, language):
    """Return how long a lesson runs, from a fast laptop to a slow one, in words."""
    longest = -(-SLOW * seconds // 60)  # minutes, rounded up
    if seconds < 60:
        more = "s" * (longest > 1)
        return {
            "es": f"entre {seconds} segundos y {longest} minuto{more}",
            "en": f"between {seconds} seconds and {longest} minute{more}",
        }[language]
    shortest = round(seconds / 60)
    return {
        "es": f"entre {shortest} y {longest} minutos",
        "en": f"between {shortest} and {longest} minutes",
    }[language]


def _badges(address, path):
    repository = address.split("github.com/")[-1]
    return (
        "\n\n[![OPEN Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"(https://colab.research.google.com/github/{repository}/blob/main/{path}) "
        "[![OPEN Binder](https://mybinder.org/badge_logo.svg)]"
        f"(https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{path})"
    )


def _ids(cells, committed):
    """Return an id for each cell: the one that it has on disk, even if its text changed.

    jupytext keeps ids for one text and one notebook; here one text makes two.
    """
    old = [(cell.cell_type, cell.source) for cell in committed]
    new = [(cell.cell_type, cell.source) for cell in cells]
    ids = {}
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            for place in range(new_end - new_start):
                ids[new_start + place] = committed[old_start + place].id
        elif kind == "replace":
            left = list(range(old_start, old_end))
            for place in range(new_start, new_end):
                likeness = {i: _likeness(old[i], new[place]) for i in left}
                best = max(likeness, key=likeness.get, default=None)
                if best is not None and likeness[best] >= SIMILAR:
                    ids[place] = committed[best].id
                    left = [i for i in left if i > best]
    taken = {cell.id for cell in committed}
    for place, (kind, text) in enumerate(new):
        if place not in ids:
            serial = 0
            while (id := _hash(f"{kind} {serial} {text}")) in taken:
                serial += 1
            ids[place] = id
            taken.add(id)
    return [ids[place] for place in range(len(new))]


def _likeness(old, new):
    if old[0] != new[0]:
        return 0.0
    return difflib.SequenceMatcher(None, old[1], new[1], autojunk=False).ratio()


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _slide(kind):
    return {"slideshow": {"slide_type": kind}}


def _metadata(cell):
    """Return the metadata of a cell: its tags, its place in the deck, whether it is folded."""
    tags = cell.metadata.get("tags", [])
    metadata = {"tags": tags} if tags else {}
    heading = re.match(r"(#+) ", cell.source)
    if set(tags) & set(FOLDED):
        return metadata | FOLDED_CELL | _slide("skip" if "solution" in tags else "-")
    if heading:
        return metadata | _slide("slide" if len(heading[1]) < 3 else "subslide")
    return metadata | _slide("fragment" if cell.cell_type == "markdown" else "-")
