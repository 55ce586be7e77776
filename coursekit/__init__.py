"""The helpers of the course: data, figures, promised numbers, exercises, live progress.

    import coursekit as ck

    ck.setup("es")

Importing this package imports neither TensorFlow nor Keras nor matplotlib, so that a lesson
opens at once; ``ck.data``, ``ck.plots`` and the like are loaded when first used.
"""

import importlib
import os
import pkgutil
import random
import sys

# NumPy and SciPy bring a pool of threads each, for their matrices, and the two wait for each
# other: on 2 cores a logistic regression of lesson 10 takes 26 times as long with them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from coursekit import style, words
from coursekit.claims import claim
from coursekit.exercises import check
from coursekit.quiet import quiet_tensorflow
from coursekit.words import number

MODULES = [module.name for module in pkgutil.iter_modules(__path__)]

__all__ = ["check", "claim", "number", "setup", *MODULES]
__version__ = "0.1.0"


def __getattr__(name):
    if name in MODULES:
        return importlib.import_module(f"coursekit.{name}")
    raise AttributeError(f"module 'coursekit' has no attribute {name!r}")


def setup(language="es", seed=0):
    """Prepare a notebook: language and style of its figures, the seeds, quiet imports.

    Args:
        language: `"es"` or `"en"`.
        seed: int from 0 to 2**32 - 1, for Python's and NumPy's global random generators, and
            for Keras's where Keras is imported already. A lesson that imports Keras later
            calls `keras.utils.set_random_seed` itself, in sight of the reader.

    Raises:
        ValueError: if the course does not speak `language` or the seed is out of range.
    """
    words.use(language)
    if not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(words.say("bad_seed", seed=repr(seed)))
    quiet_tensorflow()
    style.apply()
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - what learners try out draws from it
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
