"""Drawings of ideas: a neuron, a network, a convolution, a recurrent cell, an hourglass.

Each drawing is made of the same few strokes, in units of its canvas: `canvas`, `circle`, `box`
and `arrow`.
"""

import itertools
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from coursekit import words
from coursekit.inputs import expect, wrong_shape
from coursekit.plots import show
from coursekit.style import BLUE, GREEN, GREY, ORANGE, PURPLE, WIDTH


def canvas(width, height):
    """Return a figure and an axis without frame, `width` × `height` units, equal on both axes.

    The figure fills the page, so a unit is `WIDTH / width` inches.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, WIDTH * height / width))
    axis.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axis.axis("off")
    return figure, axis


def circle(axis, x, y, text="", *, radius=0.5, colour=BLUE, fontsize=15):
    """Draw a neuron: a circle with its middle at (x, y) and a text inside."""
    axis.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=colour, lw=2.5, zorder=3))
    axis.text(x, y, text, ha="center", va="center", fontsize=fontsize, zorder=4)


def box(axis, x, y, text="", *, width=2.0, height=1.0, colour=BLUE, fontsize=15):
    """Draw a layer or an operation: a rounded box with its middle at (x, y) and a text inside."""
    axis.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor="white",
            edgecolor=colour,
            lw=2.5,
            zorder=3,
        )
    )
    axis.text(x, y, text, ha="center", va="center", fontsize=fontsize, zorder=4)


def arrow(axis, start, end, text="", *, colour=GREY, fontsize=13, bend=0.0):
    """Draw an arrow from one (x, y) to another, with a text above its middle.

    Args:
        axis: from `canvas`.
        start, end: `(x, y)`, in units of the canvas.
        text: str, what stands above the arrow.
        colour: a matplotlib colour.
        fontsize: float, points.
        bend: float, how far the arrow bows out, as a share of its length; 0 is straight.
    """
    style = f"arc3,rad={bend}"
    axis.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=16,
            connectionstyle=style,
            color=colour,
            lw=1.8,
            shrinkA=0,
            shrinkB=0,
            zorder=2,
        )
    )
    if text:
        (x0, y0), (x1, y1) = start, end
        axis.text(
            (x0 + x1) / 2, (y0 + y1) / 2 + 0.12, text, ha="center", va="bottom", fontsize=fontsize
        )


def neuron(weights, total, answer, *, inputs=None, alt=None):
    """Show a neuron: inputs, an arrow with its weight from each, the sum and the answer.

    Args:
        weights: one for each input: a str, or a number, which also sets the arrow's thickness.
        total: str, what stands in the neuron: what it adds up, or what it asks of the sum.
        answer: str, what comes out of it.
        inputs: list of str, what each input asks, in the learner's words; None for no words.
        alt: str, what the drawing shows; None for a sentence with its weights.
    """
    count = len(weights)
    figure, axis = canvas(16, 1.6 * count + 0.9)
    middle = 0.8 * count
    for row, weight in enumerate(weights):
        y = 1.6 * (count - row) - 0.8
        circle(axis, 4, y, f"$x_{row + 1}$")
        if inputs is not None:
            axis.text(3.2, y, inputs[row], ha="right", va="center", fontsize=15)
        width = 1.8 if isinstance(weight, str) else 1.2 * float(weight)
        axis.plot([4.5, 8.6], [y, middle + 0.28 * (y - middle)], color=GREY, lw=width, zorder=1)
        place = y + 0.316 * (middle - y)  # of a line that ends at 0.28 of the height
        label = {"facecolor": "white", "edgecolor": "none", "pad": 2}
        axis.text(6.3, place, weight, ha="center", va="center", fontsize=16, bbox=label)
    circle(axis, 9.9, middle, total, radius=1.35, colour=ORANGE)
    arrow(axis, (11.25, middle), (12.8, middle))
    axis.text(13, middle, answer, ha="left", va="center", fontsize=16)
    for x, key in ((4, "inputs"), (6.3, "weights"), (9.9, "neuron"), (13.6, "answer")):
        axis.text(x, 1.6 * count + 0.3, words.say(key), ha="center", color=GREY, fontsize=14)
    listed = ", ".join(str(weight).strip("$") for weight in weights)
    show(figure, alt or words.say("alt_neuron", count=count, weights=listed))


def graph(places, texts, edges, notes=None, *, alt, at=0.5):
    """Show a computational graph: nodes that hold a value, arrows that hold a weight or a slope.

    Args:
        places: dict, name of a node: `(x, y)`; a node is 1 wide.
        texts: dict, name: str, what stands inside the node.
        edges: dict, `(name, name)`: str, what stands on the arrow from the first to the second.
        notes: dict, name: str, what stands below the node; None for nothing.
        alt: str, what the drawing shows.
        at: float, where a text stands on its arrow, from 0, its start, to 1, its end.
    """
    axis = _graph(places, texts, edges, notes or {}, at)
    show(axis.figure, alt)


def network(layers, weights=None, notes=None, *, passes=False, at=0.3, alt=None):
    """Show a network as a graph, each neuron joined to all those of the next layer.

    Args:
        layers: list of lists of str, what stands inside the neurons, layer by layer.
        weights: list of arrays `(neurons, neurons of the next layer)`, written on the arrows with
            one decimal; None for arrows without weights.
        notes: list of lists of str, what stands below the neurons; None for nothing.
        passes: bool, whether to draw the forward and the backward pass above and below.
        at: float, where a weight stands on its arrow, from 0, its start, to 1, its end.
        alt: str, what the drawing shows; None for a sentence with the sizes of the layers.

    Raises:
        ValueError: if the weights do not fit the layers.
    """
    places, edges = {}, {}
    for column, texts in enumerate(layers):
        for row in range(len(texts)):
            places[column, row] = (4.0 * column, 1.7 * ((len(texts) - 1) / 2 - row))
    for column, (before, after) in enumerate(pairwise(map(len, layers))):
        values = None if weights is None else np.asarray(weights[column])
        if values is not None and values.shape != (before, after):
            wrong_shape("weights", values, (before, after))
        for i, j in np.ndindex(before, after):
            text = "" if values is None else f"{values[i, j]:.1f}".replace("-", "−")
            edges[(column, i), (column + 1, j)] = text
    below = {} if notes is None else notes
    axis = _graph(places, _by_place(layers), edges, _by_place(below), at, space=0.7 * passes)
    if passes:
        (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
        ends = [(left + 0.3, top - 0.7), (right - 0.3, top - 0.7)]
        arrow(axis, *ends, words.say("forward_pass"), colour=BLUE, fontsize=16)
        ends = [(right - 0.3, bottom + 0.25), (left + 0.3, bottom + 0.25)]
        arrow(axis, *ends, words.say("backward_pass"), colour=ORANGE, fontsize=16)
    sizes = " – ".join(str(len(texts)) for texts in layers)
    show(axis.figure, alt or words.say("alt_network", sizes=sizes))


def _by_place(layers):
    return {(i, j): text for i, texts in enumerate(layers) for j, text in enumerate(texts)}


def _graph(places, texts, edges, notes, at, space=0.0):
    """Return the axis of a drawn graph, with `space` left free above and below."""
    corners = np.array(list(places.values()), dtype=float)
    below = 0.5 * bool(notes) + space
    low = np.subtract(corners.min(0), [0.7, 0.6 + below])
    high = np.add(corners.max(0), [0.7, 0.6 + space])
    _, axis = canvas(*(high - low))
    axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    for name, place in places.items():
        circle(axis, *place, texts[name])
        note = (place[0], place[1] - 0.56)
        axis.text(*note, notes.get(name, ""), ha="center", va="top", color=ORANGE, fontsize=14)
    for (start, end), text in edges.items():
        ends = np.array([places[start], places[end]], dtype=float)
        step = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
        arrow(axis, ends[0] + 0.54 * step, ends[1] - 0.54 * step)
        middle = ends[0] + at * (ends[1] - ends[0])
        white = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        if text:
            axis.text(*middle, text, ha="center", va="center", color=GREEN, fontsize=14, bbox=white)
    return axis


def convolution_step(inputs, kernel, row, column):
    """Show one step of a convolution: the window on the input, the kernel, the output so far.

    Args:
        inputs: array `(rows, columns)`, the picture as a table of numbers.
        kernel: array `(kernel rows, kernel columns)`, no larger than the input.
        row, column: ints, the place in the output that this step fills, counted from 0.

    Raises:
        ValueError: if an array has another shape or the place is not in the output.
    """
    inputs = expect("inputs", inputs, "(rows, columns)", (2,))
    kernel = expect("kernel", kernel, "(rows, columns)", (2,))
    if kernel.shape[0] > inputs.shape[0] or kernel.shape[1] > inputs.shape[1]:
        wrong_shape("kernel", kernel, f"(rows, columns) ≤ {inputs.shape}")
    windows = np.lib.stride_tricks.sliding_window_view(inputs, kernel.shape)
    output = (windows * kernel).sum((2, 3))
    rows, columns = output.shape
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(
            words.say("bad_position", row=row, column=column, rows=rows, columns=columns)
        )
    shapes = inputs.shape, kernel.shape, output.shape
    widths = [columns for _, columns in shapes]  # squares of one size in the three tables
    figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 4.6), width_ratios=widths)
    figure.get_layout_engine().set(wspace=0.12)
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


def receptive_field(windows):
    """Show from the side which inputs one number of the last layer depends on.

    Args:
        windows: list of `(size, stride)`, ints, one for each layer from the first to the last.
    """
    counts = [1]  # places that the marked number depends on, from the last layer down
    for size, stride in reversed(windows):
        counts.insert(0, (counts[0] - 1) * stride + size)
    spans = np.cumprod([1] + [stride for _, stride in windows])  # inputs from place to place
    width, gap = counts[0] + 8, 2.0
    figure, axis = canvas(width, gap * len(windows) + 1.8)

    def middles(level):
        start = sum(
            (size - 1) / 2 * span for (size, _), span in zip(windows, spans[:level], strict=False)
        )
        return 6 + start + np.arange(counts[level]) * spans[level]

    for level, span in enumerate(spans):
        height = 0.8 + gap * level
        row = middles(level)
        for x in (row[0] - span, *row, row[-1] + span):  # the outer two take no part
            inside = row[0] <= x <= row[-1]
            corner, colour = (x - 0.4, height - 0.4), ORANGE if inside else GREY
            axis.add_patch(Rectangle(corner, 0.8, 0.8, fill=False, edgecolor=colour, lw=2.5))
            if inside:
                axis.add_patch(Rectangle(corner, 0.8, 0.8, color=ORANGE, alpha=0.3))
        name = words.say("layer", number=level) if level else words.say("input")
        axis.text(0.2, height, name, va="center", fontsize=15)
        if level:
            size, below = windows[level - 1][0], middles(level - 1)
            stride = windows[level - 1][1]
            for place, x in enumerate(row):
                for edge, side in ((place * stride, -0.4), (place * stride + size - 1, 0.4)):
                    ends = (below[edge] + side, x + side), (height - gap + 0.4, height - 0.4)
                    axis.plot(*ends, color=BLUE, lw=1.5)
    show(figure, words.say("alt_receptive_field", layers=len(windows), field=counts[0]))


def conv_network(names, shapes):
    """Show a convolutional network as stacks of maps, from the picture to its last list.

    Args:
        names: list of str, what each stack is, written above it.
        shapes: list of tuples of ints, `(rows, columns, channels)` for a stack of maps and
            `(count,)` for a list; written below it.

    Raises:
        ValueError: if there are not as many names as shapes.
    """
    if len(names) != len(shapes):
        raise ValueError(words.say("bad_count", found=len(names), wanted=len(shapes)))
    step, top = 3.4, 5.2
    figure, axis = canvas(step * len(shapes), top)
    largest = max(shape[0] for shape in shapes if len(shape) == 3)
    for place, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        x, y = step * (place + 0.5), top / 2
        if len(shape) == 3:
            sheets = min(1 + shape[2] // 10, 7)
            height = width = 0.5 + 1.7 * shape[0] / largest
        else:
            sheets, height, width = 1, min(0.6 + shape[0] / 12, 2.8), 0.3
        for sheet in reversed(range(sheets)):
            shift = 0.09 * (sheet - (sheets - 1) / 2)
            corner = (x - width / 2 + shift, y - height / 2 + shift)
            style = {"facecolor": "white", "edgecolor": BLUE if len(shape) == 3 else ORANGE}
            axis.add_patch(Rectangle(corner, width, height, lw=2, **style))
        axis.text(x, top - 0.1, name, ha="center", va="top", fontsize=13)
        axis.text(x, 0.1, " × ".join(map(str, shape)), ha="center", va="bottom", fontsize=13)
        if place:
            arrow(axis, (x - step / 2 - 0.3, y), (x - step / 2 + 0.3, y))
    listed = ", ".join(name.replace("\n", " ") for name in names)
    show(figure, words.say("alt_conv_network", names=listed))


def unrolled(inputs, outputs):
    """Draw a recurrent network as a loop, then unrolled: one copy for each time step.

    Args:
        inputs: list of str, what is read at each step.
        outputs: list of str of the same length, what is answered at each step; "" for nothing.

    Raises:
        ValueError: if the lists differ in length.
    """
    if len(inputs) != len(outputs):
        raise ValueError(words.say("bad_answers", found=len(outputs), wanted=len(inputs)))
    figure, axis = canvas(6 + 3.4 * len(inputs), 6)

    def column(x, state, read, answer):
        box(axis, x, 2.9, state, width=1.5, height=1.2)
        axis.text(x, 0.45, read, ha="center", va="center")
        arrow(axis, (x, 0.9), (x, 2.3))
        axis.text(x + 0.15, 1.5, "$W_{xh}$", va="center", fontsize=13, color=ORANGE)
        if answer:
            arrow(axis, (x, 3.5), (x, 4.9))
            axis.text(x, 5.4, answer, ha="center", va="center", color=BLUE, weight="bold")

    column(1.7, "$h_t$", "$x_t$", "")
    loop = ((2.4, 2.9), (3.2, 2.9), (3.2, 4.2), (0.2, 4.2), (0.2, 2.9))
    axis.plot(*zip(*loop, strict=True), color=GREY, lw=1.8, zorder=2)
    arrow(axis, (0.2, 2.9), (0.95, 2.9))
    axis.text(1.7, 4.4, "$W_{hh}$", ha="center", fontsize=13, color=ORANGE)
    axis.text(4.5, 2.9, "=", ha="center", va="center", fontsize=24)
    axis.text(5.7, 2.9, "$h_0$", ha="center", va="center")
    for step, (read, answer) in enumerate(zip(inputs, outputs, strict=True), 1):
        x = 4.7 + 3.4 * step
        column(x, f"$h_{{{step}}}$", read, answer)
        arrow(axis, (6.2 if step == 1 else x - 2.65, 2.9), (x - 0.75, 2.9))
        axis.text(x - 1.45, 3.15, "$W_{hh}$", ha="center", fontsize=13, color=ORANGE)
    show(figure, words.say("alt_unrolled", steps=len(inputs), inputs=", ".join(inputs)))


def lstm_cell():
    """Draw one time step of an LSTM: the cell's belt on top, the gates that open onto it below."""
    figure, axis = canvas(20, 9.6)
    axis.add_patch(Rectangle((2.2, 0.9), 15.6, 8.1, facecolor="#F2F2F2", zorder=0))

    def wire(*corners):
        axis.plot(*zip(*corners, strict=True), color=GREY, lw=1.8, zorder=2)

    for x, y, text in ((1.1, 8, "$c_{t-1}$"), (18.9, 8, "$c_t$"), (1.1, 2.4, "$h_{t-1}$")):
        axis.text(x, y, text, ha="center", va="center", fontsize=17)
    axis.text(18.9, 2.4, "$h_t$", ha="center", va="center", fontsize=17)
    axis.text(3, 0.35, "$x_t$", ha="center", va="center", fontsize=17)
    pieces = {"forget": (4.4, "f"), "input_gate": (7.4, "i"), "candidate": (10.4, "\\tilde{c}")}
    pieces["output_gate"] = 13.4, "o"
    wire((1.8, 2.4), (13.4, 2.4))
    wire((3, 0.7), (3, 2.4))
    for name, (x, letter) in pieces.items():
        arrow(axis, (x, 2.4), (x, 3.2))
        box(axis, x, 3.7, "tanh" if name == "candidate" else "$\\sigma$", width=1.6, colour=BLUE)
        axis.text(x, 1.6, words.say(name), ha="center", va="center", color=BLUE, fontsize=14)
        axis.text(x + 0.2, 4.65, f"${letter}$", va="center", fontsize=17)
    for x, y, sign in ((4.4, 8, "×"), (10.4, 8, "+"), (10.4, 5.9, "×"), (16.2, 5.2, "×")):
        circle(axis, x, y, sign, colour=ORANGE, fontsize=18)
    box(axis, 16.2, 6.7, "tanh", width=1.6, height=0.9, colour=ORANGE)
    wire((7.4, 4.2), (7.4, 5.9), (9, 5.9))
    wire((13.4, 4.2), (13.4, 5.2), (15, 5.2))
    wire((16.2, 8), (16.2, 7.5))
    wire((16.2, 4.7), (16.2, 2.4), (17, 2.4))
    for start, end in (
        ((1.8, 8), (3.9, 8)),
        ((4.9, 8), (9.9, 8)),
        ((10.9, 8), (18.4, 8)),
        ((4.4, 4.2), (4.4, 7.5)),
        ((10.4, 4.2), (10.4, 5.4)),
        ((10.4, 6.4), (10.4, 7.5)),
        ((9, 5.9), (9.9, 5.9)),
        ((15, 5.2), (15.7, 5.2)),
        ((16.2, 7.6), (16.2, 7.15)),
        ((16.2, 6.25), (16.2, 5.7)),
        ((16.5, 2.4), (18.4, 2.4)),
    ):
        arrow(axis, start, end)
    show(figure, words.say("alt_lstm"))


def hourglass(sizes=(5, 3, 2, 3, 5)):
    """Draw an autoencoder: columns of neurons that narrow down to the code and widen again.

    Args:
        sizes: ints, the number of neurons drawn in each column; the smallest is the code.
    """
    step, tallest = 2.6, max(sizes)
    figure, axis = canvas(step * (len(sizes) - 1) + 3.4, tallest + 2.2)
    columns = [
        [(1.7 + step * i, tallest / 2 + 0.8 + (size - 1) / 2 - k) for k in range(size)]
        for i, size in enumerate(sizes)
    ]
    for left, right in pairwise(columns):
        for (x0, y0), (x1, y1) in itertools.product(left, right):
            axis.plot((x0, x1), (y0, y1), color=GREY, lw=0.7, alpha=0.6, zorder=1)
    code = sizes.index(min(sizes))
    for i, column in enumerate(columns):
        for x, y in column:
            circle(axis, x, y, radius=0.36, colour=ORANGE if i == code else BLUE)
    above = tallest + 1.0
    for i, symbol, name in (
        (0, "$x$", "input"),
        (code, "$c$", "code"),
        (len(sizes) - 1, r"$\hat{x}$", "output"),
    ):
        x, y = columns[i][0]
        axis.text(x, y + 0.55, symbol, ha="center", va="bottom", fontsize=20)
        axis.text(x, columns[i][-1][1] - 0.6, words.say(name), ha="center", va="top")
    for start, end, name in ((0, code, "encoder"), (code, len(sizes) - 1, "decoder")):
        left, right = columns[start][0][0] + 0.7, columns[end][0][0] - 0.7
        arrow(axis, (left, above), (right, above), words.say(name), fontsize=16)
    show(figure, words.say("alt_hourglass", sizes=", ".join(map(str, sizes))))


def two_paths():
    """Show the two paths of style transfer: content and style of G, each beside its model."""
    say = words.say
    figure, axis = canvas(16, 7.6)
    for y, key, colour in ((6.5, "C", BLUE), (4.2, "G", ORANGE), (1.9, "S", GREEN)):
        box(axis, 1.7, y, say(f"paths_{key}"), width=2.2, height=1.2, colour=colour)
        arrow(axis, (2.8, y), (4.2 if key != "G" else 10.3, y))
    for y, key, end in ((5.85, "paths_network", 5.2), (2.55, "paths_same", 3.2)):
        arrow(axis, (2.8, 4.2), (4.2, end))
        box(axis, 5.3, y, say(key), width=2.2, height=2.3, colour=GREY, fontsize=13)
    for y, text, colour in (
        (6.5, "$a(C)$", BLUE),
        (5.2, "$a(G)$", ORANGE),
        (3.2, "$M(G)$", ORANGE),
        (1.9, "$M(S)$", GREEN),
    ):
        arrow(axis, (6.4, y), (7.6, y))
        box(axis, 8.4, y, text, width=1.6, height=0.9, colour=colour)
    for y, key, near in ((5.85, "J_C", (6.5, 5.2)), (2.55, "J_S", (3.2, 1.9))):
        for start in near:
            arrow(axis, (9.2, start), (10.3, y + (start - y) * 0.3))
        box(axis, 11.6, y, f"${key}$\n{say('paths_' + key)}", width=2.6, height=1.4, colour=GREY)
    box(axis, 11.6, 4.2, f"$V$\n{say('paths_V')}", width=2.6, height=1.4, colour=GREY, fontsize=14)
    for y in (5.85, 4.2, 2.55):
        arrow(axis, (12.9, y), (13.9, 4.2 + (y - 4.2) * 0.2))
    box(axis, 14.8, 4.2, "$J(G)$", width=1.8, height=1.2, colour=ORANGE, fontsize=17)
    axis.plot([14.8, 14.8, 0.25, 0.25], [3.6, 0.75, 0.75, 4.2], color=ORANGE, lw=2.5)
    arrow(axis, (0.25, 4.2), (0.6, 4.2), colour=ORANGE)
    axis.text(7.5, 0.3, say("paths_back"), ha="center", va="center", fontsize=14, color=ORANGE)
    show(figure, say("alt_two_paths"))


def joints(w, b, v, reach=(-1, 3)):
    """Show how a hidden layer of ReLU neurons draws a curve of one variable, piece by piece.

    One row for each neuron: z = w x + b, then max(0, z), then v max(0, z); on the right, the
    sum of the rows.

    Args:
        w, b, v: one number for each neuron: its weight, its bias and its weight in the sum.
        reach: (float, float), the first and the last x.

    Raises:
        ValueError: if they are not equally many.
    """
    table = np.array([expect("w, b, v", row, "(neurons,)", (1,)) for row in (w, b, v)])
    rows = range(table.shape[1])
    x = np.linspace(*reach, 401)
    z = np.outer(table[0], x) + table[1][:, None]
    pieces = [z, np.maximum(0, z), table[2][:, None] * np.maximum(0, z)]
    names = [["z", "h", "v"][column] for column in range(3)]
    figure, axes = plt.subplot_mosaic(
        [[f"{name}{row}" for name in names] + ["sum"] for row in rows],
        figsize=(WIDTH, 1.9 * len(rows) + 0.6),
        width_ratios=[1, 1, 1, 1.5],
        sharex=True,
        sharey=True,
    )
    for row in rows:
        for name, values in zip(names, pieces, strict=True):
            axes[f"{name}{row}"].plot(x, values[row], color=[BLUE, GREEN, PURPLE, GREY][row % 4])
        axes[f"z{row}"].set_ylabel(f"${row + 1}$", rotation=0, labelpad=14)
    axes["sum"].plot(x, pieces[2].sum(0), color=ORANGE)
    titles = ["$z = w x + b$", "$h = \\max(0, z)$", "$v h$"]
    for name, title in zip(names, titles, strict=True):
        axes[f"{name}0"].set_title(title)
        axes[f"{name}{rows[-1]}"].set_xlabel("$x$")
    axes["sum"].set(title=words.say("sum"), xlabel="$x$")
    axes["sum"].tick_params(labelleft=True)
    show(figure, words.say("alt_joints", neurons=len(rows)))


def descents(loss, paths, titles, parameter, *, alt):
    """Show descents on the curve of a loss and, under each, the loss after each step.

    Args:
        loss: function from a number to the loss there.
        paths: list of sequences of numbers, where each descent was, from the start on.
        titles: one title for each path.
        parameter: str, what the number is: the name of the horizontal axis.
        alt: str, what the figure shows.

    Raises:
        ValueError: if titles and paths differ in number.
    """
    if len(titles) != len(paths):
        raise ValueError(words.say("bad_count", found=len(titles), wanted=len(paths)))
    places = np.concatenate([np.asarray(path, dtype=float) for path in paths])
    around = 0.1 * (places.max() - places.min())
    line = np.linspace(places.min() - around, places.max() + around, 101)
    curve = [loss(place) for place in line]
    figure, axes = plt.subplots(
        2, len(paths), figsize=(WIDTH, 6.4), sharey="row", height_ratios=[3, 2], squeeze=False
    )
    for above, below, path, title in zip(axes[0], axes[1], paths, titles, strict=True):
        losses = [loss(place) for place in path]
        above.plot(line, curve, color=GREY, alpha=0.5)
        above.plot(path, losses, "o-", markersize=8)
        above.plot(path[-1], losses[-1], "o", color=ORANGE, markersize=14)
        above.set(title=title, xlabel=parameter)
        above.locator_params(axis="x", integer=True, nbins=5)
        below.plot(losses, "o-", markersize=8)
        below.plot(len(losses) - 1, losses[-1], "o", color=ORANGE, markersize=14)
        below.set(xlabel=words.say("step"), xticks=range(len(losses)))
        below.margins(y=0.15)
    for axis in axes[:, 0]:
        axis.set_ylabel(words.say("loss"))
    show(figure, alt)
