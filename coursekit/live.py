"""Progress and curves while a model trains, for people who watch.

They are off where nobody watches: outside a notebook, and where the environment variable
COURSEKIT_LIVE is 0, as it is when notebooks are built and tested.
"""

import os

import keras
import numpy as np
from IPython import get_ipython
from IPython.display import HTML, display

from coursekit import words

COLOURS = {"#0072B2": "training", "#D55E00": "validation"}
# losses that tell the shape of the labels
LOSSES = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")


def watched():
    """Return whether somebody watches: in a notebook, unless COURSEKIT_LIVE is 0."""
    return os.environ.get("COURSEKIT_LIVE", "1") != "0" and hasattr(get_ipython(), "kernel")


class Progress(keras.callbacks.Callback):
    """A bar that moves with each batch, and the curves of all epochs so far.

    Give it to `fit`, with `verbose=0`: `model.fit(..., verbose=0, callbacks=[Progress()])`.
    It shows nothing where nobody watches (see `watched`).

    It makes the variables of the optimizer and of the metrics before the first step. Made within
    that step, they let TensorFlow trace it twice, which takes a small network as long as an epoch.
    """

    def set_model(self, model):
        super().set_model(model)
        variables = model.trainable_variables
        complete = variables and all(layer.built for layer in model.layers)
        if complete and not model.optimizer.built:
            model.optimizer.build(variables)
        _make_metrics(model)

    def on_train_begin(self, logs=None):
        self.epochs = self.params["epochs"]
        self.steps = self.params["steps"] or 1
        self.history = {}
        self.epoch = 0
        self.display = display(HTML(""), display_id=True) if watched() else None

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.twentieth = -1  # so that the first batch moves the bar

    def on_train_batch_end(self, batch, logs=None):
        # of those that `steps_per_execution` takes at once, only the last comes here
        twentieth = 20 * (batch + 1) // self.steps
        if self.display and twentieth > self.twentieth:
            self.twentieth = twentieth
            self._show(self.epoch + (batch + 1) / self.steps, logs)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        if self.display:
            self._show(epoch + 1, logs)

    def on_train_end(self, logs=None):
        if self.display:
            line = f"{words.say('live_done')}{_numbers(logs)}"
            self.display.update(HTML(line + self._curves()))

    def _show(self, done, logs):
        bar = f"<progress value='{done:.3f}' max='{self.epochs}'></progress> "
        line = words.say("live_epoch", epoch=self.epoch + 1, epochs=self.epochs) + _numbers(logs)
        self.display.update(HTML(bar + line + self._curves()))

    def _curves(self):
        """Return the curves so far as SVG, light enough to redraw many times."""
        parts = []
        for name, values in self.history.items():
            if len(values) < 2 or name.startswith("val_") or name == "learning_rate":
                continue
            lines = [values, self.history.get(f"val_{name}", [])]
            low, high = min(map(min, filter(None, lines))), max(map(max, filter(None, lines)))
            legend = "".join(
                f" <span style='color:{colour}'>— {words.say(part)}</span>"
                for line, (colour, part) in zip(lines, COLOURS.items(), strict=True)
                if line
            )
            parts.append(f"<figure style='display:inline-block'><figcaption>{_word(name)}{legend}")
            alt = f"{_word(name)}: {values[0]:.4f} → {values[-1]:.4f}"
            parts.append("</figcaption><svg width='260' height='110' fill='none' role='img' ")
            parts.append(f"aria-label='{alt}'>")
            for line, colour in zip(lines, COLOURS, strict=True):
                points = " ".join(
                    f"{5 + 250 * i / (self.epochs - 1):.0f},"
                    f"{105 - 100 * (value - low) / (high - low or 1):.0f}"
                    for i, value in enumerate(line)
                )
                parts.append(f"<polyline stroke-width='3' stroke='{colour}' points='{points}'/>")
            parts.append("</svg></figure>")
        return f"<div>{''.join(parts)}</div>"


def _make_metrics(model):
    """Make metrics like "accuracy", which wait for the shapes of the first labels and answers.

    The loss tells the shape of the labels. With another one, or several outputs, they wait.
    """
    loss = str(getattr(model.loss, "name", model.loss))
    outputs = getattr(model, "outputs", None) or []
    if loss not in LOSSES or len(outputs) != 1 or len(outputs[0].shape) < 2:
        return
    answers = np.zeros([size or 1 for size in outputs[0].shape])
    labels = answers[..., 0] if loss.startswith("sparse") else answers
    for metric in model.metrics:
        if not getattr(metric, "built", True):  # Keras's own, of all that `compile` was given
            metric.build(labels, answers)


def _word(name):
    """Return the word for one of Keras's names, or that name where there is no word."""
    if name.startswith("val_"):
        return f"{_word(name.removeprefix('val_'))} ({words.say('validation')})"
    return words.say(name) if name in words.WORDS else name


def _numbers(logs):
    return "".join(f" · {_word(name)} {value:.4f}" for name, value in (logs or {}).items())
