"""Live progress: shown to people, silent elsewhere."""

import keras
import numpy as np
import pytest

from coursekit import live


class Display:
    """Stands for a notebook's display: keeps what it was shown."""

    def __init__(self):
        self.pages = []

    def __call__(self, html, display_id):
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
