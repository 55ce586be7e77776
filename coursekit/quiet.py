"""TensorFlow and Keras without the lines that C++ code writes while it loads, nor idle waits.

TensorFlow 2.18 to 2.21 write several lines about drivers and factories to the process's
standard error before any setting can stop them. A beginner reads them as errors, and they
carry process numbers, so that no two runs of a notebook would print the same.

When an epoch of `fit` ends, they wake the thread that tunes the data's pipeline before they
mark it as cancelled. Where cores are busy, it looks too early and sleeps on, for up to as long
as the epoch took, and `fit` waits for it. Arrays in memory need no tuning: for those that Keras
feeds it is turned off. A student's own `tf.data` pipeline is left alone.

TensorFlow optimizes the small graphs that fetch the data anew for each epoch, which may take longer
than the epoch: graphs of fewer than 30 operations are left as they are.

TensorFlow 2.19 writes in the middle of lesson 8's training that its remapper failed. This step of
its optimizer gains nothing there, and is turned off below 2.21, which writes nothing.

TensorFlow loads half a million objects that stay. Python's garbage collector looks at all of them
again and again: a quarter of the time of the import, and a second or two of each lesson. It is off
while they load, and leaves them alone afterwards.

Keras loads scikit-learn and most of SciPy (a quarter of its import) for `keras.wrappers`, which
hardly anybody uses: they load when it is.

Keras's Adam asks TensorFlow for some thirty operations for each weight tensor, which take longer
to prepare and to start than to compute where networks are small. TensorFlow has one that does all.

Each mend gives way: an option that was set before stays, and a class of the student's own, or a
future Keras whose inner names differ, works as it does without this module.
"""

import gc
import os
import sys
from contextlib import contextmanager
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

ADAM = "keras.src.optimizers.adam"
ARRAYS = "keras.src.trainers.data_adapters.array_data_adapter"
WRAPPERS = "keras.wrappers"


@contextmanager
def silenced_stderr():
    """Send what the process, C++ code included, writes to standard error nowhere."""
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


class _Finder(MetaPathFinder):
    """Finds four modules where Python would: three are mended once loaded, one loads when used.

    A failed import still raises: only what TensorFlow writes past Python is dropped.
    """

    def find_spec(self, name, path=None, target=None):
        if name not in MENDS and name != WRAPPERS:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:  # a stray folder has no loader
            return spec
        load = spec.loader.exec_module

        def load_and_mend(module):
            load(module)
            MENDS[name](module)

        def load_in_silence(module):
            with silenced_stderr(), _uncollected():
                load_and_mend(module)

        ways = {"tensorflow": load_in_silence, WRAPPERS: partial(_load_when_used, load)}
        spec.loader.exec_module = ways.get(name, load_and_mend)
        return spec


def _load_when_used(load, module):
    """Load a module when one of its names is asked for.

    Python's LazyLoader would load it whenever TensorFlow looks at the files of all modules.
    """

    def load_now():
        load(module)
        for name in ("__getattr__", "__dir__"):
            vars(module).pop(name, None)

    def __getattr__(name):
        if name.startswith("__") and name != "__all__":  # what Python and others ask of any module
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        load_now()
        return getattr(module, name)

    def __dir__():
        load_now()
        return dir(module)

    module.__getattr__, module.__dir__ = __getattr__, __dir__


@contextmanager
def _uncollected():
    """Keep the garbage collector off, and for ever from what is alive at the end."""
    was_on = gc.isenabled()
    gc.collect()  # else what is garbage by now would stay
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()


def _end_epochs_at_once(module):
    """Turn off autotuning for the arrays that Keras feeds, and for nothing else."""
    adapter = getattr(module, "ArrayDataAdapter", None)  # no public name
    by_keras = getattr(adapter, "get_tf_dataset", None)
    if by_keras is None or hasattr(by_keras, "ends_at_once"):
        return

    def get_tf_dataset(self):
        import tensorflow as tf

        options = tf.data.Options()
        options.autotune.enabled = False
        return by_keras(self).with_options(options)

    get_tf_dataset.ends_at_once = True
    adapter.get_tf_dataset = get_tf_dataset


def _optimize_less(tensorflow):
    """Leave small graphs as they are, and turn off a remapper that may write that it failed."""
    if not hasattr(tensorflow, "config"):
        return
    options = {"min_graph_nodes": 30}
    if [int(part) for part in tensorflow.__version__.split(".")[:2]] < [2, 21]:
        options["remapping"] = False
    tensorflow.config.optimizer.set_experimental_options(options | _chosen_options())


def _chosen_options():
    """Return the optimizer's options that were set before.

    TensorFlow's own getter would look for devices, and so fix what can be chosen only before.
    """
    from tensorflow.python.eager import context

    return dict(getattr(context.context(), "_optimizer_experimental_options", {}))


def _fuse(module):
    """Let TensorFlow's kernel take Adam's steps; what it can't do, Keras does as before.

    The formula is Keras's (Kingma and Ba, 2015, the end of section 2), rounded in another
    order. The moments and the count of steps stay in the optimizer's own variables.
    """
    adam = module.Adam
    by_keras = getattr(adam, "_backend_update_step", None)  # no public name
    takes_a_step = getattr(adam, "update_step", None)
    if by_keras is None or takes_a_step is None or hasattr(by_keras, "fused"):
        return

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        if type(self).update_step is not takes_a_step or not _fits(self, learning_rate):
            return by_keras(self, grads, trainable_variables, learning_rate)
        import tensorflow as tf

        step = tf.cast(self.iterations + 1, "float32")
        shared = {
            "lr": tf.cast(learning_rate, "float32"),
            "beta1": self.beta_1,
            "beta2": self.beta_2,
            "beta1_power": tf.cast(self.beta_1, "float32") ** step,
            "beta2_power": tf.cast(self.beta_2, "float32") ** step,
            "epsilon": self.epsilon,
        }
        for gradient, variable in zip(grads, trainable_variables, strict=False):  # as Keras does
            if not _match(gradient, variable):
                by_keras(self, [gradient], [variable], learning_rate)
                continue
            place = self._get_variable_index(variable)
            tf.raw_ops.ResourceApplyAdam(
                var=variable.value.handle,
                m=self._momentums[place].value.handle,
                v=self._velocities[place].value.handle,
                grad=tf.cast(gradient, "float32"),
                **shared,
            )

    _backend_update_step.fused = True
    adam._backend_update_step = _backend_update_step


def _fits(optimizer, learning_rate):
    """Tell whether the kernel does what Keras would do with these settings."""
    import keras

    if keras.config.backend() != "tensorflow" or optimizer.amsgrad:
        return False
    import tensorflow as tf

    # A class or an object of the student's own may take its steps in another way.
    if type(optimizer) not in (keras.optimizers.Adam, keras.optimizers.AdamW):
        return False
    if {"update_step", "assign", "assign_add", "assign_sub"} & vars(optimizer).keys():
        return False
    # Keras finds 1 - beta in 64 bits, the kernel in 32: a difference that shows near to 1.
    betas = (optimizer.beta_1, optimizer.beta_2)
    if not all(isinstance(beta, float) and beta <= 0.999 for beta in betas):
        return False
    if not isinstance(optimizer.epsilon, float) or tf.convert_to_tensor(learning_rate).shape.rank:
        return False
    # Several devices each hold a copy of a variable, and Keras changes them all.
    strategy = getattr(optimizer, "_distribution_strategy", None)
    return not tf.distribute.has_strategy() and strategy is tf.distribute.get_strategy()


def _match(gradient, variable):
    """Tell whether the kernel can take a step of this variable along this gradient."""
    import keras
    import tensorflow as tf

    if not isinstance(variable, keras.Variable) or variable.dtype != "float32":
        return False
    if isinstance(variable.value, tf.distribute.DistributedValues):
        return False
    # An embedding has no plain tensor: Keras squares each of its rows. And Keras stretches a
    # gradient that is smaller than its variable.
    return isinstance(gradient, tf.Tensor) and gradient.shape == tuple(variable.shape)


MENDS = {"tensorflow": _optimize_less, ADAM: _fuse, ARRAYS: _end_epochs_at_once}


def quiet_tensorflow():
    """Silence the first import of TensorFlow and its C++ log, not exceptions; no idle waits."""
    for name, mend in MENDS.items():
        if name in sys.modules:
            mend(sys.modules[name])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
