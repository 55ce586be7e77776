"""What lesson 03 draws and prepares: networks, receptive fields, curves, a digit like MNIST's."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import diagrams, pictures, plots


@pytest.fixture
def shown(monkeypatch):
    """The figures that are shown, in place of a notebook: a list of (figure, sentence)."""
    figures = []

    def keep(figure, alt, **_):
        figures.append((figure, alt))
        plt.close(figure)

    monkeypatch.setattr(plots, "show", keep)
    monkeypatch.setattr(diagrams, "show", keep)
    return figures


@pytest.mark.parametrize(
    ("windows", "field"),
    [([(3, 1)], 3), ([(3, 1), (3, 1)], 5), ([(3, 2), (3, 1)], 7),
     ([(5, 2), (3, 1), (2, 2), (3, 1)], 19)],
)  # fmt: skip
def test_the_receptive_field_is_counted(shown, windows, field):
    diagrams.receptive_field(windows)
    ((figure, alt),) = shown
    assert f" {field} " in alt
    # Each layer has one filled and one outlined box for a place inside, one outlined outside.
    boxes = len(figure.axes[0].patches)
    assert boxes >= 2 * (field + 1) + 2 * (len(windows) + 1)


def test_a_network_is_drawn_with_its_sizes(shown):
    diagrams.conv_network(["a", "b"], [(28, 28, 1), (10,)])
    texts = [text.get_text() for text in shown[0][0].axes[0].texts]
    assert {"a", "b", "28 × 28 × 1", "10"} <= set(texts)


def test_a_network_needs_a_name_for_each_stack(shown):
    with pytest.raises(ValueError, match="1"):
        diagrams.conv_network(["a"], [(28, 28, 1), (10,)])


def test_several_runs_become_their_mean_and_range(shown):
    series = {"a": [[1, 2], [3, 4]], "b": [5, 6]}
    plots.curves([0, 1], series, xlabel="x", ylabel="y", alt="alt", ylim=(0, 7))
    figure = shown[0][0]
    axis = figure.axes[0]
    assert [list(line.get_ydata()) for line in axis.get_lines()] == [[2, 3], [5, 6]]
    assert len(axis.collections) == 1, "only the first has a range"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]
    assert axis.get_ylim() == (0, 7)


def test_shrinking_averages():
    picture = np.arange(16.0).reshape(4, 4)
    assert np.allclose(pictures.resize(picture, 2, 2), [[2.5, 4.5], [10.5, 12.5]])


@pytest.mark.parametrize("rows, columns", [(60, 12), (8, 90), (30, 30)])
def test_a_digit_is_placed_as_in_mnist(rows, columns):
    photo = np.ones((100, 160))
    photo[5 : 5 + rows, 60 : 60 + columns] = 0.2
    digit = pictures.like_mnist(photo)
    assert digit.shape == (28, 28) and digit.dtype == np.float32 and digit.max() == 255
    places = np.argwhere(digit)
    assert max(np.ptp(places, axis=0) + 1) == 20
    assert np.allclose(places.mean(axis=0), 13.5, atol=0.51)


def test_an_empty_page_stays_empty():
    assert not pictures.like_mnist(np.ones((9, 9))).any()


def test_a_colour_picture_is_refused():
    with pytest.raises(ValueError, match="rows, columns"):
        pictures.like_mnist(np.ones((9, 9, 3)))
