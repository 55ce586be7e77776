"""Reads the source of a lesson and refuses what could let its two languages drift apart.

A source is a py:percent file. Its header declares the lesson. Prose stands in pairs of cells,
`lang="es"` and then `lang="en"`. Code is shared; where it shows words to a reader, both stand
in it, `_("paso", "step")`, and a comment stands in two lines, `# es: …` and `# en: …`.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jupytext

LANGUAGES = ("es", "en")
DECLARED = {
    "title": set(LANGUAGES),
    "limits": {"seconds", "cell_seconds", "memory_mb"},
    "data": list,
    "needs": list,
}
OPTIONAL = {"extra": ""}
# What is folded (check, solution), what takes long (slow), whose picture differs from run to run
# (varies), whose texts are English data in both languages (english), what `make bench` times.
TAGS = {"check", "solution", "slow", "varies", "english", "timed"}
# [[mlp]], [[bound: test accuracy, %]]: what the build fills in.
GAP = re.compile(r"\[\[([^\[\]]+)\]\]")
# A plus, or a number inside a sentence, where a line happens to break.
STRAY_ITEM = re.compile(r"^(\+) |^(?!\d+[.)] | )[^\n]+\n(\d+[.)]) ", re.MULTILINE)
COMMENT = re.compile(r"#\s*(es|en): ")


class LessonError(Exception):
    """What is wrong with a lesson, one sentence a line, each naming its cell."""


@dataclass
class Lesson:
    """A lesson as its source declares it."""

    name: str  # 03_cnn_mnist
    title: dict  # by language
    limits: dict  # reference seconds of the lesson and of a cell, MB of its kernel
    data: list  # the files of data/ that it reads
    needs: list  # ids of the lessons that come before it
    extra: str  # of pyproject.toml, what it needs beside the course; "" for most
    cells: list  # of its notebooks, both halves of the prose
    bounds: dict  # English name of a claim: {"at_least": 0.992}

    @property
    def number(self):
        return int(self.name[:2])

    @property
    def id(self):
        return self.name[3:]


def read(path):
    """Return the `Lesson` in a source file, or raise `LessonError` with all that is wrong."""
    path = Path(path)
    source = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    for cell in source.cells:
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's, of blank lines
    header = source.metadata.get("coursekit", {})
    errors = [f"{path.name}, header: {fault}" for fault in _faults_of(header)]
    waiting = None  # the Spanish half whose English half must follow
    for number, cell in enumerate(source.cells, 1):
        where = f"{path.name}, cell {number} ({_first_line(cell)})"
        faults = list(_code_faults(cell) if cell.cell_type == "code" else _prose_faults(cell))
        faults += [f"the tag {tag!r} is none of {sorted(TAGS)}." for tag in _tags(cell) - TAGS]
        if waiting is not None and cell.metadata.get("lang") != "en":
            errors.append(f"{waiting[0]}: its English half does not follow.")
            waiting = None
        if cell.metadata.get("lang") == "es":
            waiting = (where, cell)
        elif cell.metadata.get("lang") == "en" and waiting is None:
            faults.append("its Spanish half does not stand before it.")
        elif cell.metadata.get("lang") == "en":
            faults += differences(waiting[1], cell)
            waiting = None
        errors += [f"{where}: {fault}" for fault in faults]
    if waiting is not None:
        errors.append(f"{waiting[0]}: its English half does not follow.")
    if errors:
        raise LessonError("\n".join(errors))
    bounds = bounds_in(cell.source for cell in source.cells if cell.cell_type == "code")
    repeated = list(_repeated(source.cells, bounds))
    if repeated:
        raise LessonError("\n".join(f"{path.name}, {fault}" for fault in repeated))
    parts = {name: (OPTIONAL | header)[name] for name in DECLARED | OPTIONAL}
    return Lesson(path.stem, cells=source.cells, bounds=bounds, **parts)


def _faults_of(header):
    for name, wanted in DECLARED.items():
        found = header.get(name)
        if wanted is list and not isinstance(found, list):
            yield f"{name} must be a list."
        elif isinstance(wanted, set) and (not isinstance(found, dict) or set(found) != wanted):
            yield f"{name} needs {', '.join(sorted(wanted))}."
    for name in set(header) - set(DECLARED | OPTIONAL):
        yield f"{name} is none of {', '.join(DECLARED | OPTIONAL)}."


def _first_line(cell):
    line = cell.source.strip().split("\n")[0]
    return line if len(line) <= 50 else line[:47] + "…"


def _tags(cell):
    return set(cell.metadata.get("tags", []))


# Prose


def _prose_faults(cell):
    language = cell.metadata.get("lang")
    if language is None:
        yield "prose needs lang and stands in both languages."
    elif language not in LANGUAGES:
        yield f"lang is {language!r}, expected 'es' or 'en'."
    if item := STRAY_ITEM.search(cell.source):
        yield f"{item[item.lastindex]!r} begins a line and would be shown as a list."
    for formula in _formulas(cell.source):
        if item := re.search(r"\n([-+*]) ", formula):
            yield f"{item[1]!r} begins a line of a formula and would be shown as a list."


def differences(spanish, english):
    """Yield what differs between two halves of prose that should differ in words only."""
    marks = [{k: v for k, v in half.metadata.items() if k != "lang"} for half in (spanish, english)]
    if marks[0] != marks[1]:
        yield f"the halves have different metadata, {marks[0]} and {marks[1]}."
    for what, pattern in FEATURES.items():
        found = [Counter(pattern(half.source)) for half in (spanish, english)]
        if found[0] != found[1]:
            only = [sorted((a - b).elements()) for a, b in (found, found[::-1])]
            yield f"the halves have different {what}: es only {only[0]}, en only {only[1]}."


def _formulas(text):
    return re.findall(r"\$+([^$]+)\$+", re.sub(r"`[^`]*`", "", text))


def _formulas_without_words(text):
    return [re.sub(r"\\text\{.*?\}|\s", "", formula) for formula in _formulas(text)]


def numbers(text):
    """Return the numbers that stand in a text itself, not in its formulas, code or links."""
    text = re.sub(r"```.*?```|`[^`]*`|\$+[^$]+\$+|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    text = GAP.sub(" ", text)
    text = re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3}\b)", "", text)  # 60,000 and 60 000
    return re.findall(r"\d+(?:\.\d+)?", text)


FEATURES = {
    "headings": lambda text: re.findall(r"^(#+) ", text, re.MULTILINE),
    "formulas": _formulas_without_words,
    "code": lambda text: re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text),
    "gaps": GAP.findall,
    "numbers": numbers,
    "links": lambda text: re.findall(r"\]\(([^)]*)\)", text),
    "rows of tables": lambda text: re.findall(r"^(\|)", text, re.MULTILINE),
}


def rejected(lesson, terms):
    """Yield a sentence for each word of a lesson that the glossary does not use.

    Args:
        lesson: a `Lesson`.
        terms: list of dicts, of docs/glossary.toml.
    """
    for language in LANGUAGES:
        wrong = [(re.compile(w, re.I), t) for t in terms for w in t.get(f"not_{language}", ())]
        for number, cell in enumerate(lesson.cells, 1):
            text = " ".join(_said(cell, language).split())
            for pattern, term in wrong:
                if found := pattern.search(text):
                    yield (
                        f"{lesson.name}.py, cell {number} ({_first_line(cell)}): the glossary "
                        f"says {term[language]!r}, not {found[0]!r}."
                    )


def _said(cell, language):
    """Return the words of a cell that stand in one language's notebook."""
    if cell.cell_type == "markdown":
        return cell.source if cell.metadata["lang"] == language else ""
    side = LANGUAGES.index(language)
    calls = [node for node in ast.walk(ast.parse(cell.source)) if is_words(node)]
    return "\n".join(ast.unparse(call.args[side]) for call in calls)


# Code


def is_words(node):
    """Return whether a node of code is `_("paso", "step")`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"


def _is_text(node):
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _code_faults(cell):
    """Yield what a code cell may not hold: words in one language only."""
    if "lang" in cell.metadata:
        yield 'code is shared by both languages: write _("paso", "step") in place of lang.'
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        yield f"line {error.lineno} is no Python: {error.msg}."
        return
    translated = set()  # ids of the nodes that no translation needs
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "loc":  # matplotlib's "upper right"
            translated.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inner = (part for part in ast.walk(node) if is_words(part))
            for part in inner:
                yield f"{ast.unparse(part)} stands inside an f-string: put the whole text in _()."
        if not is_words(node):
            continue
        if len(node.args) != 2 or node.keywords or not all(map(_is_text, node.args)):
            yield f"{ast.unparse(node)} needs two texts, Spanish and English."
        translated.update(id(part) for half in node.args for part in ast.walk(half))
    for node in ast.walk(tree) if "english" not in _tags(cell) else ():
        words = node.value if isinstance(node, ast.Constant) and id(node) not in translated else ""
        if isinstance(words, str) and re.search(r"[^\W\d]{2,} [^\W\d]{2,}", words):
            yield f"the words {words!r} stand in one language: write _(es, en)."
    spoken = []  # the languages of the comments, in their order
    for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
        if token.type == tokenize.COMMENT and not (mark := COMMENT.match(token.string)):
            yield f"the comment {token.string!r} needs two lines, # es: … and # en: …"
        elif token.type == tokenize.COMMENT:
            spoken.append(mark[1])
    if Counter(spoken)["es"] != Counter(spoken)["en"]:
        yield "a comment in one language lacks its half in the other."


def bounds_in(sources):
    """Return the bounds of all claims in pieces of code, by the claim's English name."""
    found = {}
    for code in sources:
        for node in ast.walk(ast.parse(code)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("claim")):
                continue
            name = node.args[0].args[1] if node.args and is_words(node.args[0]) else None
            if isinstance(name, ast.Constant):
                found[name.value] = {
                    word.arg: ast.literal_eval(word.value)
                    for word in node.keywords
                    if word.arg in ("at_least", "at_most") and _is_number(word.value)
                }
    return found


def _is_number(node):
    try:
        return isinstance(ast.literal_eval(node), int | float)
    except ValueError:
        return False


def _repeated(cells, bounds):
    """Yield each sentence that writes a bound once more, where it would go stale."""
    written = {}
    for name, sides in bounds.items():
        for bound in sides.values():
            if len(f"{abs(bound):g}".replace("0.", "").replace(".", "")) > 1 and bound % 1:
                written[f"{bound:g}"] = name
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "markdown":
            for bound in set(numbers(cell.source)) & set(written):
                yield (
                    f"cell {number} ({_first_line(cell)}): {bound} is the bound of a claim: "
                    f"write [[bound: {written[bound]}]] (or a formula, if it is another number)."
                )
