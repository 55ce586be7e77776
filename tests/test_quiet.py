"""Adam by TensorFlow's kernel, and scikit-learn only when it is used. (test_setup has the rest.)"""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from coursekit.quiet import quiet_tensorflow

quiet_tensorflow()


class ByKeras(keras.optimizers.Adam):
    """Adam as it comes with Keras."""

    def _backend_update_step(self, *args):
        super(keras.optimizers.Adam, self)._backend_update_step(*args)


def trained(optimizer, **options):
    """Train a small network with an embedding and return its weights and those of Adam."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input((3,)), layers.Embedding(9, 4), layers.Flatten()])
    model.add(layers.Dense(5, "tanh"))
    model.add(layers.Dense(1))
    model.compile(optimizer, "mse", **options)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 9, (120, 3))
    model.fit(x, x.sum(axis=1), batch_size=8, epochs=2, verbose=0)
    return model.get_weights(), [each.numpy() for each in model.optimizer.variables]


DECAY = keras.optimizers.schedules.CosineDecay(0.05, 20)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"learning_rate": DECAY, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.1},
        {"weight_decay": 0.1, "clipnorm": 0.5},
        {"use_ema": True, "ema_overwrite_frequency": 7},
        {"gradient_accumulation_steps": 2},
        {"amsgrad": True},
    ],
)
def test_the_kernel_takes_the_steps_of_keras(settings):
    settings = {"learning_rate": 0.05} | settings
    for ours, theirs in zip(
        trained(keras.optimizers.Adam(**settings)), trained(ByKeras(**settings)), strict=True
    ):
        assert len(ours) == len(theirs)
        assert all(
            np.allclose(a, b, rtol=1e-3, atol=1e-5) for a, b in zip(ours, theirs, strict=True)
        )


@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": True}])
def test_it_takes_them_without_a_graph_and_compiled(options):
    ours, _ = trained(keras.optimizers.Adam(0.05), **options)
    theirs, _ = trained(ByKeras(0.05))
    assert all(np.allclose(a, b, rtol=1e-3, atol=1e-5) for a, b in zip(ours, theirs, strict=True))


def kernels(optimizer, variables):
    optimizer.build(variables)

    @tf.function
    def step():
        optimizer.apply([tf.ones(each.shape, each.dtype) for each in variables])

    graph = step.get_concrete_function().graph
    return sum(each.type == "ResourceApplyAdam" for each in graph.get_operations())


@pytest.mark.parametrize(
    ("optimizer", "dtype", "count"),
    [
        (keras.optimizers.Adam, "float32", 2),
        (keras.optimizers.AdamW, "float32", 2),
        (ByKeras, "float32", 0),
        (keras.optimizers.Adam, "float64", 0),
        (keras.optimizers.Nadam, "float32", 0),
        (lambda: keras.optimizers.Adam(amsgrad=True), "float32", 0),
    ],
)
def test_one_operation_for_each_variable_where_it_fits(optimizer, dtype, count):
    variables = [keras.Variable(np.ones(2), dtype=dtype) for _ in range(2)]
    assert kernels(optimizer(), variables) == count


def test_several_devices_are_left_to_keras():
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        model = keras.Sequential([layers.Input((2,)), layers.Dense(1)])
        model.compile(keras.optimizers.Adam(), "mse")
        before = model.get_weights()
        model.fit(np.ones((8, 2)), np.ones(8), verbose=0)
    assert model.optimizer.iterations == 1
    assert not np.array_equal(model.get_weights()[0], before[0])


def test_scikit_learn_loads_when_keras_needs_it():
    code = (
        "import sys, coursekit as ck; ck.setup('es'); import keras\n"
        "print('sklearn' in sys.modules, keras.wrappers.SKLearnClassifier.__name__)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", "SKLearnClassifier"]
