"""Figures of things that have a place in a plane: points, the lines between them, words, digits."""

import math

import matplotlib.pyplot as plt
import numpy as np

from coursekit import words
from coursekit.inputs import expect
from coursekit.plots import show
from coursekit.style import BLUE, GREEN, ORANGE, PURPLE, WIDTH


def points(axis, positions, labels, *, size=14):
    """Draw points of two classes: blue circles for label 0, orange squares for label 1.

    Args:
        axis: a matplotlib axis.
        positions: array `(count, 2)`.
        labels: array of 0 and 1 with `count` elements.
        size: float, the area of a mark in square points.
    """
    positions, labels = np.asarray(positions), np.ravel(labels)
    for value, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "s")):
        x, y = positions[labels == value].T
        axis.scatter(x, y, s=size, color=colour, marker=marker, zorder=3)


def line(axis, weights, bias, style="-", **settings):
    """Draw the line where `weights · x + bias` is 0, between the edges of the axis.

    Args:
        axis: a matplotlib axis whose limits are set.
        weights: two numbers, not both 0.
        bias: a number.
        style, settings: as for `axis.plot`.
    """
    limits = axis.get_xlim(), axis.get_ylim()
    near = -bias * np.asarray(weights) / np.dot(weights, weights)
    along = 1e3 * np.array([-weights[1], weights[0]]) / np.linalg.norm(weights)
    x, y = np.transpose([near - along, near + along])
    axis.plot(x, y, style, **settings)
    axis.set(xlim=limits[0], ylim=limits[1])


def boundary(axis, predict, reach):
    """Colour a square of the plane by the class that a model gives to each place.

    Args:
        axis: a matplotlib axis.
        predict: function from points `(count, 2)` to probabilities `(count, 1)`.
        reach: float; the square goes from -reach to reach on both axes.
    """
    ticks = np.linspace(-reach, reach, 200)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    p = np.reshape(predict(plane), (200, 200))
    axis.contourf(ticks, ticks, p, [0, 0.5, 1], colors=[BLUE, ORANGE], alpha=0.25)
    axis.contour(ticks, ticks, p, [0.5], colors="black", linewidths=3)
    axis.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")


def boundaries(neurons, inputs, targets, titles, *, columns=3, alt):
    """Show which side of its line each neuron puts each point on: blue is yes, orange is no.

    Squares are examples whose answer is yes, circles those whose answer is no; a cross marks
    each mistake.

    Args:
        neurons: list of `(weights, bias)`, weights of shape `(2,)`; yes where the sum is over 0.
        inputs: array `(count, 2)`, the examples; the figure reaches half a unit further.
        targets: the right answers, 0 or 1, for all neurons; or a list of them for each neuron.
        titles: one title for each neuron.
        columns: int, how many planes stand side by side.
        alt: str, what the figure shows.

    Raises:
        ValueError: if titles and neurons differ in number.
    """
    if len(titles) != len(neurons):
        raise ValueError(words.say("bad_count", found=len(titles), wanted=len(neurons)))
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    targets = np.broadcast_to(targets, (len(neurons), len(inputs)))
    rows = math.ceil(len(neurons) / columns)
    side = WIDTH / columns
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, (side + 0.5) * rows))
    low, high = inputs.min() - 0.5, inputs.max() + 0.5
    line = np.linspace(low, high, 401)
    plane = np.stack(np.meshgrid(line, line), axis=-1)
    colours = np.array([ORANGE, BLUE])
    for axis in np.ravel(axes)[len(neurons) :]:
        axis.axis("off")
    for axis, (weights, bias), wanted, title in zip(
        np.ravel(axes), neurons, targets, titles, strict=False
    ):
        yes = plane @ weights + bias > 0
        axis.contourf(line, line, yes, [-1, 0.5, 2], colors=colours, alpha=0.35)
        for point, target in zip(inputs, wanted, strict=True):
            mark = {"color": colours[target], "markeredgecolor": "white"}
            axis.plot(*point, "os"[target], markersize=17, **mark)
            if (point @ weights + bias > 0) != target:
                axis.plot(*point, "x", color="black", markersize=22, markeredgewidth=4)
        axis.set(xticks=[0, 1], yticks=[0, 1], aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
        axis.set_title(title)
    show(figure, alt)


def word_map(names, places, groups, *, alt):
    """Show words as points on a plane, each with its name where it covers least of the others.

    Args:
        names: list of str.
        places: array `(words, 2)`; the points stand exactly there.
        groups: array `(words,)` of ints from 0 to 6: a group has one colour and one marker.
        alt: str, what the map shows.
    """
    colours = [BLUE, ORANGE, GREEN, PURPLE, "black", "#B07C00", "#6A3D9A"]
    places = (places - places.min(axis=0)) / np.ptp(places, axis=0) * (10, 6)
    figure, axis = plt.subplots(figsize=(WIDTH, 6))
    axis.axis("off")
    axis.set(xlim=(-0.7, 11), ylim=(-0.4, 6.4))
    taken = [(x - 0.08, y - 0.08, x + 0.08, y + 0.08) for x, y in places]
    for name, (x, y), group in zip(names, places, groups, strict=True):
        axis.plot(x, y, "osD^vP*"[group], color=colours[group], ms=8)
        wide = 0.125 * len(name)
        spots = [(x + 0.12, y - 0.12), (x - 0.12 - wide, y - 0.12)]
        spots += [(x - wide / 2, y + dy) for dy in (0.12, -0.36)]
        spots += [(x + dx, y + dy) for dy in (0.1, -0.34) for dx in (0.05, -0.05 - wide)]
        spots += [(x + dx, y + dy) for dy in (-0.12, 0.26, -0.5) for dx in (0.2, -0.2 - wide)]
        boxes = [(a, b, a + wide, b + 0.24) for a, b in spots]
        best = min(boxes, key=lambda box: sum(_overlap(box, other) for other in taken))
        taken.append(best)
        axis.text(*best[:2], name, fontsize=12.5, va="bottom", color=colours[group])
    show(figure, alt)


def _overlap(one, other):
    """Return the area that two boxes `(left, bottom, right, top)` share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)


def picture_maps(places, pictures, titles=None, *, path=None, alt):
    """Show pictures at their places in a plane, one map beside another.

    The outermost hundredth of the places on each side is left out, and so is a picture that
    would cover an earlier one.

    Args:
        places: list of arrays `(count, 2)`, one for each map.
        pictures: array `(count, rows, columns)`, grey, from 0 to 1.
        titles: one str for each map, or None.
        path: array `(points, 2)`, drawn as a line on the maps, or None.
        alt: str, what the maps show.

    Raises:
        ValueError: if an array has another shape.
    """
    pictures = expect("pictures", pictures, "(count, rows, columns)", (3,))
    width, height = (840, 500) if len(places) == 1 else (420, 420)  # pixels of a map
    tall = WIDTH * height / width / len(places) + 0.7
    figure, axes = plt.subplots(1, len(places), figsize=(WIDTH, tall), squeeze=False)
    side = np.array(pictures.shape[1:])
    room = np.array([width, height]) - side[::-1]
    for i, (axis, points) in enumerate(zip(axes[0], places, strict=True)):
        points = expect("places", points, "(count, 2)", (2,))
        low, high = np.percentile(points, [1, 99], axis=0)
        page = np.zeros((height, width))
        taken = np.empty((0, 2))
        # Rows count downwards, the second number upwards.
        corners = np.abs((points - low) / (high - low) - [0, 1]) * room
        corners[np.any((points < low) | (points > high), axis=1)] = -1
        for picture, corner in zip(pictures, corners, strict=True):
            if corner[0] < 0 or np.any(np.abs(taken - corner).max(axis=1) < 0.75 * side.max()):
                continue
            taken = np.vstack([taken, corner])
            column, row = corner.astype(int)
            place = page[row : row + side[0], column : column + side[1]]
            np.maximum(place, picture, out=place)
        margin = (high - low) / room * side[::-1] / 2  # half a picture
        (left, bottom), (right, top) = low - margin, high + margin
        axis.imshow(page, extent=(left, right, bottom, top), aspect="auto")
        axis.set_box_aspect(height / width)
        axis.set(title=titles[i] if titles else "", xlabel=words.say("first_code"))
        axis.grid(False)
        if path is not None:
            axis.plot(*np.transpose(path), "o-", color=ORANGE)
    axes[0, 0].set_ylabel(words.say("second_code"))
    show(figure, alt)
