"""A number that a lesson promises: printed with its bound, and checked."""

from coursekit import words


class ClaimError(AssertionError):
    """A measured number that breaks the bound that the lesson promised."""


def claim(name, value, *, at_least=None, at_most=None):
    """Print a measured number beside the bound that the lesson promises, and check it.

    The tests of the course mask the measured digits of this line, which differ a little
    between processors; name and bound are compared.

    Args:
        name: str, what was measured, in the language of the notebook.
        value: a number, or an array of one number.
        at_least: number, the smallest value that keeps the promise; None for no lower bound.
        at_most: number, the largest value that keeps the promise; None for no upper bound.

    Raises:
        ValueError: if there is neither bound.
        ClaimError: if the value breaks a bound or is not a number.

    Used by every lesson.
    """
    if at_least is None and at_most is None:
        raise ValueError(words.say("claim_without_bound", name=name))
    value = float(value)
    holds = value == value  # NaN keeps no promise
    bounds = []
    if at_least is not None:
        bounds.append(f"≥ {at_least:g}")
        holds = holds and value >= at_least
    if at_most is not None:
        bounds.append(f"≤ {at_most:g}")
        holds = holds and value <= at_most
    bound = ", ".join(bounds)
    if not holds:
        raise ClaimError(words.say("claim_broken", name=name, value=f"{value:.4g}", bound=bound))
    print(f"✔ {name}: {value:.4g} ({words.say('promised')} {bound})")
