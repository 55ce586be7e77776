"""Figures: that they appear with their words, and what bad input gets."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from coursekit import plots

RNG = np.random.default_rng(0)


@pytest.fixture
def shown(monkeypatch):
    """What the functions display, in place of a notebook: a list of (data, metadata)."""
    displayed = []
    monkeypatch.setattr(
        plots, "display", lambda data, metadata, raw: displayed.append((data, metadata))
    )
    return displayed


def pixels(shown):
    """Return the picture of the only figure shown, after checking how it was shown."""
    ((data, metadata),) = shown
    assert data["text/plain"] == metadata["image/png"]["alt"] != ""
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width == 2 * metadata["image/png"]["width"] <= 1440
    assert not plt.get_fignums(), "the figure is closed"
    return np.asarray(picture.convert("RGB"))


FIGURES = {
    "grey pictures": lambda: plots.images(RNG.random((3, 28, 28)), ["a", "b", "c"]),
    "colour pictures": lambda: plots.images(RNG.random((2, 20, 30, 3))),
    "one picture": lambda: plots.images(RNG.integers(0, 9, (1, 5, 5)), values=True),
    "all zeros": lambda: plots.images(np.zeros((2, 4, 4)), values=True),
    "feature maps": lambda: plots.feature_maps(RNG.random((11, 11, 20))),
    "filters": lambda: plots.filters(RNG.normal(size=(3, 3, 1, 16))),
    "kernels": lambda: plots.kernels_on_photo(
        RNG.random((20, 30)), {"a": RNG.random((18, 28)), "b": RNG.random((18, 28))}
    ),
    "history": lambda: plots.history({"loss": [1.0, 0.5], "val_loss": [1.0, 0.6]}),
    "confusion": lambda: plots.confusion(np.eye(10, dtype=int)),
    "convolution": lambda: plots.convolution_step(np.eye(5, dtype=int), np.eye(3, dtype=int), 1, 2),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_each_figure_is_drawn(figure, language, shown):
    FIGURES[figure]()
    assert pixels(shown).std() > 5, "something was drawn"


@pytest.mark.parametrize("figure", ["history", "confusion", "convolution", "kernels"])
def test_the_words_follow_the_language(figure, shown):
    from coursekit import words

    FIGURES[figure]()
    words.use("en")
    FIGURES[figure]()
    words.use("es")
    (spanish, _), (english, _) = shown
    assert spanish["text/plain"] != english["text/plain"]
    assert spanish["image/png"] != english["image/png"]


def test_titles_stand_in_the_alternative_text(shown):
    plots.images(np.zeros((2, 4, 4)), [5, 7])
    assert "5, 7" in shown[0][0]["text/plain"]


def test_signed_pictures_have_zero_in_the_middle(shown):
    plots.images(np.array([[[-1.0, 0.0, 0.5]]]), signed=True, size=3)
    picture = pixels(shown)
    row = picture[len(picture) // 2]
    left, middle, right = (row[round(len(row) * x)].astype(int) for x in (0.2, 0.5, 0.85))
    assert left[0] > left[2] + 100, "negative is orange"
    assert middle.min() > 250, "zero is white"
    assert right[2] > right[0] + 50, "positive is blue"


def test_a_convolution_step_says_its_number(shown):
    inputs, kernel = np.arange(25).reshape(5, 5), np.array([[0, 1], [0, 0]])
    plots.convolution_step(inputs, kernel, 2, 3)
    assert "14" in shown[0][0]["text/plain"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.images(np.zeros((28, 28))),
        lambda: plots.images(np.zeros((2, 28, 28, 4))),
        lambda: plots.images(np.zeros((0, 28, 28))),
        lambda: plots.images(np.zeros((2, 28, 28)), ["one"]),
        lambda: plots.feature_maps(np.zeros((1, 11, 11, 8))),
        lambda: plots.filters(np.zeros((3, 3, 16))),
        lambda: plots.filters(np.zeros((3, 3, 2, 16))),
        lambda: plots.kernels_on_photo(np.zeros((5, 5, 3)), {}),
        lambda: plots.kernels_on_photo(np.zeros((5, 5)), {"a": np.zeros(5)}),
        lambda: plots.history({"accuracy": [0.5]}),
        lambda: plots.history([1.0, 0.5]),
        lambda: plots.confusion(np.zeros((2, 3))),
        lambda: plots.convolution_step(np.zeros((5, 5)), np.zeros(3), 0, 0),
        lambda: plots.convolution_step(np.zeros((5, 5)), np.zeros((6, 6)), 0, 0),
        lambda: plots.convolution_step(np.zeros((5, 5)), np.zeros((3, 3)), 3, 0),
        lambda: plots.show(plt.figure(), ""),
    ],
)
def test_bad_input_is_one_sentence(draw, language, shown):
    with pytest.raises(ValueError) as error:
        draw()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
    assert not shown
    plt.close("all")
