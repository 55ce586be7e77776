"""Writes a lesson as slides: one HTML file for a browser, which loads nothing. `make slides`

Python says what is shown; the page cuts it into slides of 1280 × 720 where it opens
(tools/deck/deck.js), since it alone knows how large everything is with the fonts of its machine.
"""

import ast
import re
import zipfile
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tools.committed import Edition
from tools.notebooks import GLOSSARY
from tools.source import LessonError

DECK = Path(__file__).with_name("deck")
LIBRARIES = DECK / "libraries.zip"  # reveal.js and KaTeX; tools/make_deck.py makes it
SHOWN = ("image/png", "image/jpeg")
# A cell of these alone is no news to a class: imports, the course's own preparation.
QUIET = re.compile(r"(import|from) |ck\.setup\(")


def slides(project, number, languages, words):
    """Write a deck of each lesson into slides/; the word `solutions` shows those, too."""
    if set(words) - {"solutions"}:
        raise LessonError("slides takes no word but solutions.")
    for lesson in project.find(number):
        for language in languages:
            path = project.root / "slides" / language / f"{lesson.name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = deck(Edition(project, lesson, language), "solutions" in words)
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(project.root).as_posix()} is written")
    return 0


def deck(edition, solutions=False):
    """Return the slides of a committed notebook as the text of an HTML page."""
    if edition.committed is None:
        raise LessonError(f"{edition.label} is not there: run make build")
    title = f"{edition.lesson.number} · {edition.lesson.title[edition.language]}"
    shown = lesson_html(edition.committed.cells, edition.language, solutions)
    return page(shown, edition.language, title)


def page(lesson, language, title):
    """Return a page that holds the HTML of a lesson and all that makes slides of it."""
    parts = {"lesson": lesson, "language": language, "title": escape(title)}
    with zipfile.ZipFile(LIBRARIES) as archive:
        for kind in ("css", "js"):
            found = [archive.read(name) for name in archive.namelist() if name.endswith(kind)]
            parts[f"libraries_{kind}"] = b"\n".join(found).decode()
            parts[kind] = (DECK / f"deck.{kind}").read_text(encoding="utf-8")
    template = (DECK / "deck.html").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda gap: parts[gap[1]], template)


def lesson_html(cells, language, solutions=False):
    """Return all that is shown of a notebook, one after the other, not cut into slides yet."""
    found = []
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            found.append(prose(cell.source.split(f"\n\n*{GLOSSARY[language]}*")[0]))
        elif not cell.metadata.get("jupyter", {}).get("source_hidden") or (
            solutions and "tags" in cell.metadata
        ):
            shown = [*map(output, cell.outputs)]
            if not is_carpentry(cell, cells[place + 1 :]):
                source = re.sub(r"\n{3,}", "\n\n", cell.source)  # room is dear
                code = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
                shown.insert(0, f'<pre class="code">{code.rstrip()}</pre>')
            if any(shown):
                found.append(f'<div class="cell">{"".join(shown)}</div>')
        elif "check" in cell.metadata.get("tags", []):
            found.append("<hr>")  # what is said of the answer waits for the next slide
    return "\n".join(found)


def prose(text):
    """Return Markdown as HTML; formulas wait for KaTeX, links lead to other decks."""
    text = re.sub(r"\n*(\$\$.+?\$\$)\n*", r"\n\n\1\n\n", text, flags=re.DOTALL)
    text = re.sub(r"(?<=\d) × (?=\d)", "\u00a0×\u00a0", text)  # a line does not break in a size
    html = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin).render(text)
    html = re.sub(
        r'\(?<span class="math[^<]*</span>[.,;:)]*', r'<span class="whole">\g<0></span>', html
    )
    return re.sub(r'(href="[\w.-]+)\.ipynb"', r'\1.html"', html)


def output(out):
    """Return an output of a cell as HTML: what it prints, or a figure with its text."""
    data = out.get("data", {})
    for kind in filter(data.get, SHOWN):
        about = out.metadata.get(kind, {})
        width = f' width="{about["width"]}"' if "width" in about else ""
        alt, content = escape(about.get("alt", "")), data[kind].replace("\n", "")
        return f'<img src="data:{kind};base64,{content}" alt="{alt}"{width}>'
    text = out.get("text") or data.get("text/plain", "")
    return f'<pre class="text">{escape(text.rstrip())}</pre>' if text.strip() else ""


def is_carpentry(cell, later):
    """Return whether a class need not read a cell: imports, or a figure that it only draws.

    A cell only draws if nothing that it defines is used further down.
    """
    lines = [line for line in cell.source.split("\n") if line.strip()]
    if all(map(QUIET.match, lines)):
        return True
    if not any(kind in out.get("data", {}) for out in cell.outputs for kind in SHOWN):
        return False
    defined = names(cell.source)[0]
    for other in later:
        if other.cell_type == "code":
            stored, loaded = names(other.source)
            if defined & loaded - stored:
                return False
            defined -= stored
    return True


def names(code):
    """Return the names that a piece of code defines, and those that it uses."""
    stored, loaded = set(), set()
    for node in ast.walk(ast.parse(re.sub(r"^\s*%.*$", "pass", code, flags=re.MULTILINE))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            stored.add(node.name)
        elif isinstance(node, ast.Name):
            (loaded if isinstance(node.ctx, ast.Load) else stored).add(node.id)
    return stored, loaded
