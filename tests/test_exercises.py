"""Feedback: not yet, a hint, correct."""

import numpy as np
import pytest

import coursekit as ck

MARKS = {"not yet": "☐", "hint": "✎", "correct": "☑"}


def mark(capsys, *arguments, **options):
    """Return the first sign of what check prints, which is one line."""
    ck.check(*arguments, **options)
    out = capsys.readouterr().out
    assert out.endswith("\n") and out.count("\n") == 1
    return out[0]


@pytest.mark.parametrize("answer", [..., None, [..., 3], (1, [2, ...]), lambda: ..., lambda: None])
def test_an_empty_answer_is_not_yet(answer, language, capsys):
    assert mark(capsys, answer, [1, 2], "think") == MARKS["not yet"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (6, 6),
        (0.1 + 0.2, 0.3),
        ([1, 2], np.array([1, 2])),
        (" ReLU", "relu"),
        (lambda: 6, 6),
        (np.eye(2), lambda answer: answer.trace() == 2),
    ],
)
def test_a_right_answer(answer, expected, language, capsys):
    assert mark(capsys, answer, expected, "think") == MARKS["correct"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (7, 6),
        (float("nan"), 6),
        ([1, 3], [1, 2]),
        ([1, 2, 3], [1, 2]),
        ("six", 6),
        (6, "relu"),
        (3, lambda answer: answer > 5),
    ],
)
def test_a_wrong_answer_is_a_hint_and_no_error(answer, expected, language, capsys):
    assert mark(capsys, answer, expected, "think") == MARKS["hint"]


def test_an_error_in_the_learners_code_becomes_a_hint(language, capsys):
    ck.check(lambda: 1 / 0, 6, "do not divide")
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out and "do not divide" in out


def test_a_wrong_shape_is_told(language, capsys):
    ck.check([1, 2, 3], [1, 2], "two numbers")
    assert "(3,)" in capsys.readouterr().out


def test_tolerance(capsys):
    assert mark(capsys, 1.05, 1.0, "", tolerance=0.1) == MARKS["correct"]
    assert mark(capsys, 1.05, 1.0, "", tolerance=0.01) == MARKS["hint"]
