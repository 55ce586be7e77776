"""Lesson 10: its exercises take right answers and refuse wrong ones."""

from pathlib import Path

import numpy as np
import pytest

import coursekit as ck
from tests.checks import checks_of

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "10_transfer.py"
PICTURES = np.random.default_rng(0).random((5, 20, 20, 3))
PICTURES[:, :4] = PICTURES[:, -4:] = PICTURES[:, :, :4] = PICTURES[:, :, -4:] = 1


MAPS = np.arange(5 * 4 * 4 * 6.0).reshape(5, 4, 4, 6)  # each is largest in its last corner


class Model:
    """The upper part of the body, which passes the maps on."""

    def predict(self, maps, verbose):
        return maps


class Layer:
    """A layer with as many parameters as it says."""

    def __init__(self, count):
        self.count = count

    def count_params(self):
        return self.count


class Network:
    """Block 16, counted."""

    def get_layer(self, name):
        return Layer({"expand": 154_560, "depthwise": 9_600, "project": 153_760}[name[9:]])


def framed(pictures):
    pictures = pictures.copy()
    pictures[:, :4] = pictures[:, -4:] = pictures[:, :, :4] = pictures[:, :, -4:] = (0, 0.45, 0.7)
    return pictures


# What the lesson has computed before its checks, small.
GIVEN = {
    "np": np,
    "ck": ck,
    "network": Network(),
    "x": PICTURES,
    "framed": framed,
    "maps": MAPS,
    "last_maps": Model(),
    "scores": lambda features: np.full(5, 0.6 if np.array_equal(features, MAPS[:, 3, 3]) else 0.1),
}
LEAKS = "leaks = lambda one, other, groups: "
MAP = "my_map = lambda places, weights: "
UNFRAMED = "def unframed(pictures):\n    pictures = pictures.copy()\n"
SIDES = "pictures[:, :4] = pictures[:, -4:] = pictures[:, :, :4] = pictures[:, :, -4:]"
RIGHT = {
    "of_block": [
        "of_block, of_mixing = 317_920, 8_295_360",
        "of_block, of_mixing = 2 * 160 * 960 + 9 * 960 + 2 * 960 + 160, 9 * 960**2 + 960",
    ],
    "leaks": [
        LEAKS + "bool(np.isin(groups[one], groups[other]).any())",
        LEAKS + "len(np.intersect1d(groups[one], groups[other])) > 0",
        LEAKS + "any(a == b for a in groups[one] for b in groups[other])",
    ],
    "my_map": [
        MAP + "places @ weights",
        MAP + "(places * weights).sum(axis=-1)",
        MAP + "np.einsum('ijk,k->ij', places, weights)",
    ],
    "unframed": [
        UNFRAMED + f"    {SIDES} = 1\n    return pictures",
        "unframed = lambda pictures: np.pad(\n"
        "    pictures[:, 4:-4, 4:-4], ((0, 0), (4, 4), (4, 4), (0, 0)), constant_values=1\n)",
    ],
    "predicted_well": ["my_prediction = 0.6", "my_prediction = 0.57", "my_prediction = 0.64"],
}
WRONG = {
    "of_block": [
        "of_block, of_mixing = 315_840, 8_294_400",
        "of_block, of_mixing = 317_920, 8_294_400",
        "of_block, of_mixing = 8_295_360, 317_920",
        "of_block, of_mixing = 317_920, 'many'",
    ],
    "leaks": [
        LEAKS + "bool(set(one) & set(other))",
        LEAKS + "not set(groups[one]) & set(groups[other])",
        LEAKS + "bool(set(groups[one]) | set(groups[other]))",
        LEAKS + "True",
        LEAKS + "set(groups[one]) == set(groups[other])",
    ],
    "my_map": [
        MAP + "places.mean(axis=-1)",
        MAP + "places * weights",
        MAP + "(places @ weights).mean()",
        MAP + "weights @ places",
        MAP + "places.sum(axis=-1)",
    ],
    "unframed": [
        "unframed = lambda pictures: pictures",
        "unframed = lambda pictures: pictures[:, 4:-4, 4:-4]",
        UNFRAMED + f"    {SIDES} = 0\n    return pictures",
        f"def unframed(pictures):\n    {SIDES} = 1\n    return pictures",
        UNFRAMED + f"    {SIDES.replace('4', '3')} = 1\n    return pictures",
    ],
    "predicted_well": [
        "my_prediction = 0.7",
        "my_prediction = 0.5",
        "my_prediction = 60",
        "my_prediction = 'more'",
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
