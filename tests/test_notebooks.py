"""The committed notebooks: that they are what their sources say, and read as a lesson should."""

import re
import statistics
from itertools import groupby

import nbformat
import pytest

from coursekit.claims import PATTERN
from tools import execution, written
from tools.committed import Edition
from tools.project import HERE
from tools.source import LANGUAGES

LESSONS = HERE.lessons


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.fixture(params=LANGUAGES)
def edition(request, lesson):
    return Edition(HERE, lesson, request.param)


def test_it_is_up_to_date(edition):
    assert not edition.fault


def test_both_languages_differ_in_words_only(lesson):
    spanish, english = (Edition(HERE, lesson, language).committed for language in LANGUAGES)
    for one, other in zip(spanish.cells, english.cells, strict=True):
        assert (one.id, one.cell_type) == (other.id, other.cell_type)
        assert one.metadata == other.metadata
        # What is printed may come in one piece or in several.
        kinds = [
            [kind for kind, _ in groupby(output.output_type for output in cell.get("outputs", []))]
            for cell in (one, other)
        ]
        assert kinds[0] == kinds[1], one.source


def test_its_outputs_may_be_committed(edition):
    notebook = edition.committed
    nbformat.validate(notebook)
    assert not list(execution.faults_in_outputs(notebook))
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "executed once, from top to bottom"


def test_its_rhythm(edition):
    lines = []
    for place, cell in enumerate(edition.committed.cells):
        if cell.cell_type == "code":
            lines.append(sum(bool(line.strip()) for line in cell.source.split("\n")))
            folded = cell.metadata.get("jupyter", {}).get("source_hidden")
            assert lines[-1] <= 14 or folded, f"a wall of code:\n{cell.source}"
        else:
            most = 150 if place else 200  # the first says what the lesson holds
            words = re.sub(r"\$+[^$]+\$+", "formula", cell.source).split()
            assert len(words) <= most, f"a wall of text:\n{cell.source}"
    assert statistics.median(lines) <= 6


def test_it_holds_claims_and_exercises(edition):
    text = "".join(
        output.get("text", "")
        for outputs in execution.outputs_of(edition.committed)
        for output in outputs
    )
    assert PATTERN.search(text)
    asked, solved = text.count("☐"), text.count("☑")
    assert asked >= 3, f"{edition.label}: a lesson needs three exercises, not {asked}"
    assert solved == asked, f"{edition.label}: {solved} of {asked} solutions are correct"
    assert "✎" not in text, f"{edition.label}: an answer is printed as not yet right"


def test_what_is_written_from_declarations_is_up_to_date():
    assert not list(written.faults(HERE))
