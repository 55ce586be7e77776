"""Feedback: not yet, a hint, correct."""

import numpy as np
import pytest

import coursekit as ck
from coursekit import words

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
        (True, True),
        (np.True_, True),
        (["a", "b"], ["a", "b"]),
        ([True, False], np.array([True, False])),
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
        ("six", 6),
        (False, True),
        (["a", "c"], ["a", "b"]),
        (6, "relu"),
        (3, lambda answer: answer > 5),
    ],
)
def test_a_wrong_answer_is_a_hint_and_no_error(answer, expected, language, capsys):
    ck.check(answer, expected, "think")
    assert capsys.readouterr().out == words.say("hint", hint="think") + "\n"


def test_an_error_in_the_learners_code_becomes_a_hint(language, capsys):
    ck.check(lambda: 1 / 0, 6, "do not divide")
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out and "do not divide" in out


def test_a_wrong_shape_is_told(language, capsys):
    ck.check([1, 2, 3], [1, 2], "two numbers")
    assert "(3,)" in capsys.readouterr().out


@pytest.mark.parametrize("sign", [-1, 1])
def test_tolerance(sign, capsys):
    assert mark(capsys, 1 + sign * 0.25, 1.0, "", tolerance=0.25) == MARKS["correct"]
    assert mark(capsys, 1 + sign * 0.25, 1.0, "", tolerance=0.24) == MARKS["hint"]
    assert mark(capsys, 1 + sign * 0.9e-6, 1.0, "") == MARKS["correct"]
    assert mark(capsys, 1 + sign * 1.1e-6, 1.0, "") == MARKS["hint"]
    assert mark(capsys, [1.0, 1 + sign * 1.1e-6], [1, 1], "") == MARKS["hint"]
