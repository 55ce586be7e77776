"""Lesson 01: its exercises take right answers and refuse wrong ones."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from coursekit import diagrams, planes, plots
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "01_perceptron.py"
PAIRS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND = (np.array([2, 1]), -2)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: planes.boundaries([AND], PAIRS, [0, 0, 0, 1], ["a", "b"], alt="x"),
        lambda: diagrams.descents(abs, [[1, 0]], [], "p", alt="x"),
    ],
)
def test_a_title_for_each(draw, language):
    with pytest.raises(ValueError, match=r"\d"):
        draw()


# Of the cells from the digits on, those that the last exercise needs: none of them trains for long.
NEEDED = (
    "ck.data.mnist|mean_picture =|def forward|def accuracy|def train_few|my_count = ...|def measure"
)
THIRD = "third_input = lambda x_1, x_2: "
SLOPE = "squared_slope = lambda y, t: "
RIGHT = {
    "decides_well": [
        "my_weights, my_bias = [2, 1, 1], -2",
        "my_weights, my_bias = (10, 5, 5), -12",
    ],
    "is_nand": [
        "nand_weights, nand_bias = [-1, -1], 1.5",
        "nand_weights, nand_bias = [-2, -1], 2.5",
    ],
    "helps_xor": [
        THIRD + text
        for text in ("x_1 * x_2", "x_1 and x_2", "x_1 or x_2", "1 - x_1 * x_2", "100 * x_1 * x_2")
    ]
    + [THIRD + "(x_1 + x_2) ** 2", THIRD + "max(x_1, x_2)"],
    "largest_rate": ["largest_rate = 1 / 9", "largest_rate = 0.111"],
    "squared_slope": [SLOPE + "2 * (y - t) * y * (1 - y)", SLOPE + "2 * (t - y) * (y * y - y)"],
    "close_enough": ["my_count, my_gap = 20, measure(20)[0] - measure(20)[1]"],
}
WRONG = {
    "decides_well": [
        "my_weights, my_bias = [1, 1, 1], -1",
        "my_weights, my_bias = [2, 1, 1], -1",
        "my_weights, my_bias = [3, 1, 1], -2",
        "my_weights, my_bias = [1, 1], -1",
    ],
    "is_nand": [
        "nand_weights, nand_bias = [-2, -1], 2",  # AND with every sign changed
        "nand_weights, nand_bias = [1, 1], -1",
    ],
    "helps_xor": [
        THIRD + text
        for text in ("x_1 + x_2", "3 * x_1 - x_2 + 1", "x_1 != x_2", "2 * (x_1 != x_2)", "7")
    ]
    + [THIRD + "1 - (x_1 != x_2)", THIRD + "(x_1 - x_2) ** 2", THIRD + "undefined"],
    "largest_rate": ["largest_rate = 0.112", "largest_rate = 0.11", "largest_rate = 1 / 14"],
    "squared_slope": [SLOPE + "2 * (y - t)", SLOPE + "(y - t) * y * (1 - y)", SLOPE + "y - t"],
    "close_enough": [
        "my_count, my_gap = 20, 0.0",
        "my_count, my_gap = 20, 1.0",
        "my_count, my_gap = 20, 0.05",
    ],
}


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson defines, its trainings left out, and the cells of its checks."""
    names, checks, late = {}, {}, False
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(plots, "display", lambda *_, **__: None)
        for cell in read(SOURCE).cells:
            if cell.cell_type != "code":
                continue
            text = in_language(cell.source, "en")
            late = late or "ck.data.mnist" in text
            if late and not any(word in text for word in NEEDED.split("|")):
                continue
            text = text.split("\n\ndigits_accuracy =")[0]
            code = compile(text, "cell", "exec")
            exec(code, names)
            if "check" in cell.metadata.get("tags", []):
                checks.update({key: code for key in RIGHT if key in cell.source})
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said and all(line.startswith(mark) for line in said)
