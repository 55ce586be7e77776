"""Claims: what they print, and that they break."""

import numpy as np
import pytest

import coursekit as ck
from coursekit.claims import PATTERN, ClaimError


def test_a_claim_prints_the_number_and_its_bound(language, capsys):
    ck.claim("accuracy", np.float32(0.99312), at_least=0.992)
    word = {"es": "límite", "en": "bound"}[language]
    assert capsys.readouterr().out == f"✔ accuracy: 0.9931 ({word} ≥ 0.992)\n"


def test_two_bounds(capsys):
    ck.claim("share", 0.5, at_least=0.25, at_most=0.75)
    assert capsys.readouterr().out == "✔ share: 0.5 (límite ≥ 0.25, ≤ 0.75)\n"


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (0.9919, {"at_least": 0.992}),
        (0.11, {"at_most": 0.1}),
        (2, {"at_least": 0, "at_most": 1}),
        (-1, {"at_least": 0, "at_most": 1}),
        (float("nan"), {"at_least": 0}),
        (float("nan"), {"at_most": 0}),
    ],
)
def test_a_broken_claim_stops(value, bounds, language, capsys):
    with pytest.raises(ClaimError, match=r"^accuracy: .*[≥≤]") as error:
        ck.claim("accuracy", value, **bounds)
    assert "\n" not in str(error.value)
    assert capsys.readouterr().out == ""


def test_the_bound_itself_holds():
    ck.claim("x", 1.0, at_least=1, at_most=1)


def test_a_claim_without_a_bound(language):
    with pytest.raises(ValueError, match="at_least"):
        ck.claim("accuracy", 0.9)


def test_the_pattern_finds_what_a_claim_prints(language, capsys):
    for value in (np.array([0.51234]), np.array([[-2]]), 1e-12, 123456, np.inf):
        ck.claim("a: b, in dB", value, at_least=-3)
        found = PATTERN.fullmatch(capsys.readouterr().out.strip())
        assert found["name"] == "a: b, in dB" and found["bound"] == "≥ -3"
        assert np.isclose(float(found["value"]), np.asarray(value).item(), rtol=1e-3)


def test_large_bounds_are_grouped(capsys):
    ck.claim("n", 123456, at_least=100_000, at_most=9_000_000)
    assert "(límite ≥ 100\u202f000, ≤ 9\u202f000\u202f000)" in capsys.readouterr().out


@pytest.mark.parametrize("value", [[1, 2], np.zeros(0), "0.9", None])
def test_a_claim_needs_one_number(value, language):
    with pytest.raises(ValueError, match="accuracy") as error:
        ck.claim("accuracy", value, at_least=0)
    assert "\n" not in str(error.value)
