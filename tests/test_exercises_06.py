"""Lesson 06: its exercises take right answers and refuse wrong ones."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from coursekit import plots
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "06_style_transfer.py"
KEEP = "keep_colours = lambda painted, photo: "
RIGHT = {
    "my_gram": ["my_gram = [[2, 0], [0, 0.5]]", "my_gram = np.diag([2.0, 0.5])"],
    "same_gram": [
        "twin = small[::-1]",
        "twin = small[:, ::-1]",
        "twin = small[::-1, ::-1]",
        "twin = np.roll(small, 40, axis=1)",
        "twin = np.random.default_rng(1).permutation(small.reshape(-1, 3)).reshape(small.shape)",
    ],
    "after_steps": ["after_steps = [0.5, 0.25]", "after_steps = (1 / 2, 1 / 4)"],
    "keeps_colours": [
        KEEP + "photo + light(painted) - light(photo)",
        KEEP + "photo - light(photo) + light(painted)",
        KEEP + "photo + light(painted - photo)",
        KEEP + "photo + ((painted - photo) @ np.array([0.299, 0.587, 0.114]))[:, :, None]",
    ],
    "my_change": [
        "my_prediction = [1, -1]; my_change = 1 - small",
        "my_prediction = (1, 1); my_change = small[::-1]",
        "my_prediction = np.array([-1, -1]); my_change = (1 - small).tolist()",
    ],
}
WRONG = {
    "my_gram": [
        "my_gram = [[8, 0], [0, 2]]",  # not divided by the places
        "my_gram = [[1, 0], [0, 0.5]]",
        "my_gram = [[2, 0.5], [0.5, 0.5]]",
        "my_gram = [2, 0, 0, 0.5]",
    ],
    "same_gram": [
        "twin = small",
        "twin = small + 0",
        "twin = small[..., ::-1]",
        "twin = 1 - small",
        "twin = small[:48]",
        "twin = np.roll(small, 1, axis=1)",  # hardly different
        "twin = small.swapaxes(0, 1)",
        "twin = 'small'",
    ],
    "after_steps": [
        "after_steps = [0.5, 0]",  # the slope of the first step twice
        "after_steps = [0.75, 0.5]",
        "after_steps = [0.5, 0.75]",
        "after_steps = [0.5]",
    ],
    "keeps_colours": [
        KEEP + "painted",
        KEEP + "photo",
        KEEP + "photo * light(painted) / light(photo)",
        KEEP + "photo + light(painted)",
        KEEP + "painted + light(photo) - light(painted)",
        KEEP + "(photo + painted) / 2",
        KEEP + "undefined",
    ],
    "my_change": [
        "my_prediction = [1, 1]; my_change = small[:48]",
        "my_prediction = [1, 1]; my_change = large",
        "my_prediction = [1, 1]; my_change = small * np.nan",
        "my_prediction = [1, 1]; my_change = 3",
        "my_prediction = [1, 1]; my_change = small",  # nothing was changed
        "my_prediction = [1, 1]; my_change = by_beta[2]",
        "my_prediction = [1]; my_change = 1 - small",
        "my_prediction = [0.5, 0.2]; my_change = 1 - small",
        "my_prediction = 'above'; my_change = 1 - small",
    ],
}
EMPTY = {
    "my_gram": ["my_gram = [[..., ...], [..., ...]]"],
    "same_gram": ["twin = ..."],
    "after_steps": ["after_steps = [..., ...]"],
    "keeps_colours": [KEEP + "..."],
    "my_change": [
        "my_prediction = [..., ...]; my_change = ...",
        "my_prediction = [..., ...]; my_change = 1 - small",
        "my_prediction = [1, -1]; my_change = ...",
    ],
}


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson has defined before its painter, and the cells of its checks."""
    names, checks = {}, {}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(plots, "display", lambda *_, **__: None)
        painted = False
        for cell in read(SOURCE).cells:
            if cell.cell_type != "code":
                continue
            tags = cell.metadata.get("tags", [])
            if "slow" in tags and not painted:
                # What it paints takes long: any other picture does as well here.
                painted, content = True, names["content"]
                names |= {"large": content, "painting": names["style"].copy()}
                names["by_beta"] = [None, None, names["small"] ** 2]
                names["measure"] = lambda picture: [float(np.mean(picture))] * 3
            code = compile(in_language(cell.source, "en"), "cell", "exec")
            if not painted or "def light(" in cell.source:
                exec(code, names)
            if "check" in tags:
                checks.update({key: code for key in RIGHT if key in cell.source})
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said and all(line.startswith(mark) for line in said)
