"""A number that a lesson claims: printed with its bound, and checked."""

import re

import numpy as np

from coursekit import words

# The line that a claim prints, and the pattern that finds it again in an output. The build
# reads measured values with it, and the tests mask them: other processors give other digits.
LINE = "✔ {name}: {value} ({word} {bound})"
PATTERN = re.compile(
    "✔ (?P<name>[^\\n]+): (?P<value>-?(?:[0-9.]+(?:e[+-][0-9]+)?|inf)) "
    rf"\((?:{'|'.join(words.WORDS['bound'])}) (?P<bound>[≥≤][^)\n]*)\)"
)


class ClaimError(AssertionError):
    """A measured number that breaks the bound that the lesson promised."""


def claim(name, value, *, at_least=None, at_most=None):
    """Print a measured number beside the bound that the lesson claims, and check it.

    The tests of the course mask the measured digits of this line, which differ a little
    between processors; name and bound are compared.

    Args:
        name: str, what was measured, in the language of the notebook.
        value: a number, or an array of one number.
        at_least: number, the smallest value that holds; None for no lower bound.
        at_most: number, the largest value that holds; None for no upper bound.

    Raises:
        ValueError: if there is neither bound, or `value` is not one number.
        ClaimError: if the value breaks a bound or is not a number.
    """
    if at_least is None and at_most is None:
        raise ValueError(words.say("claim_without_bound", name=name))
    value = np.asarray(value)
    if value.size != 1 or value.dtype.kind not in "biuf":
        raise ValueError(words.say("claim_of_many", name=name, found=value.shape))
    value = float(value.item())
    holds = value == value  # NaN holds no claim
    bounds = []
    if at_least is not None:
        bounds.append(f"≥ {_short(at_least)}")
        holds = holds and value >= at_least
    if at_most is not None:
        bounds.append(f"≤ {_short(at_most)}")
        holds = holds and value <= at_most
    bound, shown = ", ".join(bounds), f"{value:.4g}"
    if not holds:
        raise ClaimError(words.say("claim_broken", name=name, value=shown, bound=bound))
    words.tell(LINE.format(name=name, value=shown, word=words.say("bound"), bound=bound))


def _short(bound):
    """Return a bound as prose writes it: 0.992, 57 818."""
    return words.number(bound) if isinstance(bound, int) else f"{bound:g}"
