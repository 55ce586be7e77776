"""Faces: drawn as their table says, the same each time."""

import itertools

import numpy as np
import pytest

from coursekit import faces, words

KINDS = list(faces.FACTORS.values())
ALL = np.array(list(itertools.product(*map(range, KINDS))))  # every combination
EYES, MOUTH, TOP = np.s_[:, 10:22], np.s_[:, 20:28], np.s_[:, 4:8, 15:17]


def with_factor(name, value):
    """Return every combination with one factor set."""
    table = ALL.copy()
    table[:, list(faces.FACTORS).index(name)] = value
    return table


def drawn(table, seed=1):
    return faces.draw(len(table), seed, table)[0]


def test_shapes_and_range():
    pictures, table = faces.draw(70, 3)
    assert pictures.shape == (70, 32, 32, 3) and pictures.dtype == np.float32
    assert pictures.min() >= 0 and pictures.max() <= 1
    assert table.shape == (70, 5) and table.dtype.kind == "i"


def test_the_seed_decides():
    pictures, table = faces.draw(130, 5)
    again, same = faces.draw(130, 5)
    other, _ = faces.draw(130, 6)
    assert np.array_equal(pictures, again) and np.array_equal(table, same)
    assert not np.array_equal(pictures, other)
    assert np.array_equal(drawn(table, 5), pictures)


def test_all_combinations_are_as_likely():
    _, table = faces.draw(5000, 0)
    for column, kinds in zip(table.T, KINDS, strict=True):
        assert np.allclose(np.bincount(column) / 5000, 1 / kinds, atol=0.03)
    assert len(np.unique(table, axis=0)) == len(ALL) == 144
    assert np.abs(np.corrcoef(table.T) - np.eye(5)).max() < 0.06


def test_no_two_faces_are_alike_even_with_the_same_factors():
    pictures = drawn(np.zeros((60, 5), int)).reshape(60, -1)
    far = np.abs(pictures[:, None] - pictures[None]).mean(axis=2) + np.eye(60)
    assert far.min() > 0.01


@pytest.mark.parametrize(("name", "part"), [("glasses", EYES), ("smile", MOUTH)])
def test_a_yes_or_no_changes_its_part_and_nothing_else(name, part):
    changed = np.abs(drawn(with_factor(name, 1)) - drawn(with_factor(name, 0)))
    assert changed[part].max(axis=(1, 2, 3)).min() > 0.2
    changed[part] = 0
    assert changed.max() == 0


def test_glasses_stand_on_both_eyes():
    changed = np.abs(drawn(with_factor("glasses", 1)) - drawn(with_factor("glasses", 0))).sum(
        axis=(1, 3)
    )
    left, right = changed[:, :15].sum(axis=1), changed[:, 17:].sum(axis=1)
    assert (left > 3).all() and (right > 3).all()


def test_a_smile_shows_teeth():
    white = drawn(with_factor("smile", 1))[MOUTH].min(axis=-1).max(axis=(1, 2))
    none = drawn(with_factor("smile", 0))[:, 22:25, 13:19].min(axis=-1).max(axis=(1, 2))
    assert white.min() > 0.74 > none.max()


def test_skin_and_hair_have_their_colours():
    for skin, colour in enumerate(faces.SKIN):
        # Between nose and cheek, where nothing else is.
        place = drawn(with_factor("skin", skin))[:, 18, 15:17].reshape(-1, 3).mean(axis=0)
        assert np.abs(faces.SKIN - place).sum(axis=1).argmin() == skin, (colour, place)
    for hair in range(4):
        place = drawn(with_factor("hair", hair))[:, 9:11, 15:17].reshape(-1, 3).mean(axis=0)
        assert np.abs(faces.HAIR - place).sum(axis=1).argmin() == hair, place


def test_hair_styles_differ_where_they_should():
    short, long, curly = (drawn(with_factor("style", style)) for style in range(3))
    beside = np.s_[:, 23:25, 6:8]  # beside the chin only long hair falls
    assert np.abs(long[beside] - short[beside]).max(axis=(1, 2, 3)).min() > 0.05
    assert np.array_equal(short[beside], curly[beside])
    above = np.s_[:, 3:6, 8:24]
    assert np.abs(curly[above] - short[above]).max(axis=(1, 2, 3)).min() > 0.05


def test_a_wrong_table_is_refused(language):
    with pytest.raises(ValueError, match=r"\(3, 5\)"):
        faces.draw(3, 0, np.zeros((2, 5), int))
    for number in (-1, 2):
        with pytest.raises(ValueError) as error:
            faces.draw(1, 0, [[0, 0, 0, 0, number]])
        assert str(error.value) == words.say("bad_factors", wanted="3, 4, 3, 2, 2")
    with pytest.raises(ValueError):
        faces.draw(1, 0, np.zeros((1, 5)))


def test_a_sheet_puts_them_in_rows():
    pictures, _ = faces.draw(5, 2)
    whole = faces.sheet(pictures, columns=3)
    assert whole.shape == (65, 98, 3)
    assert np.array_equal(whole[:32, :32], pictures[0])
    assert np.array_equal(whole[33:65, 33:65], pictures[4])
    assert (whole[33:, 66:] == 1).all() and (whole[32] == 1).all()
    with pytest.raises(ValueError):
        faces.sheet(pictures[0])
