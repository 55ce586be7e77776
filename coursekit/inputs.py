"""Checks of what a caller gives: bad input gets one sentence that says what was expected."""

import numpy as np

from coursekit import words


def expect(name, array, wanted, dimensions):
    """Return an array after checking how many dimensions it has.

    Args:
        name: str, what errors call it.
        array: anything that NumPy makes an array of.
        wanted: str, the shape that was expected, as `"(rows, columns)"`.
        dimensions: ints, the numbers of dimensions that will do.

    Raises:
        ValueError: if it has another number of dimensions, or no element.
    """
    array = np.asarray(array)
    if array.ndim not in dimensions or 0 in array.shape:
        wrong_shape(name, array, wanted)
    return array


def wrong_shape(name, array, wanted):
    """Raise the ValueError that says which shape was found and which was expected."""
    raise ValueError(words.say("bad_shape", name=name, found=array.shape, wanted=wanted))
