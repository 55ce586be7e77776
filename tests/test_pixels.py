"""The measure that compares pictures: what it bears, and what it does not."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tools import pixels

STEPS = np.linspace(0, 6, 60)


def png(draw, size=(10, 4)):
    figure, axes = plt.subplots(1, 2, figsize=size)
    draw(axes)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=144)
    plt.close(figure)
    return buffer.getvalue()


def curves(axes, wobble=0.0, axis=0):
    axes[axis].plot(STEPS, np.sin(STEPS) + wobble * np.cos(9 * STEPS))
    axes[1].imshow(np.random.default_rng(0).random((8, 8)) + wobble, vmin=0, vmax=1)


def test_a_picture_is_like_itself_and_like_one_with_other_digits():
    assert not pixels.difference(png(curves), png(curves))
    assert not pixels.difference(png(lambda axes: curves(axes, 0.02)), png(curves))


def line(axes, draw=True):
    axes[0].set(xlim=(0, 6), ylim=(-1, 1), xlabel="x", ylabel="y")
    if draw:
        axes[0].plot(STEPS, np.sin(STEPS), lw=2.5)


@pytest.mark.parametrize(
    ("wanted", "other", "size", "fault"),
    [
        (curves, lambda axes: None, (10, 4), "contrast"),
        (curves, lambda axes: axes[0].plot(STEPS, np.sin(STEPS)), (10, 4), "contrast"),
        (curves, lambda axes: axes[1].imshow(np.eye(8)), (10, 4), "ink is elsewhere"),
        (curves, curves, (8, 4), "measures"),
        (line, lambda axes: line(axes, draw=False), (10, 4), "colour is elsewhere"),
        (line, lambda axes: line(axes[::-1]), (10, 4), "is elsewhere"),
    ],
)
def test_what_went_blank_or_changed_is_a_sentence(wanted, other, size, fault):
    assert re.search(fault, pixels.difference(png(other, size), png(wanted)))


def test_a_picture_that_varies_may_be_another_one_but_not_blank():
    def noise(seed):
        return png(lambda axes: axes[0].imshow(np.random.default_rng(seed).random((20, 20)) > 0.5))

    assert not pixels.difference(noise(1), noise(2), varies=True)
    blank = png(lambda axes: [axis.axis("off") for axis in axes])
    assert "contrast" in pixels.difference(blank, noise(1), varies=True)


def test_a_lost_picture_is_told():
    output = {"data": {"image/png": png(curves)}}
    assert not list(pixels.differences([output], [output]))
    (fault,) = pixels.differences([], [output])
    assert "0 pictures in place of 1" in fault
