"""Lesson 04: its exercises take right answers and refuse wrong ones."""

import contextlib
import io
from collections import Counter
from pathlib import Path

import keras
import numpy as np
import pytest

import coursekit as ck
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "04_rnn_sentiment.py"
# The cells that the checks need; none of them reads the reviews.
NEEDED = (
    "def tokenize(",
    "def simple_rnn(",
    "def back_in_time(",
    "def gradients_back(",
    "def pad(",
)

CLIP = "def clip(gradient, limit):\n    "
MEAN = "def masked_mean(embedded, sequence):\n    "
RIGHT = {
    "two_sentences": [
        'two_sentences = ["the dog bites the man", "the man bites the dog"]',
        'two_sentences = ["Not bad, but slow!", "slow but NOT bad"]',
        "two_sentences = ('one two three four', 'four three two one')",
    ],
    "memory": ["memory = [4, 3, 0]", "memory = [100, 50, 0]", "memory = (-4 / -1, 2.5, 0.0)"],
    "clip": [
        CLIP + "return gradient * min(1, limit / max(np.linalg.norm(gradient), 1e-12))",
        CLIP
        + "n = np.sqrt(sum(gradient**2))\n    return gradient * (limit / n if n > limit else 1)",
        CLIP + "return gradient / max(1, np.linalg.norm(gradient) / limit)",
    ],
    "parameters": ["parameters = [14200, 14200]", "parameters = (4 * 50 * 71, 4 * 50 * (20 + 51))"],
    "masked_mean": [
        MEAN + "return embedded[sequence > 0].mean(axis=0)",
        MEAN
        + "keep = (sequence != 0)[:, None]\n    return (embedded * keep).sum(axis=0) / keep.sum()",
        MEAN + "return np.mean([row for row, n in zip(embedded, sequence) if n], axis=0)",
    ],
    "my_temperature": ["my_temperature = 2 / np.log(3)", "my_temperature = 1.82"],
}
WRONG = {
    "two_sentences": [
        'two_sentences = ["not bad", "bad not"]',
        'two_sentences = ["the dog bites the man", "the dog bites the man"]',
        'two_sentences = ["The dog bites the man", "the dog bites the man!"]',
        'two_sentences = ["the dog bites the man", "the man bites a dog"]',
        'two_sentences = ["the dog bites the dog man", "the dog bites the man man"]',
        "two_sentences = [3, 4]",
    ],
    "memory": [
        "memory = [1, 1, 0]",  # forgets little by little
        "memory = [4, 3, 3]",  # says yes without any 1
        "memory = [0, 3, 0]",
        "memory = [-4, 3, 0]",
        "memory = [4, 0.5, 0]",
        "memory = [4, 3]",
    ],
    "clip": [
        CLIP + "return gradient * limit / np.linalg.norm(gradient)",  # stretches short ones
        CLIP + "return np.clip(gradient, -limit, limit)",
        CLIP + "return gradient",
        CLIP + "return gradient / max(1, np.linalg.norm(gradient))",
        CLIP + "return min(np.linalg.norm(gradient), limit)",
    ],
    "parameters": [
        "parameters = [14200, 28400]",
        "parameters = [3550, 3550]",
        "parameters = [14000, 14000]",
        "parameters = 14200",
    ],
    "masked_mean": [
        MEAN + "return embedded.mean(axis=0)",
        MEAN + "return embedded[sequence > 0].sum(axis=0)",
        MEAN + "return embedded[: (sequence > 0).sum()].mean(axis=0)",  # padding may stand in front
        MEAN + "return embedded[np.unique(sequence)[1:]].mean(axis=0)",
        MEAN + "return 0",
    ],
    "my_temperature": [
        "my_temperature = 1",
        "my_temperature = np.log(3) / 2",
        "my_temperature = 2 / np.log(0.75)",
        "my_temperature = 2 / np.log(4)",
    ],
}
EMPTY = {
    "two_sentences": ["two_sentences = [..., ...]"],
    "memory": ["memory = [4, ..., 0]"],
    "clip": [CLIP + "return ..."],
    "parameters": ["parameters = [..., 14200]"],
    "masked_mean": [MEAN + "return ..."],
    "my_temperature": ["my_temperature = ..."],
}


@pytest.fixture(scope="module")
def lesson():
    """The names that the checks need, and the cells of the checks."""
    vectors = np.random.default_rng(0).normal(size=(20, 6)).astype("float32")
    vectors[0] = 1  # in the lesson it is 0; here a forgotten mask shows
    names = {"ck": ck, "np": np, "keras": keras, "Counter": Counter, "vectors": vectors}
    names |= {"layers": keras.layers, "ops": keras.ops}
    checks = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in read(SOURCE).cells:
            if cell.cell_type != "code":
                continue
            code = in_language(cell.source, "en")
            if "check" in cell.metadata.get("tags", []):
                (name,) = (key for key in RIGHT if key in cell.source)
                checks[name] = compile(code, name, "exec")
            elif any(text in code for text in NEEDED):
                exec(code, names)
    assert set(checks) == set(RIGHT)
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said and all(line.startswith(mark) for line in said)
