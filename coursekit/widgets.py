"""A canvas and knobs for people who watch; in a notebook that is only read, a picture.

They need anywidget and ipywidgets, which are imported where they are used. Where one of them is
missing, outside a notebook and where the environment variable COURSEKIT_LIVE is 0 (as when
notebooks are built and tested), the picture is all that is shown.
"""

import importlib
import os
import sys
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from IPython.utils.capture import capture_output

from coursekit import pictures, plots, words

VIEW = "application/vnd.jupyter.widget-view+json"
SAID = ("paper", "clear", "keys", "seen", "empty", "answer", "waiting")  # words of canvas.js


def draw(predict, example):
    """Show a canvas on which a digit is drawn; a network reads it after each stroke.

    Args:
        predict: function from what `pictures.like_mnist` returns, array `(28, 28)`, to the
            probabilities of the ten digits.
        example: float array `(rows, columns)`, dark ink on light paper: the drawing of the
            picture that stands in the place of the canvas.
    """
    toolkit = _toolkit("anywidget")
    if toolkit is None:
        _read_example(predict, example)
        return
    with capture_output() as seen:
        _read_example(predict, example)  # a network's first answer takes longest
    canvas = _canvas(toolkit, {name: words.say(f"draw_{name}") for name in SAID})

    def read(canvas, asked, buffers):
        try:
            grey = np.frombuffer(buffers[0], np.uint8).reshape(asked["rows"], -1) / 255
            page = pictures.like_mnist(grey)
            answer = {"read": np.ravel(predict(page)).tolist() if page.any() else None}
        except Exception as error:  # the learner may have changed the network
            page, answer = np.zeros((28, 28)), {"error": _said_of(error)}
        canvas.send(answer | {"to": asked["from"]}, [page.round().astype(np.uint8).tobytes()])

    canvas.on_msg(read)
    _show(canvas, seen)


def knobs(draw, /, **sliders):
    """Show a figure with a slider for each of its arguments; it follows the sliders.

    Args:
        draw: function that shows a figure, in a fraction of a second.
        **sliders: for each of its arguments, `(label, values, start)`: a str, a sequence of
            numbers or texts, and the one of them that the figure begins with.

    Raises:
        ValueError: if a slider starts at none of its values.
    """
    places = {name: list(values).index(start) for name, (_, values, start) in sliders.items()}
    toolkit = _toolkit("ipywidgets")
    if toolkit is None:
        draw(**{name: start for name, (_, _, start) in sliders.items()})
        return
    wide = {"style": {"description_width": "initial"}, "layout": {"width": "30em"}}
    controls = {
        name: toolkit.SelectionSlider(
            options=[(_short(value), value) for value in values],
            index=places[name],
            description=label,
            **wide,
        )
        for name, (label, values, _) in sliders.items()
    }
    figure = toolkit.HTML()

    def move(_=None):
        with capture_output() as seen:
            try:
                draw(**{name: control.value for name, control in controls.items()})
            except Exception as error:  # nobody would see it
                print(_said_of(error))
        figure.value = _html(seen)
        return seen

    seen = move()
    for control in controls.values():
        control.observe(move, "value")
    _show(toolkit.VBox([*controls.values(), figure]), seen)


def _toolkit(name):
    """Return the package that makes widgets, or None where nobody watches or there is none."""
    if os.environ.get("COURSEKIT_LIVE", "1") == "0" or not hasattr(get_ipython(), "kernel"):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _canvas(anywidget, said):
    import traitlets

    class Canvas(anywidget.AnyWidget):
        _esm = Path(__file__).with_name("canvas.js")
        _css = Path(__file__).with_name("canvas.css")
        said = traitlets.Dict().tag(sync=True)

    return Canvas(said=said)


def _show(widget, seen):
    """Display a widget with the picture that stands for it in a notebook that is only read."""
    if "google.colab" in sys.modules or not seen.outputs:
        display(widget)  # Colab adds what it needs
        return
    picture = seen.outputs[0]
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display(picture.data | {VIEW: view}, metadata=picture.metadata, raw=True)


def _read_example(predict, example):
    page = pictures.like_mnist(example)
    figure, axes = plt.subplots(1, 3, figsize=(plots.WIDTH, 3.4), width_ratios=[1, 1, 1.2])
    for axis, picture, name in zip(axes, (example, page), ("drawing", "seen"), strict=False):
        axis.imshow(picture, vmin=0, vmax=picture.max())
        axis.set(xticks=[], yticks=[], title=words.say(f"draw_{name}"))
        axis.spines[:].set(visible=True, color=plots.GREY, linewidth=0.8)
    axes[2].barh(range(10), np.ravel(predict(page)), color=plots.BLUE)
    axes[2].set(yticks=range(10), ylim=(9.6, -0.6), xlim=(0, 1), title=words.say("probability"))
    axes[2].grid(axis="y", visible=False)
    plots.show(figure, words.say("alt_drawing"))


def _html(seen):
    """Return what was shown as HTML: what was printed, and each figure with its sentence."""
    parts = [f"<pre>{escape(seen.stdout)}</pre>"] if seen.stdout else []
    for output in seen.outputs:
        for kind, about in output.metadata.items():
            source = f"data:{kind};base64,{output.data[kind]}"
            size = f"width='{about['width']}' style='max-width: 100%; height: auto'"
            parts.append(f"<img src='{source}' alt='{escape(about['alt'])}' {size}>")
    return "".join(parts)


def _said_of(error):
    return f"{type(error).__name__}: {error}"


def _short(value):
    return value if isinstance(value, str) else f"{value:g}"
