"""The committed notebooks: that they are what their sources say, and read as a lesson should."""

import importlib
import inspect
import re
import statistics

import nbformat
import pytest

import build
import lesson as lessons

LESSONS = [lessons.read(path) for path in lessons.find()]


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.fixture(params=lessons.LANGUAGES)
def notebook(request, lesson):
    path = build.NOTEBOOKS / request.param / f"{lesson.name}.ipynb"
    return nbformat.read(path, as_version=4)


def test_it_is_up_to_date(lesson):
    build.check([build.state(lesson, language) for language in lessons.LANGUAGES])


def test_both_languages_have_the_same_code(lesson):
    notebooks = [
        nbformat.read(build.NOTEBOOKS / language / f"{lesson.name}.ipynb", as_version=4)
        for language in lessons.LANGUAGES
    ]
    for spanish, english in zip(*(notebook.cells for notebook in notebooks), strict=True):
        assert (spanish.id, spanish.cell_type) == (english.id, english.cell_type)
        assert spanish.metadata == english.metadata
        if spanish.cell_type == "code":
            assert not list(lessons.differences(spanish, english)), spanish.source
            kinds = [[output.output_type for output in cell.outputs] for cell in (spanish, english)]
            assert kinds[0] == kinds[1], spanish.source


def test_its_outputs_may_be_committed(notebook):
    nbformat.validate(notebook)
    assert not list(build.faults_in_outputs(notebook))
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "executed once, from top to bottom"


def test_its_rhythm(notebook):
    lines = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines.append(sum(bool(line.strip()) for line in cell.source.split("\n")))
            assert lines[-1] <= 14, f"a wall of code:\n{cell.source}"
        else:
            assert len(cell.source.split()) <= 150, f"a wall of text:\n{cell.source}"
    assert statistics.median(lines) <= 6


def test_it_holds_claims_and_exercises(notebook):
    text = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert build.CLAIM.search(text)
    assert text.count("☐") >= 3 and text.count("☑") == text.count("☐") and "✎" not in text


@pytest.mark.parametrize("module", ["data", "plots"])
def test_each_helper_names_the_lessons_that_use_it(module):
    helpers = importlib.import_module(f"coursekit.{module}")
    codes = {lesson.name[:2]: "".join(cell.source for cell in lesson.cells) for lesson in LESSONS}
    for name, function in inspect.getmembers(helpers, inspect.isfunction):
        if name.startswith("_") or function.__module__ != helpers.__name__:
            continue
        users = {number for number, code in codes.items() if f"{module}.{name}(" in code}
        said = function.__doc__.partition("Used by ")[2]
        named = set(codes) if said.startswith("every lesson") else re.findall(r"\b\d\d\b", said)
        assert users == set(codes).intersection(named), name
