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
    """Adam as it comes with Keras: the steps of any subclass are left alone."""


class Undone(keras.optimizers.Adam):
    """Takes no step of its own, and doubles each weight instead."""

    def update_step(self, gradient, variable, learning_rate):
        self.assign_add(variable, variable)


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
        {"clipvalue": 0.1},
        {"global_clipnorm": 0.1},
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
            np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(ours, theirs, strict=True)
        )


@pytest.mark.parametrize(
    "options", [{"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 6}]
)
def test_it_takes_them_without_a_graph_and_compiled(options):
    ours, _ = trained(keras.optimizers.Adam(0.05), **options)
    theirs, _ = trained(ByKeras(0.05))
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(ours, theirs, strict=True))


def test_it_takes_them_where_some_sums_have_16_bits():
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        ours, theirs = (trained(kind(0.05))[0] for kind in (keras.optimizers.Adam, ByKeras))
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert all(np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(ours, theirs, strict=True))


def test_a_subclass_takes_its_own_steps():
    variable = keras.Variable([1.0, 2.0])
    Undone().apply([tf.ones(2)], [variable])
    assert np.array_equal(variable.numpy(), [2, 4])
    by_hand = keras.optimizers.Adam()
    by_hand.update_step = lambda gradient, variable, rate: by_hand.assign(variable, gradient)
    by_hand.apply([tf.zeros(2)], [variable])
    assert np.array_equal(variable.numpy(), [0, 0])
    counting, calls = keras.optimizers.Adam(), []
    counting.assign_sub = lambda *args: calls.append(args)
    counting.apply([tf.ones(2)], [variable])
    assert len(calls) == 1


def test_a_step_that_is_replaced_for_all(monkeypatch):
    calls = []
    monkeypatch.setattr(keras.optimizers.Adam, "update_step", lambda *args: calls.append(args))
    keras.optimizers.Adam().apply([tf.ones(2)], [keras.Variable([1.0, 2.0])])
    assert len(calls) == 1


GRADIENTS = [tf.constant(0.5), np.ones(3, "float32"), [1.0, 1.0, 1.0], 1.0]


@pytest.mark.parametrize("gradient", GRADIENTS, ids=str)
def test_a_gradient_of_another_kind_is_taken_as_by_keras(gradient):
    variable = keras.Variable([1.0, 2.0, 3.0])
    keras.optimizers.Adam(0.5).apply([gradient], [variable])
    assert np.allclose(variable.numpy(), [0.5, 1.5, 2.5], atol=1e-4)


def test_a_gradient_whose_shape_is_not_known_is_stretched_as_by_keras():
    variable = keras.Variable([1.0, 2.0, 3.0])
    optimizer = keras.optimizers.Adam(0.5)
    optimizer.build([variable])

    @tf.function(input_signature=[tf.TensorSpec(None)])
    def step(gradient):
        optimizer.apply([gradient], [variable])

    step(tf.constant(1.0))
    assert np.allclose(variable.numpy(), [0.5, 1.5, 2.5], atol=1e-4)


@pytest.mark.parametrize("epsilon", [np.array([1e-7]), tf.constant(1e-7, "float64")], ids=str)
def test_an_epsilon_of_another_kind_is_taken_as_by_keras(epsilon):
    variable = keras.Variable([1.0, 2.0])
    keras.optimizers.Adam(0.5, epsilon=epsilon).apply([tf.ones(2)], [variable])
    assert np.allclose(variable.numpy(), [0.5, 1.5], atol=1e-4)


def test_fewer_gradients_than_variables_are_taken_as_by_keras():
    variables = [keras.Variable([1.0]) for _ in range(2)]
    optimizer = keras.optimizers.Adam(0.5)
    optimizer.build(variables)
    optimizer.apply([tf.ones(1)], variables)
    assert np.allclose([each.numpy()[0] for each in variables], [0.5, 1], atol=1e-4)


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_some_variables_of_a_built_optimizer():
    optimizer = keras.optimizers.Adam(0.5)
    variables = [keras.Variable([1.0]) for _ in range(3)]
    optimizer.build(variables)
    optimizer.apply([tf.ones(1), None, tf.ones(1)], variables)
    assert np.allclose([each.numpy()[0] for each in variables], [0.5, 1, 0.5], atol=1e-4)


def test_a_file_goes_on_where_it_was_saved(tmp_path):
    """Trained by the kernel, saved, loaded, and trained on by Keras: the same as all by Keras."""
    ends = []
    for kind in (keras.optimizers.Adam, ByKeras):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Input((2,)), layers.Dense(1)])
        model.compile(kind(0.05), "mse")
        x = np.arange(8.0).reshape(4, 2)
        model.fit(x, x[:, 0], epochs=3, verbose=0)
        model.save(tmp_path / "model.keras")
        again = keras.models.load_model(
            tmp_path / "model.keras", custom_objects={"ByKeras": ByKeras}
        )
        assert int(again.optimizer.iterations) == 3
        again.optimizer.__class__ = ByKeras
        again.fit(x, x[:, 0], epochs=3, verbose=0)
        ends.append(again.get_weights())
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(*ends, strict=True))


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
        (lambda: keras.optimizers.Adam(beta_2=0.99999), "float32", 0),
    ],
)
def test_one_operation_for_each_variable_where_it_fits(optimizer, dtype, count):
    variables = [keras.Variable(np.ones(2), dtype=dtype) for _ in range(2)]
    assert kernels(optimizer(), variables) == count


def test_several_devices_are_left_to_keras():
    result = run(
        "import coursekit as ck; ck.setup(); import keras, numpy, tensorflow as tf\n"
        "cpu = tf.config.list_physical_devices('CPU')[0]\n"
        "half = tf.config.LogicalDeviceConfiguration()\n"
        "tf.config.set_logical_device_configuration(cpu, [half, half])\n"
        "strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])\n"
        "with strategy.scope():\n"
        "    variable, optimizer = keras.Variable([1.0, 2.0]), keras.optimizers.Adam(0.5)\n"
        "    optimizer.build([variable])\n"
        "    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "    model.compile(keras.optimizers.Adam(), 'mse')\n"
        "    model.fit(numpy.ones((8, 2)), numpy.ones(8), verbose=0)\n"
        "optimizer.apply([tf.ones(2)], [variable])  # outside of the scope\n"
        "try:\n"
        "    keras.optimizers.Adam(0.5).apply([tf.ones(2)], [variable])  # never inside\n"
        "except TypeError:  # Keras's own\n"
        "    pass\n"
        "for each in [variable, model.layers[0].kernel]:\n"
        "    first, second = (copy.numpy() for copy in each.value.values)\n"
        "    print(numpy.array_equal(first, second))\n"
        "print(numpy.round(variable.value.values[1].numpy(), 4))\n"
    )
    assert result.split() == ["True", "True", "[0.5", "1.5]"]


def run(code):
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_scikit_learn_loads_when_keras_needs_it():
    result = run(
        "import sys, coursekit as ck; ck.setup('es'); import keras\n"
        "[hasattr(each, '__file__') for each in list(sys.modules.values())]  # as TensorFlow does\n"
        "print('sklearn' in sys.modules, hasattr(keras.wrappers, '__wrapped__'))\n"
        "print(keras.wrappers.SKLearnClassifier.__name__, hasattr(keras.wrappers, 'nothing'))\n"
        "print(hasattr(keras.wrappers, 'load_now'))"
    )
    assert result.split() == ["False", "False", "SKLearnClassifier", "False", "False"]


def test_dir_names_what_loads_when_used():
    code = "import coursekit as ck; ck.setup(); import keras; print(dir(keras.wrappers))"
    assert "SKLearnRegressor" in run(code)


def test_a_star_finds_the_names_of_what_loads_when_used():
    code = (
        "import coursekit as ck; ck.setup(); from keras.wrappers import *; print(SKLearnRegressor)"
    )
    assert "SKLearnRegressor" in run(code)
