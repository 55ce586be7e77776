"""TensorFlow without the lines that its C++ code writes while it loads, nor its idle waits.

TensorFlow 2.18 to 2.21 write several lines about drivers and factories to the process's
standard error before any setting can stop them. A beginner reads them as errors, and they
carry process numbers, so that no two runs of a notebook would print the same.

When an epoch of `fit` ends, they wake the thread that tunes the data's pipeline before they
mark it as cancelled. Where cores are busy, it looks too early and sleeps on, for up to as long
as the epoch took, and `fit` waits for it. Arrays in memory need no tuning: it is turned off.

TensorFlow 2.19 writes in the middle of lesson 8's training that its remapper failed. This step of
its optimizer gains nothing there, and is turned off below 2.21, which writes nothing.

TensorFlow loads half a million objects that stay. Python's garbage collector looks at all of them
again and again: a quarter of the time of the import, and a second or two of each lesson. It is off
while they load, and leaves them alone afterwards.
"""

import gc
import os
import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder


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


class _QuietTensorFlow(MetaPathFinder):
    """Finds TensorFlow where Python would, and keeps standard error silent while it loads.

    A failed import still raises: only what is written past Python is dropped.
    """

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:  # a stray folder has no loader
            load = spec.loader.exec_module

            def load_quietly(module):
                with silenced_stderr(), _uncollected():
                    load(module)
                _mend(module)

            spec.loader.exec_module = load_quietly
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


def _mend(tensorflow):
    _end_epochs_at_once(tensorflow)
    _without_remapper(tensorflow)


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


def _without_remapper(tensorflow):
    """Turn off the remapper of a TensorFlow that may write that it failed."""
    version = getattr(tensorflow, "__version__", "9.9")
    if [int(part) for part in version.split(".")[:2]] < [2, 21]:
        tensorflow.config.optimizer.set_experimental_options({"remapping": False})


def quiet_tensorflow():
    """Silence the first import of TensorFlow and its C++ log, not exceptions; no idle waits."""
    if "tensorflow" in sys.modules:
        _mend(sys.modules["tensorflow"])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not any(isinstance(finder, _QuietTensorFlow) for finder in sys.meta_path):
        sys.meta_path.insert(0, _QuietTensorFlow())
