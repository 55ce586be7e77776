"""Lesson 03: its exercises take right answers and refuse wrong ones."""

import contextlib
import io
from pathlib import Path

import pytest

from coursekit import plots
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "03_cnn_mnist.py"
LENET = """
def conv(filters, padding="valid", activation="tanh", size=5):
    return layers.Conv2D(filters, size, padding=padding, activation=activation)


def lenet_of(first=None, pool=layers.AveragePooling2D, second=None, last="softmax", units=84):
    body = [first or conv(6, "same"), pool(2), second or conv(16), pool(2), layers.Flatten()]
    ends = [layers.Dense(120, "tanh"), layers.Dense(units, "tanh"), layers.Dense(10, last)]
    return keras.Sequential([layers.Input((28, 28, 1)), *body, *ends])


"""
FUNCTIONAL = """
x_in = layers.Input((28, 28, 1))
z = layers.AveragePooling2D(2)(layers.Conv2D(6, (5, 5), padding="same", activation="tanh")(x_in))
z = layers.Flatten()(layers.AveragePooling2D(2)(layers.Conv2D(16, 5, activation=ops.tanh)(z)))
z = layers.Dense(84, "tanh")(layers.Dense(120, "tanh")(z))
lenet = keras.Model(x_in, layers.Softmax()(layers.Dense(10)(z)))
"""
RIGHT = {
    "shifts_left": [
        "shift_kernel = [[0, 0, 0], [0, 0, 1], [0, 0, 0]]",
        "shift_kernel = np.array([[0, 0, 0], [0, 0, 1.0], [0, 0, 0]])",
        "shift_kernel = np.zeros((3, 3)); shift_kernel[1, 2] = 1",
    ],
    "derivatives": [
        "derivatives = [10, 9]",
        "derivatives = (10.0, 9.0)",
        "derivatives = np.array([10, 9])",
    ],
    "is_lenet": [LENET + "lenet = lenet_of()", FUNCTIONAL],
    "foreseen": [
        "prediction, measured = 0.8, 0.83",
        "prediction, measured = 0.9, np.mean([0.82, 0.86])",
        "prediction, measured = 0.1, 0.83",  # a wrong prediction is no wrong answer
    ],
}
WRONG = {
    "shifts_left": [
        "shift_kernel = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]",  # to the right
        "shift_kernel = [[0, 1, 0], [0, 0, 0], [0, 0, 0]]",  # down
        "shift_kernel = [[0, 0, 0], [0, 0, 2], [0, 0, 0]]",
        "shift_kernel = [[0, 0, 0], [0, 1, 1], [0, 0, 0]]",
        "shift_kernel = [0, 0, 1]",
        "shift_kernel = 1",
    ],
    "derivatives": [
        "derivatives = [9, 10]",
        "derivatives = [5, 4.5]",  # without the 2
        "derivatives = [20, 18]",  # without the mean
        "derivatives = [-10, -9]",
        "derivatives = [8, 7]",
        "derivatives = 10",
    ],
    "is_lenet": [
        LENET + "lenet = lenet_of(pool=layers.MaxPooling2D)",
        LENET + "lenet = lenet_of(first=conv(6))",
        LENET + "lenet = lenet_of(first=conv(6, 'same', 'relu'))",
        LENET + "lenet = lenet_of(second=conv(16, activation='linear'))",
        LENET + "lenet = lenet_of(last='sigmoid')",
        LENET + "lenet = lenet_of(units=80)",
        "lenet = [layers.Dense(10)]",
        "lenet = 7",
    ],
    "foreseen": [
        "prediction, measured = 0.1, 0.08",  # a network without augmentation
        "prediction, measured = 80, 83",
        "prediction, measured = 'high', 0.83",
    ],
}


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson has defined before it trains, and the cells of its checks."""
    names, checks = {"prediction": ..., "measured": ...}, {}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(plots, "display", lambda *_, **__: None)
        for cell in read(SOURCE).cells:
            tags = cell.metadata.get("tags", [])
            needs_training = "slow" in tags or "dense.count" in cell.source or "is_lenet" in checks
            if cell.cell_type != "code" or (needs_training and "check" not in tags):
                continue
            code = compile(in_language(cell.source, "en"), "cell", "exec")
            exec(code, names)
            if "check" in tags:
                checks.update({key: code for key in RIGHT if key in cell.source})
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said and all(line.startswith(mark) for line in said)
