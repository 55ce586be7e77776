"""The figures that show data, with words in the notebook's language."""

import base64
import io
import math

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.colors import LinearSegmentedColormap

from coursekit import words
from coursekit.inputs import expect, wrong_shape
from coursekit.style import BLUE, GREEN, GREY, ORANGE, PURPLE, WIDTH

# The colours of the course are at hand here too, as plots.BLUE.
__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "PURPLE", "SIGNED", "WIDTH", "bars", "confusion"]
__all__ += ["curves", "history", "images", "show", "table", "verdicts"]

SIGNED = LinearSegmentedColormap.from_list("signed", (ORANGE, "white", BLUE))


def show(figure, alt, *, jpeg=False):
    """Display a figure with the sentence that stands for it where it can't be seen, and close it.

    The sentence is also the figure's text/plain, so the tests of the notebooks compare it.

    Args:
        figure: a matplotlib figure.
        alt: str, what the figure shows, in the language of the notebook.
        jpeg: bool, whether to keep it as JPEG: a tenth of the room for photos, not for lines.

    Raises:
        ValueError: if `alt` is empty.
    """
    if not alt:
        raise ValueError(words.say("no_alt"))
    buffer = io.BytesIO()
    kind = "jpeg" if jpeg else "png"
    # Two device pixels for one of the page's stay sharp on a projector.
    figure.savefig(buffer, format=kind, dpi=144)
    plt.close(figure)
    display(
        {f"image/{kind}": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt},
        metadata={f"image/{kind}": {"alt": alt, "width": round(figure.get_figwidth() * 72)}},
        raw=True,
    )


def images(
    pictures,
    titles=None,
    *,
    columns=5,
    values=False,
    signed=False,
    size=None,
    alt=None,
    jpeg=False,
):
    """Show pictures, filters or feature maps in a grid.

    Args:
        pictures: array `(count, rows, columns)`, grey (any range; all share one scale), or
            `(count, rows, columns, 3)`, RGB in [0, 1].
        titles: one title for each picture, or None.
        columns: int, how many pictures stand side by side.
        values: bool, whether to write each number into its pixel.
        signed: bool, whether zero is the middle: negative orange, positive blue.
        size: float, inches of a picture's side; None for as large as the page allows.
        alt: str, what the pictures show; None for a sentence with their number and titles.
        jpeg: bool, whether to keep the figure as JPEG: less room for photos.

    Raises:
        ValueError: if the array has another shape, or titles and pictures differ in number.
    """
    pictures = expect("pictures", pictures, "(count, rows, columns[, 3])", (3, 4))
    if pictures.ndim == 4 and pictures.shape[-1] != 3:
        wrong_shape("pictures", pictures, "(count, rows, columns[, 3])")
    count = len(pictures)
    titles = [""] * count if titles is None else [str(title) for title in titles]
    if len(titles) != count:
        raise ValueError(words.say("bad_count", found=len(titles), wanted=count))
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    side = min(WIDTH / columns, 3) if size is None else size
    height, width = pictures.shape[1:3]
    above = 0.38 if any(titles) else 0.05
    figure, axes = plt.subplots(
        rows, columns, figsize=(side * columns, (side * height / width + above) * rows)
    )
    largest = np.abs(pictures).max()
    limits = (-largest, largest) if signed else (min(pictures.min(), 0), pictures.max())
    for axis in np.ravel(axes)[count:]:
        axis.axis("off")
    for axis, picture, title in zip(np.ravel(axes), pictures, titles, strict=False):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color=GREY, linewidth=0.8)
        axis.imshow(picture, cmap=SIGNED if signed else "gray", vmin=limits[0], vmax=limits[1])
        axis.set_title(title, fontsize=14)
        if values:
            _write_values(axis, picture, limits, signed)
    if alt is None:
        listed = ": " + ", ".join(titles) if any(titles) else ""
        alt = words.say("alt_images", rows=rows, columns=columns, titles=listed)
    show(figure, alt, jpeg=jpeg)


def curves(x, series, *, xlabel, ylabel, alt, height=3.8, level=None, **settings):
    """Show curves over the same axis, each with its own colour, dash and marker.

    Args:
        x: array `(points,)`, or None for 1, 2, 3, …: epochs or steps.
        series: dict, name of a curve, which may be `""`: array `(points,)`, or `(runs, points)`
            for the mean of several runs with the range that they fill.
        xlabel, ylabel: str, what the axes measure, with the unit.
        alt: str, what the figure shows.
        height: float, inches.
        level: `(name, height)` of a dashed line to compare with, chance for instance, or None.
        **settings: what `Axes.set` takes, such as `ylim=(0, 1)` or `yscale="log"`.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, height))
    for place, (name, values) in enumerate(series.items()):
        runs = np.atleast_2d(values)
        along = np.arange(1, runs.shape[1] + 1) if x is None else x
        look = {"color": f"C{place}", "linestyle": ("-", "--", "-.", ":")[place % 4]}
        marker = "os^Dv"[place % 5] if runs.shape[1] <= 50 else None
        axis.plot(along, runs.mean(axis=0), label=name, marker=marker, markersize=6, **look)
        if len(runs) > 1:
            axis.fill_between(along, runs.min(0), runs.max(0), color=f"C{place}", alpha=0.2, lw=0)
    if level is not None:
        axis.axhline(level[1], color=GREY, linestyle="--", label=level[0])
    axis.set(xlabel=xlabel, ylabel=ylabel, **settings)
    if any(series) or (level is not None and level[0]):
        figure.legend(loc="outside upper center", ncols=min(4, len(series) + (level is not None)))
    show(figure, alt)


def bars(names, series, *, xlabel, xlim=None, alt):
    """Show horizontal bars, one group for each name, the first name on top.

    Args:
        names: list of str.
        series: dictionary, what is measured -> one number for each name. A single series gets
            no legend, and its negative numbers are orange.
        xlabel: str, what the numbers are.
        xlim: `(lowest, highest)`, or None for as much as the numbers need.
        alt: str, what the figure shows.
    """
    rows, thick = np.arange(len(names)), 0.8 / len(series)
    height = max(2.4, 0.36 * len(names) * (1 + 0.4 * (len(series) > 1)) + 1.2)
    figure, axis = plt.subplots(figsize=(WIDTH, height))
    for index, (label, values) in enumerate(series.items()):
        colours = [ORANGE if value < 0 else BLUE for value in values] if len(series) == 1 else None
        middle = rows + thick * (index - (len(series) - 1) / 2)
        axis.barh(middle, values, thick, label=label, color=colours)
    axis.set(xlabel=xlabel, xlim=xlim, ylim=(len(names) - 0.4, -0.6))
    axis.set_yticks(rows, names, fontsize=13)
    axis.grid(axis="y", visible=False)
    if len(series) > 1:
        figure.legend(loc="outside upper center", ncols=len(series))
    show(figure, alt)


def table(rows, *, widths=None, alt):
    """Show words in columns, the first row as their heads.

    Args:
        rows: list of lists of str, all of the same length.
        widths: how wide each column is, beside the others; None for all alike.
        alt: str, what the table shows.
    """
    widths = np.ones(len(rows[0])) if widths is None else np.asarray(widths, float)
    left = np.cumsum([0, *widths[:-1]]) / widths.sum()
    figure, axis = plt.subplots(figsize=(WIDTH, 0.38 * len(rows) + 0.2))
    axis.axis("off")
    for row, cells in enumerate(rows):
        style = {"weight": "bold", "color": BLUE} if row == 0 else {"fontsize": 14}
        for x, cell in zip(left, cells, strict=True):
            axis.text(x, -row, cell, va="center", **style)
    axis.set(xlim=(0, 1), ylim=(0.5 - len(rows), 0.5))
    show(figure, alt)


def history(history):
    """Show how loss and metrics changed from epoch to epoch, in training and validation.

    Args:
        history: what `fit` returned, or its `history` dictionary: lists of floats under
            `"loss"`, and `"accuracy"`, `"val_loss"`, `"val_accuracy"` where they were measured.

    Raises:
        ValueError: if it holds no `"loss"`.
    """
    curves = getattr(history, "history", history)
    if not isinstance(curves, dict) or not curves.get("loss"):
        raise ValueError(words.say("bad_history"))
    names = [name for name in ("loss", "accuracy") if name in curves]
    epochs = np.arange(1, len(curves["loss"]) + 1)
    figure, axes = plt.subplots(1, len(names), figsize=(WIDTH, 3.8), squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        axis.plot(epochs, curves[name], "o-", label=words.say("training"))
        if f"val_{name}" in curves:
            axis.plot(epochs, curves[f"val_{name}"], "s--", label=words.say("validation"))
        axis.set(xlabel=words.say("epoch"), ylabel=words.say(name), xticks=epochs)
        axis.legend()
    listed = ", ".join(map(words.say, names))
    show(figure, words.say("alt_history", curves=listed, epochs=len(epochs)))


def confusion(matrix, labels=None):
    """Show a confusion matrix: rows are the true classes, columns the predicted ones.

    Args:
        matrix: int array `(classes, classes)`, how many examples fell in each cell.
        labels: names of the classes; None for 0, 1, 2, …

    Raises:
        ValueError: if the matrix is not square.
    """
    matrix = expect("matrix", matrix, "(classes, classes)", (2,))
    classes = len(matrix)
    if matrix.shape != (classes, classes):
        wrong_shape("matrix", matrix, "(classes, classes)")
    labels = range(classes) if labels is None else labels
    mistakes = matrix - np.diag(np.diag(matrix))
    figure, axis = plt.subplots(figsize=(7.5, 6.5))
    # The colours show mistakes only: beside the diagonal, none of them could be seen.
    axis.imshow(mistakes, cmap="Oranges", vmax=max(mistakes.max(), 1) * 1.4)
    for (row, column), number in np.ndenumerate(matrix):
        colour = "black" if number else "#BBBBBB"
        weight = "bold" if row == column else "normal"
        axis.text(
            column, row, number, ha="center", va="center", color=colour, fontsize=12, weight=weight
        )
    axis.set(xlabel=words.say("predicted"), ylabel=words.say("true"))
    axis.set_xticks(range(classes), labels)
    axis.set_yticks(range(classes), labels)
    axis.grid(False)
    show(figure, words.say("alt_confusion", classes=classes))


def verdicts(names, probabilities, *, low, high, alt):
    """Show a network's probability after each word: bars up from 0.5 in blue, down in orange.

    Args:
        names: list of str, the words in the order in which they are read.
        probabilities: array `(words,)`, numbers from 0 to 1.
        low, high: str, what 0 and 1 mean.
        alt: str, what the figure shows.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 3.4))
    lean = np.asarray(probabilities) - 0.5
    axis.bar(range(len(names)), lean, bottom=0.5, color=np.where(lean < 0, ORANGE, BLUE))
    axis.axhline(0.5, color="black", lw=1)
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    axis.set_yticks([0, 0.5, 1], [f"0 ({low})", "0.5", f"1 ({high})"])
    axis.set(ylim=(0, 1))
    axis.grid(axis="x", visible=False)
    show(figure, alt)


def _write_values(axis, picture, limits, signed):
    for (row, column), value in np.ndenumerate(picture):
        share = (value - limits[0]) / (limits[1] - limits[0] or 1)
        dark = abs(share - 0.5) > 0.3 if signed else share < 0.5
        text = f"{value:g}" if picture.dtype.kind in "iu" else f"{round(float(value), 1) + 0.0:.1f}"
        axis.text(
            column,
            row,
            text,
            ha="center",
            va="center",
            fontsize=9,
            color="white" if dark else "black",
        )
