"""Figures: that each looks as it did, says its words, and what bad input gets.

A figure is compared with its picture in tests/baseline (pytest-mpl, in pyproject.toml). A new one
is a line in BOTH_LANGUAGES or ONE_LANGUAGE; then, and after a change that is meant, make the
pictures again, look at each that git calls new or changed, and commit it:

    python -m pytest --mpl-generate-path=tests/baseline tests/test_plots.py

They are made with the matplotlib of constraints.txt: another one sets letters otherwise.
"""

import base64
import io
from types import FunctionType

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from coursekit import diagrams, planes, plots, style, widgets, words

GREYS = (np.arange(63).reshape(7, 3, 3) * 37 % 64 + 32) / 96  # from 1/3 to 1
PLACES = np.array([[0, 0], [1, 0.2], [2, 1], [0.3, 2], [1.4, 1.6], [2, 2], [0.9, 1.1]])
CROWD = [[0, 0], [10, 6], [5, 3], [5.3, 3.1], [5.1, 2.8], [4.7, 3.2], [5.6, 2.9], [9.9, 0.1]]
SPREAD = np.outer(np.arange(40), [0.618, 0.755]) % 1  # some of them side by side
SQUARES = np.kron((np.arange(160).reshape(40, 2, 2) * 37 % 64 + 32) / 96, np.ones((1, 30, 45)))
INPUTS, KERNEL = np.arange(30).reshape(5, 6) % 7, np.array([[1, 0, -1], [2, 0, -2]])
LOSSES = {"loss": [0.9, 0.6, 0.45, 0.4], "val_loss": [1.0, 0.7, 0.55, 0.6]}
ACCURACIES = {"accuracy": [0.5, 0.7, 0.8, 0.85], "val_accuracy": [0.4, 0.6, 0.7, 0.65]}


SEVEN = 1 - np.pad(np.array([[1, 1, 1], [0, 0, 1], [0, 1, 0]]).repeat(9, 0).repeat(7, 1), (4, 30))


class Fitted:
    """What `fit` returns."""

    history = LOSSES | ACCURACIES


def strokes():
    """Draw every stroke, plain and otherwise, over and under one another."""
    figure, axis = diagrams.canvas(12, 3)
    diagrams.arrow(axis, (1, 2), (1, 0.5))
    diagrams.circle(axis, 1, 2, "$x_1$")
    diagrams.box(axis, 2, 2, "below")
    diagrams.circle(axis, 3, 2, "above")
    diagrams.box(axis, 4, 2, "0", width=1.4, height=0.6, colour=plots.GREEN, fontsize=9)
    diagrams.arrow(axis, (4, 2), (7, 2), "$w$")
    diagrams.circle(axis, 8, 2, "1", radius=0.8, colour=plots.ORANGE, fontsize=22)
    diagrams.arrow(axis, (2, 0.5), (5, 1), "up", colour=plots.PURPLE, fontsize=20, bend=0.3)
    for x in (9.5, 10, 10.5, 11, 11.5):
        diagrams.arrow(axis, (x, 0.3), (x - 0.5, 2.7))
    plots.show(figure, "strokes")


def settings():
    """Draw what a lesson draws by itself, in the style of the course."""
    figure, (left, right) = plt.subplots(1, 2)
    for i in range(5):
        left.plot([0, 1, 2], [i, i + 1, i])
    left.set(title="lines", xlabel="x")
    right.imshow(INPUTS)
    plots.show(figure, "settings")


def boundary():
    """Draw points, the border of a model and a line between them."""
    figure, axis = plt.subplots(figsize=(5, 5))
    planes.boundary(axis, lambda x: 1 / (1 + np.exp(-x[:, :1] - x[:, 1:] ** 2)), 2)
    planes.points(axis, PLACES - 1, [0, 1, 1, 0, 1, 0, 0], size=90)
    axis.set_ylim(-2.5, 3)  # other limits than x has: a line keeps both
    planes.line(axis, [1, 2], -1, "--")
    plots.show(figure, "boundary")


BOTH_LANGUAGES = {
    "history": lambda: plots.history(Fitted),
    "confusion": lambda: plots.confusion([[9, 1, 0], [0, 8, 1], [0, 0, 12]]),
    "convolution": lambda: diagrams.convolution_step(INPUTS, KERNEL, 1, 2),
    "receptive": lambda: diagrams.receptive_field([(3, 1), (2, 2), (3, 1)]),
    "neuron": lambda: diagrams.neuron([2, 1, 3], "$w·x + b$", "$y$", inputs=["a", "b", "c"]),
    "passes": lambda: diagrams.network([["1", "2"], ["3"]], [[[0.5], [-0.25]]], passes=True),
    "joints": lambda: diagrams.joints([1, -1, 2, 1, 0], [0, 2, 1, -1, 1], [0.5, 1.5, -1, 1, 1]),
    "descents": lambda: diagrams.descents(np.square, [[2, 1, 0.5], [1, -1]], "ab", "p", alt="a"),
    "lstm": lambda: diagrams.lstm_cell(),
    "hourglass": lambda: diagrams.hourglass((4, 2, 1, 3)),
    "paths": lambda: diagrams.two_paths(),
    "map": lambda: planes.picture_maps([SPREAD * 9], SQUARES, alt="a"),
    "drawing": lambda: widgets.draw(lambda page: np.arange(10) / 12, SEVEN),
}
ONE_LANGUAGE = {
    "titles": lambda: plots.images(GREYS, range(7)),
    "rows": lambda: plots.images(GREYS, columns=2, size=0.7),
    "one": lambda: plots.images(np.arange(12).reshape(1, 3, 4) % 9, values=True),
    "decimals": lambda: plots.images(GREYS[:2] - 0.6, values=True),
    "signed": lambda: plots.images(GREYS[:3] - 0.5, columns=3, values=True, signed=True),
    "zeros": lambda: plots.images(np.zeros((2, 2, 3)), values=True),
    "colours": lambda: plots.images(np.eye(3)[np.arange(24).reshape(4, 2, 3) % 3], columns=4),
    "loss": lambda: plots.history({"loss": [0.9, 0.6]}),
    "names": lambda: plots.confusion([[5, 0], [7, 3]], ["cat", "dog"]),
    "first_step": lambda: diagrams.convolution_step(np.eye(4, 3), np.eye(2, 1), 0, 0),
    "last_step": lambda: diagrams.convolution_step(np.eye(3, 4), np.eye(1, 2), 2, 2),
    "strokes": strokes,
    "graph": lambda: diagrams.graph(
        {"a": (0, 0), "b": (3, 1)}, {"a": "x", "b": "+"}, {("a", "b"): "2"}, {"b": "6"}, alt="a"
    ),
    "network": lambda: diagrams.network([["1", "2"], ["3", "4"]], notes=[["a", "b"], ["c", "d"]]),
    "conv_network": lambda: diagrams.conv_network(
        ["in", "maps", "list"], [(28, 28, 1), (12, 12, 24), (10,)]
    ),
    "deep": lambda: diagrams.conv_network(
        ["maps", "same", "many", "wide\nlist"], [(8, 8, 10), (8, 8, 19), (4, 4, 300), (99,)]
    ),
    "symbols": lambda: diagrams.neuron(["$w_1$", "-2"], "+", "yes"),
    "unrolled": lambda: diagrams.unrolled(["a", "b"], ["", "c"]),
    "curves": lambda: plots.curves(
        None, {"a": [1, 3, 2], "b": [[2, 2, 1], [1, 0, 0]]}, xlabel="x", ylabel="y", alt="a"
    ),
    "level": lambda: plots.curves(
        range(60),
        {"": np.arange(1, 61)},
        xlabel="x",
        ylabel="y",
        level=("l", 9),
        alt="a",
        height=2.5,
        yscale="log",
    ),
    "bars": lambda: plots.bars(["a", "b"], {"c": [1, -2]}, xlabel="x", alt="a"),
    "groups": lambda: plots.bars(
        "abcd", {"e": [1, 2, 3, 2], "f": [2, 3, 1, -1]}, xlabel="x", xlim=(-2, 4), alt="a"
    ),
    "many_curves": lambda: plots.curves(
        [0, 1, 3],
        {name: np.arange(3) + place for place, name in enumerate("abcdef")},
        xlabel="x",
        ylabel="y",
        level=("l", 2),
        alt="a",
    ),
    "longest_marked": lambda: plots.curves(
        None, {"a": np.arange(50) % 7, "b": np.arange(51) % 9}, xlabel="x", ylabel="y", alt="a"
    ),
    "many_bars": lambda: plots.bars("abcdefg", {"h": [1, 2, 3, 0, 2, 3, 1]}, xlabel="x", alt="a"),
    "table": lambda: plots.table([["a", "b"], ["c", "d"], ["e", "f"]], alt="a"),
    "widths": lambda: plots.table([["a", "b", "c"], ["d", "e", "f"]], widths=[1, 3, 2], alt="a"),
    "verdicts": lambda: plots.verdicts(["a", "b"], [0.9, 0.2], low="no", high="yes", alt="a"),
    "boundary": boundary,
    "boundaries": lambda: planes.boundaries(
        [([1, 1], -1.5), ([1, -1], 0)], [[0, 0], [1, 0], [1, 1]], [0, 0, 1], "ab", alt="a"
    ),
    "targets": lambda: planes.boundaries(
        [([1, 1], -0.5), ([0, 1], -0.5), ([1, 0], -0.5)],
        [[0, 0], [1, 0], [0, 1]],
        [[0, 1, 1], [0, 1, 0], [0, 1, 0]],
        "abc",
        columns=2,
        alt="a",
    ),
    "words": lambda: planes.word_map(
        ["one", "two", "three", "four", "five", "six", "seven", "eight"],
        np.array(CROWD),
        [0, 1, 2, 3, 4, 5, 6, 0],
        alt="a",
    ),
    "two_maps": lambda: planes.picture_maps(
        [SPREAD, 1 - SPREAD], SQUARES, "ab", path=SPREAD[:3], alt="a"
    ),
    "settings": settings,
}
compared = pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 50})


@pytest.fixture
def shown(monkeypatch):
    """What the functions display, in place of a notebook: a list of (data, metadata)."""
    displayed = []

    def display(data, metadata, raw):
        assert raw, "a dictionary of media types"
        displayed.append((data, metadata))

    monkeypatch.setattr(plots, "display", display)
    return displayed


@pytest.fixture
def figure_of(shown, monkeypatch):
    """Return a function that draws and returns the only figure which was displayed."""

    def figure_of(draw):
        style.apply()  # pytest-mpl begins each test with matplotlib's own
        drawn = []
        with monkeypatch.context() as patch:  # nobody looks at these pixels: most of the time
            patch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
            draw()
        (figure,) = drawn
        assert len(shown) == 1 and not plt.get_fignums(), "displayed and closed"
        return figure

    return figure_of


@compared
@pytest.mark.parametrize("name", BOTH_LANGUAGES)
def test_figure(name, language, figure_of):
    return figure_of(BOTH_LANGUAGES[name])


@compared
@pytest.mark.parametrize("name", ONE_LANGUAGE)
def test_drawing(name, figure_of):
    return figure_of(ONE_LANGUAGE[name])


def test_each_function_is_in_some_picture():
    drawings = (BOTH_LANGUAGES | ONE_LANGUAGE).values()
    used = {name for draw in drawings for name in draw.__code__.co_names}
    for module in (plots, diagrams, planes):
        for name, value in vars(module).items():
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                assert name in used or name.startswith("_"), f"{name} is in no drawing above"


def test_a_figure_is_displayed_sharp_and_with_its_sentence(shown):
    plots.show(plt.figure(figsize=(10, 4)), "a sentence")
    ((data, metadata),) = shown
    assert data["text/plain"] == metadata["image/png"]["alt"] == "a sentence"
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.format == "PNG"
    assert metadata["image/png"]["width"] == 720, "inches of 72 pixels of the page"
    assert picture.size == (1440, 576), "two pixels for each pixel of the page"
    assert not plt.get_fignums(), "the figure is closed"


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (lambda: plots.show(plt.figure(), "a sentence", jpeg=True), "jpeg"),
        (lambda: plots.images(GREYS[:1], jpeg=True), "jpeg"),
        (lambda: plots.images(GREYS[:1]), "png"),
    ],
)
def test_photos_are_kept_as_jpeg(draw, kind, shown):
    draw()
    ((data, metadata),) = shown
    assert set(data) == {f"image/{kind}", "text/plain"} and set(metadata) == {f"image/{kind}"}
    picture = Image.open(io.BytesIO(base64.b64decode(data[f"image/{kind}"])))
    assert picture.format == kind.upper()


@pytest.mark.parametrize(
    ("draw", "key", "values"),
    [
        (
            lambda: plots.images(np.zeros((3, 4, 4)), [5, 7, ""], columns=2),
            "images",
            {"rows": 2, "columns": 2, "titles": ": 5, 7, "},
        ),
        (
            lambda: plots.images(np.zeros((7, 4, 4))),
            "images",
            {"rows": 2, "columns": 5, "titles": ""},
        ),
        (lambda: plots.confusion(np.eye(3, dtype=int)), "confusion", {"classes": 3}),
        (
            lambda: diagrams.convolution_step(np.arange(9).reshape(3, 3), np.full((1, 2), 2), 2, 1),
            "convolution",
            {"row": 2, "column": 1, "value": 30},
        ),
        (
            lambda: diagrams.receptive_field([(5, 2), (3, 1), (2, 2)]),
            "receptive_field",
            {"layers": 3, "field": 11},
        ),
        (
            lambda: diagrams.conv_network(["a\nb", "c"], [(9, 9, 1), (2,)]),
            "conv_network",
            {"names": "a b, c"},
        ),
        (
            lambda: diagrams.neuron(["$w$", 2], "", ""),
            "neuron",
            {"count": 2, "weights": "w, 2"},
        ),
        (lambda: diagrams.network([["", ""], [""]]), "network", {"sizes": "2 – 1"}),
        (
            lambda: diagrams.unrolled(["a", "b"], ["", ""]),
            "unrolled",
            {"steps": 2, "inputs": "a, b"},
        ),
        (lambda: diagrams.hourglass(), "hourglass", {"sizes": "5, 3, 2, 3, 5"}),
        (lambda: diagrams.joints([1, 2], [0, 0], [1, 1]), "joints", {"neurons": 2}),
    ],
)
def test_the_sentence_says_what_is_seen(draw, key, values, language, shown, figure_of):
    figure_of(draw)
    assert shown[0][0]["text/plain"] == words.say(f"alt_{key}", **values)


def test_the_sentence_of_a_history(language, shown, figure_of):
    figure_of(BOTH_LANGUAGES["history"])
    assert (
        shown[0][0]["text/plain"]
        == {
            "es": "Curvas de pérdida, exactitud en entrenamiento y validación durante 4 épocas.",
            "en": "Curves of loss, accuracy in training and validation over 4 epochs.",
        }[language]
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.images(np.zeros((1, 4, 4)), alt="mine", jpeg=True),
        lambda: diagrams.neuron([1], "", "", alt="mine"),
        lambda: diagrams.network([["a"], ["b"]], alt="mine"),
        lambda: plots.table([["a"]], alt="mine"),
    ],
)
def test_a_sentence_of_ones_own(draw, shown, figure_of):
    figure_of(draw)
    assert shown[0][0]["text/plain"] == "mine"


SQUARE = np.zeros((5, 5))


@pytest.mark.parametrize(
    ("draw", "key"),
    [
        (lambda: plots.images(np.zeros((28, 28))), "bad_shape"),
        (lambda: plots.images(np.zeros((2, 28, 28, 4))), "bad_shape"),
        (lambda: plots.images(np.zeros((0, 28, 28))), "bad_shape"),
        (lambda: plots.images(np.zeros((2, 28, 28)), ["one"]), "bad_count"),
        (lambda: plots.history({"accuracy": [0.5]}), "bad_history"),
        (lambda: plots.history({"loss": []}), "bad_history"),
        (lambda: plots.history([1.0, 0.5]), "bad_history"),
        (lambda: plots.confusion(np.zeros((2, 3))), "bad_shape"),
        (lambda: plots.confusion(np.zeros(4)), "bad_shape"),
        (lambda: diagrams.convolution_step(SQUARE, np.zeros(3), 0, 0), "bad_shape"),
        (lambda: diagrams.convolution_step(np.zeros(3), SQUARE, 0, 0), "bad_shape"),
        (lambda: diagrams.convolution_step(SQUARE, np.zeros((6, 5)), 0, 0), "bad_shape"),
        (lambda: diagrams.convolution_step(SQUARE, np.zeros((5, 6)), 0, 0), "bad_shape"),
        (lambda: diagrams.convolution_step(SQUARE, np.eye(3), 3, 0), "bad_position"),
        (lambda: diagrams.convolution_step(SQUARE, np.eye(3), 0, 3), "bad_position"),
        (lambda: diagrams.convolution_step(SQUARE, np.eye(3), -1, 0), "bad_position"),
        (lambda: diagrams.convolution_step(SQUARE, np.eye(3), 0, -1), "bad_position"),
        (lambda: diagrams.conv_network(["a"], [(2, 2, 2), (3,)]), "bad_count"),
        (lambda: diagrams.network([["a"], ["b"]], [[[1, 2]]]), "bad_shape"),
        (lambda: diagrams.unrolled(["a"], []), "bad_answers"),
        (lambda: diagrams.joints([[1]], [1], [1]), "bad_shape"),
        (lambda: diagrams.descents(np.square, [[1, 0]], [], "p", alt="a"), "bad_count"),
        (lambda: planes.boundaries([([1, 1], 0)], [[0, 0]], [0], [], alt="a"), "bad_count"),
        (lambda: planes.picture_maps([PLACES], np.zeros((7, 7)), alt="a"), "bad_shape"),
        (lambda: planes.picture_maps([[1, 2]], GREYS, alt="a"), "bad_shape"),
        (lambda: plots.show(plt.figure(), ""), "no_alt"),
    ],
)
def test_bad_input_is_one_sentence(draw, key, language, shown, monkeypatch):
    monkeypatch.setattr(words, "said", set())
    with pytest.raises(ValueError) as error:
        draw()
    assert words.said == {key}
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
    assert not shown
    plt.close("all")


def test_a_kernel_may_be_as_large_as_the_picture(figure_of):
    assert figure_of(lambda: diagrams.convolution_step(SQUARE, SQUARE, 0, 0))
