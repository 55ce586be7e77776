"""The bench: which cells it times, and that its table says what falls short."""

import dataclasses
import json
import sys

import pytest

from tools import bench


@pytest.mark.parametrize("name", bench.CONTESTS)
def test_each_contest_finds_its_cells(name):
    contest = bench.CONTESTS[name]
    cells, claim = bench.parts(contest.lesson, contest.claim, contest.needs), contest.claim
    assert sum(timed for _, timed in cells) == 1
    texts = [code.co_filename for code, _ in cells]
    assert claim is None or sum(f'ck.claim("{claim}"' in text for text in texts) == 1
    assert not any("ck.check(" in text for text in texts), "no exercise is needed"


def test_a_cell_is_needed_for_what_it_sets_or_changes():
    code = compile("def f(a):\n    return b + a\nmodel.fit(c)\nd = 1", "cell", "exec")
    assert bench.of(code, "STORE_NAME") == {"f", "d"}
    assert {"b", "c", "model"} <= bench.of(code, "LOAD_NAME", "LOAD_GLOBAL")
    assert bench.CHANGED.findall("model.compile(1)\nck.claim(2)\nx = y.z()") == ["model"]


def found(ours, theirs, score, their_score):
    return {
        "ours": ours,
        "theirs": theirs,
        "our_scores": [score] * len(ours),
        "their_score": their_score,
        "growth": {},
    }


@pytest.mark.parametrize(
    ("seconds", "score", "bold"),
    [(10, 0.995, 0), (30, 0.995, 1), (10, 0.99, 1), (30, 0.99, 2)],
)
def test_what_falls_short_is_bold(seconds, score, bold):
    contests = {"mnist": found([seconds] * 3, [100, 101, 99], score, 0.991)}
    results = bench.summary(contests, {}, {"import_seconds": 0.1, "mnist_load_ratio": 0.9})
    assert results["mnist_time_ratio"]["median"] == seconds / 100
    assert bench.table(results).split("| mnist")[1].count("**") == 2 * bold


@pytest.mark.parametrize("over", [0, 1])
def test_a_lesson_over_its_limit_is_bold(over):
    lesson = bench.HERE.lessons[0]
    seconds = lesson.limits["seconds"] + over
    names = "reference_seconds", "seconds", "first_figure_seconds", "memory_mib"
    course = {lesson.name: dict(zip(names, (seconds, 2 * seconds, 1, 800), strict=True))}
    results = bench.summary({}, course, {"import_seconds": 0.1, "mnist_load_ratio": 0.9})
    assert bench.table(results).count(f"**{seconds}**") == over


def test_a_run_that_was_stopped_goes_on(tmp_path, monkeypatch):
    for name in bench.CONTESTS:
        (tmp_path / f"runs/bench/{name}.json").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"runs/bench/{name}.json").write_text(json.dumps(found([1], [100], 0.99, 0.9)))
    monkeypatch.setattr(bench, "HERE", dataclasses.replace(bench.HERE, root=tmp_path))
    monkeypatch.setattr(bench, "FOLDER", tmp_path / "bench")
    monkeypatch.setattr(bench.subprocess, "run", None)  # no contest is run again
    for name in ("import_seconds", "mnist_ratio"):
        monkeypatch.setattr(bench, name, lambda repeats: 0.5)
    monkeypatch.setattr(bench, "lessons", lambda numbers: {})
    monkeypatch.setattr(bench, "draw_growth", lambda contests, path: None)
    monkeypatch.setattr(sys, "argv", ["bench", "--resume"])
    bench.main()
    results = json.loads((tmp_path / "bench" / "results.json").read_text())
    assert results["style_time_ratio"]["median"] == 0.01
