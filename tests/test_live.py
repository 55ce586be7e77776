"""Live progress: shown to people, silent elsewhere."""

import re

import keras
import numpy as np
import pytest

from coursekit import live, words


class Display:
    """Stands for a notebook's display: keeps what it was shown."""

    def __init__(self):
        self.pages = []

    def __call__(self, html, display_id):
        assert display_id, "without it, a page can not be updated"
        self.pages.append(html.data)
        return self

    def update(self, html):
        self.pages.append(html.data)


def train(epochs):
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones((64, 2)), np.ones(64)
    progress = live.Progress()
    model.fit(x, y, batch_size=16, epochs=epochs, validation_data=(x, y), verbose=0,
              callbacks=[progress])  # fmt: skip
    return progress


def test_nothing_is_shown_where_nobody_watches(capsys, monkeypatch):
    monkeypatch.setattr(live, "display", None)  # calling it would fail
    train(2)
    assert capsys.readouterr().out == ""


class Counted(keras.Sequential):
    """Counts how often TensorFlow traces its training step."""

    traced = 0

    def train_step(self, data):
        self.traced += 1
        return super().train_step(data)


def test_a_training_step_is_traced_once():
    for callbacks, times in (([live.Progress()], 1), ([], 2)):
        model = Counted([keras.layers.Input((2,)), keras.layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(np.ones((64, 2)), np.ones(64), verbose=0, callbacks=callbacks)
        assert model.traced == times, "if Keras mends it, Progress need not"


@pytest.mark.parametrize("name", live.LOSSES)
@pytest.mark.parametrize("as_object", [False, True])
def test_metrics_do_not_trace_it_again_and_measure_the_same(name, as_object):
    sparse = name.startswith("sparse")
    units, activation = (1, "sigmoid") if name.startswith("binary") else (3, "softmax")
    y = np.arange(64) % 3 if sparse else np.eye(3)[np.arange(64) % 3][:, :units]
    loss = getattr(keras.losses, name.title().replace("_", ""))
    measured = []
    for callbacks, times in (([live.Progress()], 1), ([], 2)):
        keras.utils.set_random_seed(0)
        layers = [keras.layers.Input((2,)), keras.layers.Dense(units, activation=activation)]
        model = Counted(layers)
        model.compile("adam", loss() if as_object else name, metrics=["accuracy"])
        settings = {"batch_size": 16, "epochs": 2, "verbose": 0, "callbacks": callbacks}
        measured.append(model.fit(np.ones((64, 2)), y, **settings).history)
        assert model.traced == times, "if Keras mends it, Progress need not"
    assert measured[0] == measured[1]


def unusual_models():
    """Yield models for which Keras makes what it can only make later, and their labels."""
    layers, ones = keras.layers, np.ones((64, 1))
    unbuilt = keras.Sequential([layers.Dense(1)])
    unbuilt.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    yield unbuilt, ones
    inputs = keras.Input((2,))
    outputs = [layers.Dense(1)(inputs), layers.Dense(1)(inputs)]
    several = keras.Model(inputs, outputs)
    several.compile("adam", ["mse", "mse"], metrics=[["mae"], ["mae"]])
    yield several, [ones, ones]
    without_axis = keras.Model(inputs, layers.Reshape(())(layers.Dense(1, "sigmoid")(inputs)))
    without_axis.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    yield without_axis, ones[:, 0]
    own_loss = keras.Model(inputs, outputs[0])
    own_loss.compile("adam", lambda y, p: (p - y) ** 2, metrics=["mae"])
    yield own_loss, ones

    class OwnMetrics(keras.Model):
        def compute_metrics(self, x, y, y_pred, sample_weight):
            return super().compute_metrics(x, y, y_pred, sample_weight) | {"rows": len(x.shape)}

    own_metrics = OwnMetrics(inputs, outputs[0])
    own_metrics.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    yield own_metrics, ones


@pytest.mark.parametrize("place", range(5))
def test_unusual_models_train_as_without_it(place):
    measured = []
    for callbacks in ([], [live.Progress()]):
        keras.utils.set_random_seed(0)
        model, y = list(unusual_models())[place]
        history = model.fit(np.ones((64, 2)), y, epochs=2, verbose=0, callbacks=callbacks).history
        measured.append([*history.values()])  # names of layers count up
    assert measured[0] == measured[1]


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_watcher_sees_batches_epochs_and_curves(epochs, language, monkeypatch):
    screen = Display()
    monkeypatch.setattr(live, "watched", lambda: True)
    monkeypatch.setattr(live, "display", screen)
    progress = train(epochs)
    assert len(screen.pages) >= 4 * epochs
    epoch = {"es": "Época", "en": "Epoch"}[language]
    assert sum(f"{epoch} {epochs} " in page for page in screen.pages) >= 4
    assert ("polyline" in screen.pages[-1]) == (epochs > 1)
    loss = {"es": "pérdida (validación) ", "en": "loss (validation) "}[language]
    assert loss + f"{progress.history['val_loss'][-1]:.4f}" in screen.pages[-1]


def test_the_legend_names_only_what_is_drawn(followed):
    for name, drawn in (("val_loss", True), ("mae", False)):
        progress, screen = followed(2, 1)
        for epoch in range(2):
            progress.on_epoch_begin(epoch)
            progress.on_epoch_end(epoch, {"loss": 1.0 - epoch / 2, name: 1.0})
        page = screen.pages[-1]
        assert f"— {words.say('training')}" in page
        assert (f"— {words.say('validation')}" in page) == drawn


@pytest.fixture
def followed(monkeypatch):
    """Return a function that begins a training that somebody watches: its bar, its screen."""

    def followed(epochs, steps):
        screen = Display()
        monkeypatch.setattr(live, "watched", lambda: True)
        monkeypatch.setattr(live, "display", screen)
        progress = live.Progress()
        progress.set_params({"epochs": epochs, "steps": steps})
        progress.on_train_begin()
        return progress, screen

    return followed


@pytest.mark.parametrize(
    ("steps", "at_once", "moves"),
    [
        (40, 1, [f"{1 + done / 40:.3f}" for done in (1, *range(2, 41, 2))]),
        (3, 1, ["1.333", "1.667", "2.000"]),
        (None, 1, ["2.000", "3.000"]),  # Keras does not know the steps of a generator
        (40, 10, ["1.250", "1.500", "1.750", "2.000"]),  # steps_per_execution
    ],
)
def test_the_bar_moves_twenty_times_an_epoch(steps, at_once, moves, followed):
    progress, screen = followed(2, steps)
    progress.on_epoch_begin(1)
    for batch in range(at_once - 1, steps or 2, at_once):
        progress.on_train_batch_end(batch, {"loss": 0.5})
    bars = [re.search("value='(.*?)' max='2'", page)[1] for page in screen.pages[1:]]
    assert bars == moves
    assert all("Época 2 de 2 · pérdida 0.5000" in page for page in screen.pages[1:])


def test_the_curves_are_drawn_to_scale(followed, language):
    progress, screen = followed(3, 1)
    losses = zip([3.0, 2.0, 2.5], [4.0, 1.0, 2.0], strict=True)
    for epoch, (loss, validation) in enumerate(losses):
        progress.on_epoch_begin(epoch)
        logs = {"loss": loss, "val_loss": validation, "mae": 1.0, "learning_rate": 0.1}
        progress.on_epoch_end(epoch, logs)
        assert f"value='{epoch + 1:.3f}'" in screen.pages[-1]
    progress.on_train_end(logs)
    first, second, third, last = screen.pages[1:]
    assert "polyline" not in first, "one point is no curve"
    assert re.findall("points='(.*?)'", second)[:2] == ["5,38 130,72", "5,5 130,105"]
    for page in (third, last):  # loss in training and validation; mae, which nobody validated
        wanted = ["5,38 130,72 255,55", "5,5 130,105 255,72", "5,105 130,105 255,105", ""]
        assert re.findall("points='(.*?)'", page) == wanted
        captions = re.findall("<figcaption>(.*?) <", page)
        loss = {"es": "pérdida", "en": "loss"}[language]
        assert captions == [loss, "mae"]
        alts = re.findall("<svg .*? role='img' aria-label='(.*?)'>", page)
        assert alts == [f"{loss}: 3.0000 → 2.5000", "mae: 1.0000 → 1.0000"]
    done = {"es": "Entrenamiento terminado · ", "en": "Training finished · "}[language]
    assert last.startswith(done)


def test_the_variable_switches_it_off(monkeypatch):
    class Shell:
        kernel = True

    monkeypatch.setattr(live, "get_ipython", Shell)
    monkeypatch.setenv("COURSEKIT_LIVE", "0")
    assert not live.watched()
    monkeypatch.delenv("COURSEKIT_LIVE")
    assert live.watched()
    monkeypatch.setattr(live, "get_ipython", lambda: None)
    assert not live.watched()
