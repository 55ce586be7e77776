"""Lesson 11: its exercises take right answers and refuse wrong ones."""

from pathlib import Path

import numpy as np
import pytest

import coursekit as ck
from coursekit import sequences
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "11_sequences.py"


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# What the lesson has computed before its checks, small.
GIVEN = {
    "np": np,
    "ck": ck,
    "softmax": softmax,
    "keys": np.array([[0.0, 0.0], [2.0, 1.0], [0.0, 3.0]]),
    "train": [],
    "tests": sequences.sentences(60, seed=1, unseen=True),
    "sequences": sequences,
    "adjectives": {english for _, english in sequences.ADJECTIVES},
    "prepare": lambda pairs: (pairs, None),
    "attentive": None,
    "right_words": lambda network, pairs, answers: (
        np.arange(len(pairs))[:, None] < [0.9 * len(pairs), len(pairs)]
    ),
}
STEPS = "by_step = lambda pitches: "
RIGHT = {
    "middle_c": [
        "middle_c, octave_higher = 261.63, 523.25",
        "middle_c, octave_higher = 440 * 2 ** -0.75, 440 * 2 ** 0.25",
        "middle_c, octave_higher = 262, 523",
    ],
    "three_tunes": [
        STEPS + "np.mean(np.abs(np.diff(pitches)) <= 2)",
        STEPS + "np.mean([abs(b - a) <= 2 for a, b in zip(pitches, pitches[1:])])",
        STEPS + "np.count_nonzero(np.diff(pitches) ** 2 < 9) / (len(pitches) - 1)",
    ],
    "third_wins": ["my_query = [-1, 1]", "my_query = [0, 2]", "my_query = np.array([-3.0, 2.0])"],
    "without_attention": [
        "without_attention, with_attention = 96, 1056",
        "without_attention, with_attention = 2 * 48, 22 * 48",
    ],
    "my_order": [
        "my_order = [4, 2, 0, 1, 3]",
        "my_order = np.array([4, 2, 0, 1, 3])",
        "my_order = (4, 2, 0, 1, 3)",
    ],
    "my_prediction": ["my_prediction = 0.9", "my_prediction = 0.82", "my_prediction = 0.99"],
}
WRONG = {
    "middle_c": [
        "middle_c, octave_higher = 440, 880",
        "middle_c, octave_higher = 523.25, 261.63",
        "middle_c, octave_higher = 440 * 2 ** 0.75, 523.25",
        "middle_c, octave_higher = 261.63, 'double'",
    ],
    "three_tunes": [
        STEPS + "np.mean(np.diff(pitches) <= 2)",
        STEPS + "np.mean(np.abs(np.diff(pitches)) < 2)",
        STEPS + "np.sum(np.abs(np.diff(pitches)) <= 2)",
        STEPS + "np.sum(np.abs(np.diff(pitches)) <= 2) / len(pitches)",
        STEPS + "pitches.mean()",
    ],
    "third_wins": [
        "my_query = [1, 0]",
        "my_query = [0, 0]",
        "my_query = [2, 1]",
        "my_query = [0, 3, 0]",
        "my_query = 1",
        "my_query = [0, -1]",
    ],
    "without_attention": [
        "without_attention, with_attention = 48, 1056",
        "without_attention, with_attention = 96, 960",
        "without_attention, with_attention = 96, 576",
        "without_attention, with_attention = 1056, 96",
    ],
    "my_order": [
        "my_order = [0, 1, 2, 3, 4]",
        "my_order = [2, 3, 1, 4, 0]",
        "my_order = []",
        "my_order = 'the same'",
    ],
    "my_prediction": ["my_prediction = 0.5", "my_prediction = 90", "my_prediction = 'more'"],
}
CELLS = [cell for cell in read(SOURCE).cells if cell.cell_type == "code"]
CHECKS = [cell for cell in CELLS if "check" in cell.metadata.get("tags", [])]

# What stands in each exercise before a learner has written anything.
EMPTY = {
    exercise: [in_language(CELLS[place - 1].source, "en")]
    for exercise in RIGHT
    for place, cell in enumerate(CELLS)
    if cell in CHECKS and exercise in cell.source
}


@pytest.fixture
def lesson():
    """The names that the checks need, and the cells of the checks."""
    ck.setup("en")
    checks = {exercise: cell for exercise in RIGHT for cell in CHECKS if exercise in cell.source}
    codes = {exercise: in_language(cell.source, "en") for exercise, cell in checks.items()}
    return dict(GIVEN), codes


def test_every_check_is_tested():
    assert len(CHECKS) == len(RIGHT) == len(WRONG) == len(EMPTY)


def test_each_check_knows_right_from_wrong(said, mark):
    assert said[-1].startswith(mark)
