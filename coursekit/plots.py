"""Every figure of the course, in one style, with words in the notebook's language."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from coursekit import words

# Colours that colour-blind readers tell apart (Okabe and Ito, 2008).
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666"
SIGNED = LinearSegmentedColormap.from_list("signed", (ORANGE, "white", BLUE))

WIDTH = 10  # inches, of every figure that fills the page
STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, PURPLE, GREY]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.figsize": (WIDTH, 4),
    "font.size": 15,
    "grid.alpha": 0.3,
    "image.cmap": "gray",
    "lines.linewidth": 2.5,
}
plt.rcParams.update(STYLE)


def show(figure, alt):
    """Display a figure with the sentence that stands for it where it can't be seen, and close it.

    The sentence is also the figure's text/plain, so the tests of the notebooks compare it.

    Args:
        figure: a matplotlib figure.
        alt: str, what the figure shows, in the language of the notebook.

    Raises:
        ValueError: if `alt` is empty.

    Used by every lesson, directly or through the other functions here.
    """
    if not alt:
        raise ValueError(words.say("no_alt"))
    buffer = io.BytesIO()
    # Two device pixels for one of the page's stay sharp on a projector.
    figure.savefig(buffer, format="png", dpi=144)
    plt.close(figure)
    display(
        {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": round(figure.get_figwidth() * 72)}},
        raw=True,
    )


def images(pictures, titles=None, *, columns=5, values=False, signed=False, size=None, alt=None):
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

    Raises:
        ValueError: if the array has another shape, or titles and pictures differ in number.

    Used by lessons 01, 02, 03, 05 and 06.
    """
    pictures = _expect("pictures", pictures, "(count, rows, columns[, 3])", (3, 4))
    if pictures.ndim == 4 and pictures.shape[-1] != 3:
        _wrong_shape("pictures", pictures, "(count, rows, columns[, 3])")
    count = len(pictures)
    titles = [""] * count if titles is None else [str(title) for title in titles]
    if len(titles) != count:
        raise ValueError(words.say("bad_count", found=len(titles), wanted=count))
    columns = min(columns, count)
    rows = -(-count // columns)
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
            _write_values(axis, picture, limits)
    if alt is None:
        listed = ": " + ", ".join(titles) if any(titles) else ""
        alt = words.say("alt_images", rows=rows, columns=columns, titles=listed)
    show(figure, alt)


def feature_maps(activations, *, columns=8, alt=None):
    """Show what each filter of a layer answers to one picture.

    Args:
        activations: array `(rows, columns, channels)`, the layer's output for one picture.
        columns: int, how many maps stand side by side.
        alt: str, what the maps show; None for a sentence with their number.

    Raises:
        ValueError: if the array has another shape.

    Used by lesson 03.
    """
    activations = _expect("activations", activations, "(rows, columns, channels)", (3,))
    # One very bright pixel would leave all the rest in the dark.
    bright = np.minimum(activations, np.percentile(activations, 99))
    images(np.moveaxis(bright, -1, 0), columns=columns, alt=alt)


def filters(weights, *, columns=8, alt=None):
    """Show the filters of a convolutional layer: negative weights orange, positive blue.

    Args:
        weights: array `(rows, columns, 1, filters)`, as Keras keeps a first layer's weights.
        columns: int, how many filters stand side by side.
        alt: str, what the filters show; None for a sentence with their number.

    Raises:
        ValueError: if the array has another shape or several input channels.

    Used by lesson 03.
    """
    weights = _expect("weights", weights, "(rows, columns, 1, filters)", (4,))
    if weights.shape[2] != 1:
        _wrong_shape("weights", weights, "(rows, columns, 1, filters)")
    images(np.moveaxis(weights[:, :, 0], -1, 0), columns=columns, signed=True, alt=alt)


def kernels_on_photo(photo, results, *, alt=None):
    """Show a photo and, beside it, what each kernel makes of it.

    Args:
        photo: float array `(rows, columns)`, grey in [0, 1].
        results: dict, name of the kernel: float array `(rows, columns)`. Each is shown clipped
            to [0, 1].
        alt: str, what the figure shows; None for a sentence with the names.

    Raises:
        ValueError: if the photo or a result has another shape.

    Used by lesson 03.
    """
    photo = _expect("photo", photo, "(rows, columns)", (2,))
    results = {
        name: _expect(name, result, "(rows, columns)", (2,)) for name, result in results.items()
    }
    panels = {words.say("input"): photo, **results}
    columns = 4
    rows = -(-len(panels) // columns)
    height = WIDTH / columns * photo.shape[0] / photo.shape[1] + 0.4
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, height * rows))
    for axis in np.ravel(axes):
        axis.axis("off")
    for axis, (name, panel) in zip(np.ravel(axes), panels.items(), strict=False):
        axis.imshow(panel, vmin=0, vmax=1)
        axis.set_title(name, fontsize=14)
    show(figure, alt or words.say("alt_kernels", names=", ".join(results)))


def history(history):
    """Show how loss and metrics changed from epoch to epoch, in training and validation.

    Args:
        history: what `fit` returned, or its `history` dictionary: lists of floats under
            `"loss"`, and `"accuracy"`, `"val_loss"`, `"val_accuracy"` where they were measured.

    Raises:
        ValueError: if it holds no `"loss"`.

    Used by lessons 02 and 03.
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

    Used by lesson 03.
    """
    matrix = _expect("matrix", matrix, "(classes, classes)", (2,))
    classes = len(matrix)
    if matrix.shape != (classes, classes):
        _wrong_shape("matrix", matrix, "(classes, classes)")
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


def convolution_step(inputs, kernel, row, column):
    """Show one step of a convolution: the window on the input, the kernel, the output so far.

    Args:
        inputs: array `(rows, columns)`, the picture as a table of numbers.
        kernel: array `(kernel rows, kernel columns)`, no larger than the input.
        row, column: ints, the place in the output that this step fills, counted from 0.

    Raises:
        ValueError: if an array has another shape or the place is not in the output.

    Used by lesson 03.
    """
    inputs = _expect("inputs", inputs, "(rows, columns)", (2,))
    kernel = _expect("kernel", kernel, "(rows, columns)", (2,))
    if kernel.shape[0] > inputs.shape[0] or kernel.shape[1] > inputs.shape[1]:
        _wrong_shape("kernel", kernel, f"(rows, columns) ≤ {inputs.shape}")
    windows = np.lib.stride_tricks.sliding_window_view(inputs, kernel.shape)
    output = (windows * kernel).sum((2, 3))
    rows, columns = output.shape
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(
            words.say("bad_position", row=row, column=column, rows=rows, columns=columns)
        )
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 3.6), width_ratios=[5, 3, 3])
    for axis, name, table in zip(
        axes, ("input", "kernel", "output"), (inputs, kernel, output), strict=True
    ):
        axis.imshow(np.zeros(table.shape), cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(words.say(name))
        axis.set_xticks(np.arange(table.shape[1] + 1) - 0.5, [])
        axis.set_yticks(np.arange(table.shape[0] + 1) - 0.5, [])
        axis.tick_params(length=0)
        axis.grid(color="black", alpha=0.4)
        axis.spines[["right", "top"]].set_visible(True)
        for (i, j), number in np.ndenumerate(table):
            if name != "output" or (i, j) <= (row, column):
                axis.text(j, i, number, ha="center", va="center", fontsize=17)
    for axis, (i, j), (height, width) in (
        (axes[0], (row, column), kernel.shape),
        (axes[1], (0, 0), kernel.shape),
        (axes[2], (row, column), (1, 1)),
    ):
        corner = (j - 0.5, i - 0.5)
        axis.add_patch(Rectangle(corner, width, height, color=ORANGE, alpha=0.25))
        axis.add_patch(Rectangle(corner, width, height, fill=False, color=ORANGE, lw=4))
    value = output[row, column]
    show(figure, words.say("alt_convolution", row=row, column=column, value=value))


def _write_values(axis, picture, limits):
    for (row, column), value in np.ndenumerate(picture):
        dark = (value - limits[0]) / (limits[1] - limits[0] or 1) < 0.5
        text = f"{value:g}" if picture.dtype.kind in "iu" else f"{value:.1f}"
        axis.text(
            column,
            row,
            text,
            ha="center",
            va="center",
            fontsize=9,
            color="white" if dark else "black",
        )


def _expect(name, array, wanted, dimensions):
    array = np.asarray(array)
    if array.ndim not in dimensions or 0 in array.shape:
        _wrong_shape(name, array, wanted)
    return array


def _wrong_shape(name, array, wanted):
    raise ValueError(words.say("bad_shape", name=name, found=array.shape, wanted=wanted))
