"""Feedback on a learner's answer: not yet, a hint, or correct."""

import numpy as np

from coursekit import words


def check(answer, expected, hint, *, tolerance=1e-6):
    """Say whether an answer is missing, wrong or right. A wrong answer is no error.

    Args:
        answer: what the learner wrote: a number, a str, an array or a list; or a function
            without arguments that gives one, so that an error in the learner's code becomes
            a hint too. `...` (or `None`, or a list that still holds `...`) means "not yet".
        expected: the right answer, or a function that takes the answer and returns whether it
            is right.
        hint: str, what to think of when the answer is wrong.
        tolerance: float, the largest absolute difference that still counts as right.
    """
    try:
        if callable(answer):
            answer = answer()
        if _is_missing(answer):
            words.tell(words.say("not_yet"))
            return
        right = expected(answer) if callable(expected) else _agree(answer, expected, tolerance)
    except Exception as error:  # the learner's code may raise anything
        raised = f"{type(error).__name__}: {error}"
        words.tell(words.say("answer_raises", error=raised, hint=hint))
        return
    words.tell(words.say("correct") if right else words.say("hint", hint=hint))


def _is_missing(answer):
    if answer is None or answer is ...:
        return True
    return isinstance(answer, list | tuple) and any(_is_missing(item) for item in answer)


def _agree(answer, expected, tolerance):
    if isinstance(expected, str):
        return isinstance(answer, str) and answer.strip().lower() == expected.lower()
    answer, expected = np.asarray(answer), np.asarray(expected)
    if answer.shape != expected.shape:
        raise ValueError(words.say("wrong_shape", found=answer.shape, wanted=expected.shape))
    if answer.dtype.kind in "biufc" and expected.dtype.kind in "iufc":
        return bool(np.all(np.abs(answer - expected) <= tolerance))
    return bool(np.all(answer == expected))  # truth values and words have no distance
