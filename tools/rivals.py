"""What a student would run instead: published recipes, with their published settings.

Each is a function from the variables of our lesson, so that both learn from the same data, to a
`Rival`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from tools import yardstick

ROWS = 400  # of a picture that is painted


@dataclass
class Rival:
    """A published recipe, ready to train."""

    model: keras.Model
    x: np.ndarray
    y: np.ndarray
    batch_size: int
    epochs: int
    # Its score, where it is known, or how to get it from the trained model; None: only time counts.
    score: float | Callable | None

    @property
    def steps(self):
        return math.ceil(len(self.x) / self.batch_size) * self.epochs

    def step_seconds(self, count):
        """Return the median time of one of `count` training steps, in seconds."""
        weights, count = self.model.get_weights(), count * self.batch_size
        seconds = yardstick.step_seconds(
            self.model, self.x[:count], self.y[:count], self.batch_size
        )
        self.model.set_weights(weights)
        return seconds


def digits(lesson):
    """Chollet, *Simple MNIST convnet*, keras.io, 2015: 15 epochs, 10 % validation; 0.9922."""
    y = keras.utils.to_categorical(lesson["y_train"], 10)
    x = lesson["x_train"].reshape(-1, 28, 28, 1)
    count = round(0.9 * len(x))
    return Rival(yardstick.convnet(), x[:count], y[:count], 128, 15, 0.9922)


def reviews(lesson):
    """Chollet, *Bidirectional LSTM on IMDB*, keras.io, 2020: 20,000 words, 200 of each review.

    On the course's split it was right about 0.856 of the test reviews.
    """
    cut = layers.TextVectorization(20_000, output_sequence_length=200)
    cut.adapt(lesson["x_train"])
    x = np.array(cut(np.array(lesson["x_train"])))
    model = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(20_000, 128),
            layers.Bidirectional(layers.LSTM(64, return_sequences=True)),
            layers.Bidirectional(layers.LSTM(64)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return Rival(model, x, np.array(lesson["y_train"]), 32, 2, 0.856)


def noisy_digits(lesson):
    """Pérez, *Convolutional autoencoder for image denoising*, keras.io, 2021: 10 epochs of it."""
    relu = {"activation": "relu", "padding": "same"}
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, **relu),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(32, 3, **relu),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2DTranspose(32, 3, strides=2, **relu),
            layers.Conv2DTranspose(32, 3, strides=2, **relu),
            layers.Conv2D(1, 3, activation="sigmoid", padding="same"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    clean = lesson["x_train"][..., None].astype("float32")
    noise = np.random.default_rng(0).normal(size=clean.shape).astype("float32")

    def gain(model):
        output = model.predict(lesson["noisy"][..., None], 500, verbose=0)[..., 0]
        return -10 * np.log10(np.mean((output - lesson["x_test"]) ** 2)) - lesson["before"]

    return Rival(model, np.clip(clean + 0.4 * noise, 0, 1), clean, 128, 10, gain)


class Painting(keras.Model):
    """Chollet, *Neural style transfer*, keras.io, 2016: ROWS rows, 4000 steps of SGD."""

    STYLE = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1")
    CONTENT = "block5_conv2"

    def __init__(self, rows, columns):
        super().__init__()
        network = keras.applications.VGG19(weights=None, include_top=False)  # time needs no more
        network.trainable = False
        outputs = [network.get_layer(name).output for name in (*self.STYLE, self.CONTENT)]
        self.features = keras.Model(network.inputs, outputs)
        self.picture = self.add_weight(shape=(1, rows, columns, 3), initializer="uniform")

    def call(self, inputs):
        return self.picture

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        *looks, content = self.features(ops.concatenate([x, y, y_pred]))
        loss = 2.5e-8 * ops.sum((content[2] - content[0]) ** 2)
        size = 3 * y_pred.shape[1] * y_pred.shape[2]
        for look in looks:
            gaps = self.gram(look[1]) - self.gram(look[2])
            loss += 1e-6 / len(looks) * ops.sum(gaps**2) / (4 * 9 * size**2)
        a = (y_pred[:, :-1, :-1] - y_pred[:, 1:, :-1]) ** 2
        b = (y_pred[:, :-1, :-1] - y_pred[:, :-1, 1:]) ** 2
        return loss + 1e-6 * ops.sum((a + b) ** 1.25)

    @staticmethod
    def gram(look):
        flat = ops.reshape(look, (-1, look.shape[-1]))
        return ops.transpose(flat) @ flat


def painting(lesson):
    """Return Chollet's `Painting` of the lesson's photo and style."""
    rows, columns = ROWS, round(ROWS * lesson["content"].shape[1] / lesson["content"].shape[0])
    pictures = [
        ops.image.resize(lesson[name], (rows, columns))[None] for name in ("content", "style")
    ]
    model = Painting(rows, columns)
    rate = keras.optimizers.schedules.ExponentialDecay(100.0, 100, 0.96)
    model.compile(keras.optimizers.SGD(rate))
    x, y = (np.repeat(255 * np.array(picture), 4, axis=0) for picture in pictures)
    return Rival(model, x, y, 1, 1000, None)
