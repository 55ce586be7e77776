"""The yardstick of time, since machines differ threefold: `python -m tools yardstick`.

A training step of the published MNIST convnet (Chollet, keras.io: Conv 32, pool, Conv 64, pool,
dropout, dense; batches of 128) takes STEP seconds where a second is a reference second.

One thread each, for the yardstick and for the lesson that it measures: with a second one, a step of
convolutions is up to twice as fast and a lesson as slow as before, so that they would not compare.
"""

import os
import subprocess
import sys
import time

STEP = 0.028  # seconds
STEPS = 30  # of each of two epochs
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")


def measure():
    """Return how many seconds a reference second lasts here and now, in a process of its own."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3"}
    found = subprocess.run(
        [sys.executable, "-m", "tools.yardstick"],
        env=os.environ | quiet | ONE_THREAD,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(found.stdout.split()[-1])


def convnet():
    """Return the published convnet, compiled."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def step_seconds(model, x, y, batch_size):
    """Return the median time of a training step, in seconds: two epochs, the first compiles."""
    import keras
    import numpy as np

    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs=None: ends.append(time.perf_counter())
    )
    model.fit(x, y, batch_size, 2, verbose=0, callbacks=[clock])
    return float(np.median(np.diff(ends[len(ends) // 2 :])))


def main():
    """Print how many seconds a reference second lasts in this process."""
    import numpy as np

    rng = np.random.default_rng(0)
    x = rng.random((128 * STEPS, 28, 28, 1), np.float32)
    y = np.eye(10, dtype="float32")[rng.integers(0, 10, len(x))]
    print(step_seconds(convnet(), x, y, 128) / STEP)


if __name__ == "__main__":
    main()
