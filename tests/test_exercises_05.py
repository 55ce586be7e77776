"""Lesson 05: its exercises take right answers and refuse wrong ones, without training."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import coursekit as ck
from tests.checks import checks_of

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "05_autoencoder.py"
RNG = np.random.default_rng(1)
NARROW, WIDE = RNG.normal(size=(784, 12)), RNG.normal(size=(12, 784))
BLANK, DIGIT, NOISE = np.zeros((28, 28)), np.eye(28), RNG.random((28, 28))
# What the lesson has computed before its checks, small and untrained.
GIVEN = {
    "np": np,
    "ck": ck,
    "centred": RNG.normal(size=(60, 784)),
    "linear": SimpleNamespace(layers=[SimpleNamespace(get_weights=lambda: [NARROW])]),
    "decoder_rows": WIDE,
    "predict": lambda model, rows: rows @ NARROW @ WIDE,
    "codes_32": RNG.normal(size=(200, 32)),
    "errors": lambda pictures: pictures.var(axis=(1, 2)),
    "alarm": 0.05,
    "x_valid": np.full((3, 28, 28), 0.02),
    "accepted": lambda picture: float(np.trace(picture[0]) == 28),
    "keras": SimpleNamespace(Sequential=lambda parts: parts),
    "convolutional": lambda size: size,
    "train": lambda *_, **__: None,
    "recipe": {},
    "digits": None,
    "letters": None,
    "share_32": 0.5,
    "detected": lambda pictures, model: 0.5,
    "x_test": np.zeros(1),
    "rebuild": lambda pictures, size=32: pictures + 1 / np.sqrt(size),
    "mse": lambda output, target: np.mean((output - target) ** 2),
    "BLANK": BLANK,
    "DIGIT": DIGIT,
    "NOISE": NOISE,
}
DECODER = "new_decoder = lambda mixing, decoder: "
NEAREST = "nearest = lambda query, codes, k: "
KL = "kl = lambda m, s: "
RIGHT = {
    "keeps_output": [
        DECODER + "np.linalg.inv(mixing) @ decoder",
        DECODER + "np.linalg.solve(mixing, decoder)",
    ],
    "nearest": [
        NEAREST + "np.argsort(((codes - query) ** 2).sum(axis=1))[:k]",
        NEAREST + "sorted(range(len(codes)), key=lambda i: np.abs(codes[i] - query) @ "
        "np.abs(codes[i] - query))[:k]",
    ],
    "some_values": [
        KL + "(m**2 + s**2 - 1 - np.log(s**2)) / 2",
        KL + "0.5 * (m * m + s * s - 1) - np.log(s)",
    ],
    "fools_the_detector": [
        "impostor = BLANK",
        "impostor = BLANK.tolist()",
        "impostor = BLANK + 0.5",
    ],
    "predicts_well": [
        "my_size, my_prediction = 8, 4.0",
        "my_size, my_prediction = 8, 4.2",
        "my_size, my_prediction = 64, 0.5",
    ],
}
WRONG = {
    "keeps_output": [
        DECODER + "decoder",
        DECODER + "mixing @ decoder",
        DECODER + "mixing.T @ decoder",
        DECODER + "decoder @ np.linalg.inv(mixing)",
    ],
    "nearest": [
        NEAREST + "np.argsort(((codes - query) ** 2).sum(axis=1))[-k:]",
        NEAREST + "np.argsort(((codes - query) ** 2).sum(axis=1))[:k][::-1]",
        NEAREST + "np.argsort(codes @ query)[:k]",
        NEAREST + "np.arange(k)",
    ],
    "some_values": [
        KL + "m**2 + s**2 - 1 - np.log(s**2)",
        KL + "(m**2 + s**2 - 1 - np.log(s)) / 2",
        KL + "(m**2 + s**2 - 1 + np.log(s**2)) / 2",
        KL + "(m + s - 1 - np.log(s)) / 2",
    ],
    "fools_the_detector": [
        "impostor = DIGIT",
        "impostor = NOISE",
        "impostor = BLANK - 1",
        "impostor = BLANK + 2",
        "impostor = np.zeros((20, 20))",
    ],
    "predicts_well": [
        "my_size, my_prediction = 8, 1",
        "my_size, my_prediction = 8, 2.5",
        "my_size, my_prediction = 32, 1",
        "my_size, my_prediction = 300, 0.33",
        "my_size, my_prediction = 8, 'more'",
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
