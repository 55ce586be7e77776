"""Lesson 02: its exercises take right answers and refuse wrong ones."""

import contextlib
import io
from pathlib import Path

import pytest

from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "02_mlp.py"

XOR = "hidden_w, hidden_b, output_w, output_b = "
TENT = "tent_w, tent_b, tent_v = "
SLOPES = "values_u_v_f, slopes_u_v, slopes_a_b = "
DROPOUT = "def dropout(h, rate, rng):\n    "
RIGHT = {
    "gives_xor": [
        XOR + "[[1, 1], [1, 1]], [-0.5, -1.5], [1, -1], -0.5",
        XOR + "[[-2, 1], [-2, 1]], [3, -0.5], [1, 1], -1.5",  # NAND and OR
        XOR + "[[1, -1], [-1, 1]], [-0.5, -0.5], [1, 1], -0.5",  # one input but not the other
    ],
    "is_tent": [
        TENT + "[1, 1, 1], [0, -1, -2], [1, -2, 1]",
        TENT + "[1, 1, 2], [-2, 0, -2], [1, 1, -1]",
        TENT + "[0.5, 2, 1], [0, -2, -2], [2, -1, 1]",
    ],
    "slopes_u_v": [
        SLOPES + "[6, 5, 30], [5, 6], [21, 16]",
        SLOPES + "(6.0, 5, 30), (5, 6), (21, 16)",
    ],
    "keeps_size": ["leaky_spread = np.sqrt(1.6)", "leaky_spread = 1.26", "leaky_spread = 1.28"],
    "is_dropout": [
        DROPOUT + "return h * (rng.random(h.shape) >= rate) / (1 - rate)",
        DROPOUT + "return np.where(rng.random(h.shape) < rate, 0, h / (1 - rate))",
    ],
}
WRONG = {
    "gives_xor": [
        XOR + "[[1, 1], [1, 1]], [-0.5, -1.5], [1, 1], -0.5",
        XOR + "[[1, 1], [1, 1]], [-0.5, -0.5], [1, -1], -0.5",
        XOR + "[1, 1], [-0.5, -1.5], [1, -1], -0.5",
    ],
    "is_tent": [
        TENT + "[1, 1, 1], [0, -1, -2], [1, -1, 1]",
        TENT + "[1, 1, 1], [0, -1, -2], [1, -2, 0]",  # goes on falling
        TENT + "[1, 1, 1], [0, 1, 2], [1, -2, 1]",
    ],
    "slopes_u_v": [SLOPES + "[6, 5, 11], [6, 5], [15, 10]"],
    "keeps_size": ["leaky_spread = np.sqrt(2)", "leaky_spread = 1", "leaky_spread = 1.6"],
    "is_dropout": [
        DROPOUT + "return h",
        DROPOUT + "return h * (rng.random(h.shape) >= rate)",
        DROPOUT + "return h * (rng.random(h.shape) < rate) / rate",
        DROPOUT + "return h * (rng.random(h.shape) >= rate) / rate",
        DROPOUT + "return h * (rng.random(h.shape[1]) >= rate) / (1 - rate)",  # whole columns
    ],
}
NEEDED = (
    "import coursekit",
    "def sigmoid",
    "def train_regressions",
    "inputs = np",
    "functions = {",
    "def size(",
    "def sizes_by_layer",
)


@pytest.fixture(scope="module")
def lesson():
    """The names that the checks need, and the cells of the checks."""
    names, checks = {}, {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in read(SOURCE).cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or "solution" in tags:
                continue
            code = in_language(cell.source, "en")
            if "check" in tags:
                checks.update({key: code for key in RIGHT if key in code})
            elif any(start in code for start in NEEDED) or 'functions["leaky"]' in code:
                exec(code, names)
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said and all(line.startswith(mark) for line in said)
