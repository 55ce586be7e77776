"""The pages for instructors, docs/instructors/es and en: `make build` writes them.

What a lesson says of itself (how long, which cells are slow, the exercises and the hints of their
checks) comes from its source; what a teacher knows, from docs/instructors/NN_id.toml, where both
languages stand side by side.
"""

import ast
import math
import re
import tomllib
from dataclasses import dataclass

from tools.notebooks import in_language, run_time
from tools.source import FEATURES, LANGUAGES, LessonError

WORDS, LINES = 150, 10  # that a class takes in a minute: of prose, of code
EXERCISE = re.compile(
    r"^#+ (?P<heading>.*(?:Ejercicio|Exercise|Tu turno|Your turn).*)$"
    r"|^\*\*(?P<bold>(?:Ejercicio|Exercise) \d+[^*]*)\*\*\s*(?P<asked>[^:?.]*[:?.])",
    re.MULTILINE,
)
INDEX = {
    "es": """\
# Para quien enseña

Una página por lección: qué mostrar en una hora, qué sale mal a propósito, qué se suele preguntar,
dónde parar, y cuánto lleva cada sección. [In English](../en/README.md)

{lessons}

**Antes de clase.** `make run LESSON=03` dice cuánto tarda la lección en tu portátil. Ejecuta el
cuaderno hasta donde vayas a empezar. `make slides LESSON=03` escribe las diapositivas, un archivo
que no necesita conexión.

**Las diapositivas.** Se pasan con las flechas o con un mando; Esc las muestra todas, en una columna
por sección; G y un número van a una; F las pone en pantalla completa. No llevan las soluciones ni
el código que solo dibuja una figura.

**Los minutos** son los de leer en voz alta y comentar: {words} palabras o {rows} líneas de código
por minuto. Los ejercicios van aparte: cuenta de 5 a 10 minutos con cada uno.
""",
    "en": """\
# For instructors

A page for each lesson: what to show in an hour, what goes wrong on purpose, what tends to be asked,
where to stop, and how long each section takes. [En español](../es/README.md)

{lessons}

**Before class.** `make run LESSON=03` says how long the lesson takes on your laptop. Run the
notebook as far as where you are going to start. `make slides LESSON=03` writes the slides, a file
that needs no network.

**The slides.** Arrows or a clicker turn them; Esc shows all of them, a column for each section; G
and a number go to one; F fills the screen. They hold neither the solutions nor the code that only
draws a figure.

**The minutes** are those of reading aloud and commenting: {words} words or {rows} lines of code a
minute. The exercises come on top: allow 5 to 10 minutes for each.
""",
}


@dataclass
class Exercise:
    """What a lesson says of an exercise."""

    name: str
    asked: str = ""  # its first sentence, where it has no heading
    hint: str = ""  # of its check; an open one has none


PARTS = {"hour": {"minutes", "section"}, "wrong": {"section"}, "question": set()}
WORDING = {
    "es": {
        "about": "Para quien enseña",
        "made": "Se escribe con `make build` a partir de la lección y de",
        "other": "In English",
        "notebook": "cuaderno",
        "slides": "diapositivas",
        "run": "Ejecutarla",
        "read": "Explicarla entera",
        "read_more": "{minutes} minutos, a {words} palabras y {lines} líneas de código por minuto, "
        "y {exercises} ejercicios",
        "before": "Antes",
        "hour": "Una hora de clase",
        "hour_head": "minutos | sección | qué hacer",
        "wrong": "Lo que sale mal a propósito",
        "question": "Lo que preguntan",
        "break": "Dónde parar",
        "sections": "Sección a sección",
        "sections_head": "sección | minutos | ejercicios | celdas que tardan",
        "exercises": "Los ejercicios y su idea",
        "hint": "Pista",
    },
    "en": {
        "about": "For instructors",
        "made": "Written by `make build` from the lesson and",
        "other": "En español",
        "notebook": "notebook",
        "slides": "slides",
        "run": "To run it",
        "read": "To explain all of it",
        "read_more": "{minutes} minutes, at {words} words and {lines} lines of code a minute, "
        "and {exercises} exercises",
        "before": "Before it",
        "hour": "An hour of class",
        "hour_head": "minutes | section | what to do",
        "wrong": "What goes wrong on purpose",
        "question": "What they ask",
        "break": "Where to stop",
        "sections": "Section by section",
        "sections_head": "section | minutes | exercises | cells that take long",
        "exercises": "The exercises and their idea",
        "hint": "Hint",
    },
}


def pages(project):
    """Return the text of each page, by its path, for all lessons that have notes."""
    folder, found = project.root / "docs" / "instructors", {}
    lines = {language: [] for language in LANGUAGES}
    for lesson in project.lessons:
        path = folder / f"{lesson.name}.toml"
        if path.exists():
            notes = read(path, lesson)
            for to in LANGUAGES:
                found[folder / to / f"{lesson.name}.md"] = page(project, lesson, notes, to)
                lines[to].append(f"- {lesson.number} · [{lesson.title[to]}]({lesson.name}.md)")
    if found:
        for to in LANGUAGES:
            found[folder / to / "README.md"] = INDEX[to].format(
                lessons="\n".join(lines[to]), words=WORDS, rows=LINES
            )
    return found


def read(path, lesson):
    """Return an instructor's notes, or raise `LessonError` with all that is wrong with them."""
    notes = tomllib.loads(path.read_text(encoding="utf-8"))
    known = titles(lesson, "en")
    errors = [f"{part} is missing." for part in [*PARTS, "break"] if part not in notes]
    entries = [(part, entry) for part in PARTS for entry in notes.get(part, [])]
    for part, entry in [*entries, ("break", notes.get("break", {}))]:
        wanted = {"es", "en"} | PARTS.get(part, {"section"})
        where = f"{part}, {str(entry.get('es'))[:40]!r}:"
        if set(entry) != wanted:
            errors.append(f"{where} has {sorted(entry)}, needs {sorted(wanted)}.")
            continue
        if "section" in entry and entry["section"] not in known:
            errors.append(f"{where} the lesson has no section {entry['section']!r}.")
        halves = [entry[language] for language in LANGUAGES]
        if part == "question":
            if any(not isinstance(half, list) or len(half) != 2 for half in halves):
                errors.append(f"{where} a question is two texts, what is asked and the answer.")
                continue
            halves = [" ".join(half) for half in halves]
        for what in ("formulas", "code", "numbers"):
            es, en = (sorted(FEATURES[what](half)) for half in halves)
            if es != en:
                errors.append(f"{where} the halves have different {what}: {es}, {en}.")
    if sum(entry.get("minutes", 0) for entry in notes.get("hour", [])) != 60:
        errors.append("the hour has to have 60 minutes.")
    if errors:
        raise LessonError("\n".join(f"{path.name}, {error}" for error in errors))
    return notes


def titles(lesson, language):
    """Return the headings of a lesson's sections (##) in one language."""
    prose = (cell.source for cell in lesson.cells if cell.metadata.get("lang") == language)
    return [title for text in prose for title in re.findall(r"^## (.+)$", text, re.MULTILINE)]


def sections(lesson, language):
    """Return what each section (##) of a lesson holds, in one language.

    Returns:
        A list of dicts: `title`, `words`, `lines` (of code that is not folded), `slow` (what takes
        long in the cells tagged so) and `exercises`.
    """
    found, trainers = [], {"fit"}
    for cell in lesson.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown" and cell.metadata["lang"] == language:
            for part in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE):
                if heading := re.match(r"## (.+)", part):
                    found.append(
                        {"title": heading[1], "words": 0, "lines": 0, "slow": [], "exercises": []}
                    )
                if found:
                    found[-1]["words"] += len(re.sub(r"\$+[^$]+\$+", "x", part).split())
                    _note_exercises(found[-1]["exercises"], part)
        elif cell.cell_type == "code" and found:
            code = in_language(cell.source, language)
            if not tags & {"check", "solution"}:
                lines = [line for line in code.split("\n") if line.strip()]
                found[-1]["lines"] += len(lines)
                if "slow" in tags:
                    found[-1]["slow"].append(_longest(code, trainers))
                for node in ast.parse(code).body:
                    loops = any(isinstance(part, ast.For) for part in ast.walk(node))
                    if isinstance(node, ast.FunctionDef) and (loops or _calls(node) & trainers):
                        trainers.add(node.name)
            elif "check" in tags and found[-1]["exercises"]:
                found[-1]["exercises"][-1].hint = _hint(code)
    return found


def _note_exercises(exercises, text):
    for match in EXERCISE.finditer(text):
        if match["bold"] and exercises and not (exercises[-1].hint or exercises[-1].asked):
            exercises.pop()  # a heading, and its exercise below it
        name = (match["heading"] or match["bold"]).strip("#. ").rstrip("?")
        named = match["heading"] or ":" in match["bold"]
        asked = "" if named else " ".join(match["asked"].replace("**", "").split()).rstrip(":.")
        exercises.append(Exercise(name, asked and f" {asked}{'' if asked[-1] == '?' else '.'}"))


def _calls(node):
    calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    return {getattr(call, "attr", getattr(call, "id", "")) for call in calls}


def _longest(code, trainers):
    """Return the line of a slow cell that trains something."""
    body = ast.parse(code).body
    node = next((node for node in body if _calls(node) & trainers), body[0])
    line = code.split("\n")[node.lineno - 1]
    return line if len(line) < 70 else f"{line[:60]} …"


def _hint(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assign) and "hint" in ast.unparse(node.targets[0]):
            return ast.literal_eval(node.value)
    raise LessonError(f"a check without a hint: {code[:60]}")


def page(project, lesson, notes, language):
    """Return the page of a lesson in one language as Markdown."""
    said, found = WORDING[language], sections(lesson, language)
    name = dict(zip(titles(lesson, "en"), titles(lesson, language), strict=True))
    numbers = {other.id: other.number for other in project.lessons}
    exercises = [pair for section in found for pair in section["exercises"]]
    whole = said["read_more"].format(
        minutes=sum(map(minutes, found)), words=WORDS, lines=LINES, exercises=len(exercises)
    )
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    lines = [
        f"# {lesson.number} · {lesson.title[language]}",
        "",
        f"**{said['about']}** · [{said['other']}](../{other}/{lesson.name}.md) · "
        f"[{said['notebook']}](../../../notebooks/{language}/{lesson.name}.ipynb) · "
        f"{said['slides']}: `make slides LESSON={lesson.number:02} LANGUAGE={language}`",
        "",
        f"- **{said['run']}**: {run_time(lesson.limits['seconds'], language)}.",
        f"- **{said['read']}**: {whole}.",
        f"- **{said['before']}**: {', '.join(str(numbers[id]) for id in lesson.needs) or '–'}.",
        "",
        f"## {said['hour']}",
        "",
        *table(said["hour_head"]),
        *(f"| {h['minutes']} | {name[h['section']]} | {h[language]} |" for h in notes["hour"]),
        "",
        f"## {said['wrong']}",
        "",
        *(f"- **{name[w['section']].strip('.')}.** {w[language]}" for w in notes["wrong"]),
        "",
        f"## {said['question']}",
        "",
    ]
    for entry in notes["question"]:
        lines += [f"**{entry[language][0]}** {entry[language][1]}", ""]
    stop = notes["break"]
    lines += [
        f"## {said['break']}",
        "",
        f"**{name[stop['section']]}.** {stop[language]}",
        "",
        f"## {said['sections']}",
        "",
        *table(said["sections_head"]),
    ]
    for section in found:
        slow = "<br>".join(f"`{line}`" for line in section["slow"])
        count = len(section["exercises"]) or ""
        lines.append(f"| {section['title']} | {minutes(section)} | {count} | {slow} |")
    lines += ["", f"## {said['exercises']}", ""]
    for exercise in exercises:
        hint = f" *{said['hint']}*: {exercise.hint}" if exercise.hint else ""
        lines.append(f"- **{exercise.name}.**{exercise.asked}{hint}")
    source = f"[{lesson.name}.toml](../{lesson.name}.toml)"
    return "\n".join([*lines, "", f"*{said['made']} {source}.*", ""])


def minutes(section):
    """Return how long a class takes over a section, without its exercises, rounded up."""
    return math.ceil(section["words"] / WORDS + section["lines"] / LINES)


def table(head):
    """Return the first two lines of a table."""
    return [f"| {head} |", "| " + " | ".join(["---"] * (head.count("|") + 1)) + " |"]
