"""Lesson 08: its exercises take right answers and refuse wrong ones."""

from pathlib import Path

import numpy as np
import pytest

import coursekit as ck
from tests.checks import checks_of

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "08_gan.py"
# What the lesson has computed before its checks, small.
GIVEN = {
    "np": np,
    "ck": ck,
    # The deviation settles at 0.5 and swings the less, the larger the brake.
    "play": lambda rate, decay: np.full((601, 5), 0.5 if decay > 0.05 else 0.3),
}
EVEN = "even = lambda kernel, stride: "
RIGHT = {
    "best_V": [
        "best_V, best_D = 2 * np.log(0.5), 3 / 4",
        "best_V, best_D = -1.386, 0.75",
        "best_V, best_D = np.log(1 / 4), 0.75",
    ],
    "too_wide": [
        "too_wide, all_the_same = 4.5, 0.25",
        "too_wide, all_the_same = 1.5**2 + 1.5**2, 0.5**2",
    ],
    "by_chance": ["by_chance = 1 / 144", "by_chance = 0.00694", "by_chance = 1 / 12 / 12"],
    "some_kernels": [
        EVEN + "kernel % stride == 0",
        EVEN + "not kernel % stride",
        EVEN + "kernel / stride == kernel // stride",
    ],
    "predicts_well": [
        "my_decay, my_prediction = 0.2, 0.5",
        "my_decay, my_prediction = 0.5, 0.45",
        "my_decay, my_prediction = 0.02, 0.35",
    ],
}
WRONG = {
    "best_V": [
        "best_V, best_D = 1.386, 0.75",
        "best_V, best_D = np.log(0.5), 0.75",
        "best_V, best_D = -1.386, 1 / 3",
        "best_V, best_D = -1.386, 3",
        "best_V, best_D = -1.386, 0.25",
        "best_V, best_D = 'low', 0.75",
    ],
    "too_wide": [
        "too_wide, all_the_same = 3, 0.5",
        "too_wide, all_the_same = 4.5, 0",
        "too_wide, all_the_same = 2.25, 0.25",
        "too_wide, all_the_same = 1.5**2 + 2**2, 0.25",  # deviations not subtracted
        "too_wide, all_the_same = 1.5**2 + (4 - 0.25) ** 2, 0.25",  # variances in their place
    ],
    "by_chance": [
        "by_chance = 144",
        "by_chance = 1 / 14",
        "by_chance = 1 / 32",
        "by_chance = 0.5**5",
        "by_chance = 'small'",
    ],
    "some_kernels": [
        EVEN + "kernel % 2 == 0",
        EVEN + "True",
        EVEN + "kernel > stride",
        EVEN + "kernel == stride",
        EVEN + "stride % kernel == 0",
    ],
    "predicts_well": [
        "my_decay, my_prediction = 0.2, 0.3",
        "my_decay, my_prediction = 0.1, 0.5",
        "my_decay, my_prediction = 0, 0.3",
        "my_decay, my_prediction = 1, 0.45",
        "my_decay, my_prediction = 0.2, 'the same'",
    ],
}
CHECKS, CODES, EMPTY = checks_of(SOURCE, RIGHT)


@pytest.fixture
def lesson():
    """The names that the checks need, and the code of each check."""
    ck.setup("en")
    return dict(GIVEN), CODES


def test_every_check_is_tested():
    assert len(CHECKS) == len(RIGHT) == len(WRONG) == len(EMPTY)


def test_each_check_knows_right_from_wrong(said, mark):
    assert said[-1].startswith(mark)
