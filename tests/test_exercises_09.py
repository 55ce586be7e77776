"""Lesson 09: its exercises take right answers and refuse wrong ones."""

from pathlib import Path

import numpy as np
import pytest

import coursekit as ck
from tests.checks import checks_of

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "09_recommender.py"
GAP = np.nan
TABLE = np.array([[2, 5, GAP, 4, GAP], [GAP, 1, 5, GAP, 3], [5, 3, 4, 3, GAP], [GAP, 3, 5, 1, 1]])
MEANS = np.nanmean(TABLE, axis=1)
# What the lesson has computed before its checks, small.
GIVEN = {
    "np": np,
    "ck": ck,
    "means": MEANS,
    "deviations": TABLE - MEANS[:, None],
    "mean": 3.5,
    "q": np.random.default_rng(1).normal(size=(400, 9)),
    "all_stars": lambda mean, p, q: mean + p[:, :1] + q[:, 0] + p[:, 1:] @ q[:, 1:].T,
    "top": lambda score, allowed: np.argsort(-score, axis=1)[:, :10],
    "towns": [None],
    "recommend": lambda places: 4.0 - 0.2 * places,
    "ten_rounds": lambda town, choose, seed: [0.5, choose()],
    "fed": np.full((1, 12), 4.0),
    "random": np.full((1, 12), 3.0),
}
COVERAGE = "coverage = lambda lists, pieces: "
RIGHT = {
    "ana_3": ["ana_3 = 3.67 + 2.5", "ana_3 = 37 / 6", "ana_3 = 6.17"],
    "slope_q": [
        "slope_q, slope_c = -0.56, -1.21",
        "slope_q, slope_c = -1.2 * 0.5 + 0.1 * 0.4, -1.2 - 0.01",
    ],
    "three_cases": [
        COVERAGE + "len(np.unique(lists)) / pieces",
        COVERAGE + "len(set(lists.ravel().tolist())) / pieces",
        COVERAGE + "np.mean([i in lists for i in range(pieces)])",
    ],
    "first_list": [
        "first_list = np.argsort(-q[:, 0])[:10]",
        "first_list = sorted(range(400), key=lambda i: -q[i, 0])[:10]",
        "first_list = np.argsort(q[:, 0])[::-1][:10]",
    ],
    "predicts_well": [
        "my_places, my_prediction = 2, 3.6",
        "my_places, my_prediction = 5, 3.1",
        "my_places, my_prediction = 1, 3.7",
    ],
}
WRONG = {
    "ana_3": ["ana_3 = 3.67", "ana_3 = 5", "ana_3 = 3.67 + 0.08 * 2.5", "ana_3 = 'six'"],
    "slope_q": [
        "slope_q, slope_c = 0.56, 1.21",
        "slope_q, slope_c = -0.6, -1.2",
        "slope_q, slope_c = -1.21, -0.56",
        "slope_q, slope_c = -0.43, -1.21",
    ],
    "three_cases": [
        COVERAGE + "lists.size / pieces",
        COVERAGE + "len(np.unique(lists))",
        COVERAGE + "len(np.unique(lists)) / lists.size",
        COVERAGE + "len(lists) / pieces",
    ],
    "first_list": [
        "first_list = np.argsort(q[:, 0])[:10]",
        "first_list = np.argsort(-q[:, 1])[:10]",
        "first_list = np.argsort(-q.sum(axis=1))[:10]",
        "first_list = np.argsort(-q[:, 0])",
        "first_list = list(range(10))",
    ],
    "predicts_well": [
        "my_places, my_prediction = 2, 4.0",
        "my_places, my_prediction = 2, 3.2",
        "my_places, my_prediction = 0, 4.0",
        "my_places, my_prediction = 6, 2.8",
        "my_places, my_prediction = 2, 'less'",
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
