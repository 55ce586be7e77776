"""The parts of files that are written from one declaration: `make build` writes them again.

The tables of lessons come from the lessons' headers, the pages that JupyterLab opens first and
CI's matrix too; the data cards from
data/registry.toml; the glossary from docs/glossary.toml; what nbval masks from the pattern of a
claim.
"""

import re
import textwrap

from coursekit.claims import PATTERN
from tools import instructors
from tools.notebooks import run_time
from tools.project import MAKERS
from tools.source import LANGUAGES, LessonError

MASK = """\
The measured digits of a claim and the samples of a sound, and nothing else, differ between
processors: nbval masks them. Made by `make build` from the pattern in coursekit/claims.py.

regex: {regex}
replace: ✔ \\g<name>: # (\\g<bound>)

regex: data:audio/wav;base64,[A-Za-z0-9+/=]+
replace: data:audio/wav;base64,#
"""
CARDS = """\
# Data cards

Every file here is checked against its SHA-256 before a lesson uses it.
`python -m tools.prepare_data NAME` makes a file again from its source. Written by `make build`
from `registry.toml`; the cards of `service/` and `tools/deck/`, at the end, from their own.
"""
NEEDED = {"kind", "sha256", "what", "origin", "licence", "maker"}  # of an entry in registry.toml
HEADS = {
    "es": ("lección", "se ejecuta en", "en español", "en inglés", "abrir"),
    "en": ("lesson", "runs in", "in Spanish", "in English", "open"),
}
INDEX = {
    "es": """\
# Aprendizaje profundo con Keras

Empieza por la primera lección: después de cada una viene la de la fila siguiente. La última columna
dice qué lecciones conviene haber visto antes. [In English](../en/README.md)

| lección | se ejecuta en | antes |
| --- | --- | --- |
{rows}

**Cómo se usa un cuaderno.** Mayús + Intro ejecuta una celda y pasa a la siguiente; el botón ⏩ las
ejecuta todas desde el principio. En un ejercicio, cambia los `...` por tu respuesta y ejecuta
también la celda de abajo: dice *aún no*, una pista o *correcto*. Lo plegado (…) se abre con un
clic. Cada palabra nueva está en el [glosario](../../docs/glossary.md).
""",
    "en": """\
# Deep learning with Keras

Start with the first lesson: after each comes the one in the next row. The last column says which
lessons are best seen before. [En español](../es/README.md)

| lesson | runs in | before |
| --- | --- | --- |
{rows}

**How to use a notebook.** Shift + Enter runs a cell and goes on to the next; the button ⏩ runs
them all from the start. In an exercise, replace the `...` with your answer and run the cell below
it, too: it says *not yet*, a hint or *correct*. What is folded (…) opens with a click. Each new
word is in the [glossary](../../docs/glossary.md).
""",
}

GLOSSARY = """\
# Glosario · Glossary

Una palabra para cada cosa, en los dos idiomas. / One word for each thing, in both languages.

| español | English | qué es | what it is |
| --- | --- | --- | --- |
"""


def glossary(project):
    """Return the text of docs/glossary.md."""
    rows = []
    for term in sorted(project.terms, key=lambda term: term["es"].lower()):
        also = f" (también {term['also_es']})" if "also_es" in term else ""
        parts = (f"{term['es']}{also}", term["en"], term["means_es"], term["means_en"])
        rows.append(f"| {' | '.join(parts)} |\n")
    return GLOSSARY + "".join(rows)


def table(project, language):
    """Return the table of all lessons for the README in one language."""
    first, time, spanish, english, link = HEADS[language]
    lines = [f"| {first} | {time} | {spanish} | {english} |", "| --- | --- | --- | --- |"]
    for lesson in project.lessons:
        links = (f"[{link}](notebooks/{to}/{lesson.name}.ipynb)" for to in ("es", "en"))
        spent = run_time(lesson.limits["seconds"], language)
        title = f"{lesson.number} · {lesson.title[language]}"
        lines.append(f"| {title} | {spent} | {' | '.join(links)} |")
    return "\n".join(lines)


def index(project, language):
    """Return the page that JupyterLab opens first in one language."""
    numbers = {lesson.id: lesson.number for lesson in project.lessons}
    rows = []
    for lesson in project.lessons:
        title = f"{lesson.number} · [{lesson.title[language]}]({lesson.name}.ipynb)"
        before = ", ".join(str(numbers[id]) for id in lesson.needs) or "–"
        rows.append(f"| {title} | {run_time(lesson.limits['seconds'], language)} | {before} |")
    return INDEX[language].format(rows="\n".join(rows))


def matrix(project):
    """Return the lines of CI's workflow that name the lessons."""
    numbers = ", ".join(f'"{lesson.number:02}"' for lesson in project.lessons)
    return f"        lesson: [{numbers}]"


def cards(project):
    """Return the text of data/README.md."""
    parts = [CARDS]
    for name, entry in project.registry.items():
        if missing := NEEDED - set(entry):
            raise LessonError(
                f"data/registry.toml: {name} lacks {', '.join(sorted(missing))}; "
                f"`python -m tools.prepare_data {name}` makes the file and prints its sha256."
            )
        parts.append(card(name, entry, f"python -m tools.prepare_data {name}"))
    for name, entry in project.made.items():
        maker = next(MAKERS[folder] for folder in MAKERS if name.startswith(f"{folder}/"))
        parts.append(card(name, entry, maker))
    return "\n".join(parts)


def card(name, entry, maker):
    """Return the card of one file."""
    lines = [f"## {name}"]
    for title, text in (
        ("What", entry["what"]),
        ("Origin", entry["origin"]),
        ("Licence", entry["licence"]),
        ("Cite", entry.get("cite")),
        ("SHA-256", f"`{entry['sha256']}`"),
        ("Made by", f"`{maker}`"),
    ):
        if text:
            lines += textwrap.wrap(
                f"- **{title}**: {' '.join(text.split())}",
                100,
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
    return "\n".join(lines) + "\n"


def files(project):
    """Return what each written file should hold, by its path."""
    root = project.root
    found = {
        project.data / "README.md": cards(project),
        root / "docs" / "glossary.md": glossary(project),
        root / "tests" / "sanitize.cfg": MASK.format(regex=PATTERN.pattern),
    }
    found |= instructors.pages(project)
    for language in LANGUAGES:
        found[project.notebooks / language / "README.md"] = index(project, language)
    for path, mark, text in (
        (root / "README.md", "<!-- {}lessons -->", table(project, "en")),
        (root / "README.es.md", "<!-- {}lessons -->", table(project, "es")),
        (root / ".github" / "workflows" / "test.yml", "# {}lessons", matrix(project)),
    ):
        found[path] = _between(path, mark.format(""), mark.format("end of "), text)
    return found


def _between(path, start, end, text):
    """Return what a file holds, with a text in place of what stands between two marks."""
    content = path.read_text(encoding="utf-8")
    pattern = re.compile(rf"(?<={re.escape(start)}\n).*?(?=^[ ]*{re.escape(end)})", re.S | re.M)
    if len(pattern.findall(content)) != 1:
        raise LessonError(f"{path.name} needs one line {start!r} and one {end!r} below it.")
    return pattern.sub(lambda _: text + "\n", content)


def write(project):
    """Write what is not as it should be, and return the names of these files."""
    changed = []
    for path, text in files(project).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path.relative_to(project.root).as_posix())
    return changed


def faults(project):
    """Yield a sentence for each file that is not as it should be."""
    for path, text in files(project).items():
        name = path.relative_to(project.root).as_posix()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{name} is stale: run make build"
