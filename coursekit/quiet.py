"""TensorFlow and Keras without the lines that C++ code writes while it loads, nor idle waits.

TensorFlow 2.18 to 2.21 write several lines about drivers and factories to the process's
standard error before any setting can stop them. A beginner reads them as errors, and they
carry process numbers, so that no two runs of a notebook would print the same.

When an epoch of `fit` ends, they wake the thread that tunes the data's pipeline before they
mark it as cancelled. Where cores are busy, it looks too early and sleeps on, for up to as long
as the epoch took, and `fit` waits for it. Arrays in memory need no tuning: it is turned off.

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
"""

import gc
import os
import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from importlib.util import LazyLoader

ADAM, WRAPPERS = "keras.src.optimizers.adam", "keras.wrappers"


@contextmanager
def silenced_stderr():
    """Send what the process, C++ code included, writes to standard error nowhere."""
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stderr.flush()
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


class _Finder(MetaPathFinder):
    """Finds three modules where Python would: two are mended once loaded, one loads when used.

    A failed import still raises: only what TensorFlow writes past Python is dropped.
    """

    def find_spec(self, name, path=None, target=None):
        if name not in ("tensorflow", ADAM, WRAPPERS):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:  # a stray folder has no loader
            return spec
        if name == WRAPPERS:
            spec.loader = LazyLoader(spec.loader)
            return spec
        load = spec.loader.exec_module

        def load_and_mend(module):
            if name == ADAM:
                load(module)
            else:
                with silenced_stderr(), _uncollected():
                    load(module)
            MENDS[name](module)

        spec.loader.exec_module = load_and_mend
        return spec


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


def _mend_tensorflow(tensorflow):
    _end_epochs_at_once(tensorflow)
    _optimize_less(tensorflow)


def _end_epochs_at_once(tensorflow):
    """Turn off autotuning in the `tf.data.Options` that Keras and others make from now on."""
    if not hasattr(tensorflow, "data") or hasattr(tensorflow.data.Options, "ends_at_once"):
        return

    class Options(tensorflow.data.Options):
        ends_at_once = True

        def __init__(self):
            super().__init__()
            self.autotune.enabled = False

    tensorflow.data.Options = Options


def _optimize_less(tensorflow):
    """Leave small graphs as they are, and turn off a remapper that may write that it failed."""
    if not hasattr(tensorflow, "config"):
        return
    options = {"min_graph_nodes": 30}
    if [int(part) for part in tensorflow.__version__.split(".")[:2]] < [2, 21]:
        options["remapping"] = False
    tensorflow.config.optimizer.set_experimental_options(options)


def _fuse(module):
    """Let TensorFlow's kernel take Adam's steps; what it can't do, Keras does as before.

    The formula is Keras's (Kingma and Ba, 2015, the end of section 2), rounded in another
    order. The moments and the count of steps stay in the optimizer's own variables.
    """
    adam = module.Adam
    by_keras = getattr(adam, "_backend_update_step", None)  # no public name
    if by_keras is None or hasattr(by_keras, "fused"):
        return

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        if not _fits(self, trainable_variables):
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
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            if isinstance(gradient, tf.IndexedSlices):  # of an embedding: Keras squares each row
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


def _fits(optimizer, variables):
    import keras

    if optimizer.amsgrad or keras.config.backend() != "tensorflow":
        return False
    single = not sys.modules["tensorflow"].distribute.has_strategy()
    plain = (isinstance(each, keras.Variable) and each.dtype == "float32" for each in variables)
    return single and all(plain)


MENDS = {"tensorflow": _mend_tensorflow, ADAM: _fuse}


def quiet_tensorflow():
    """Silence the first import of TensorFlow and its C++ log, not exceptions; no idle waits."""
    for name, mend in MENDS.items():
        if name in sys.modules:
            mend(sys.modules[name])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
