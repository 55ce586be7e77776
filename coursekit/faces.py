"""Faces that the course draws itself, each with the table of what was drawn."""

import io

import numpy as np

from coursekit import data, words
from coursekit.inputs import expect, wrong_shape

SIDE = 32
CHUNK = 50
# What a face is made of: how many kinds there are of each, and the column that holds it.
FACTORS = {"skin": 3, "hair": 4, "style": 3, "glasses": 2, "smile": 2}
SKIN = np.array([(0.98, 0.82, 0.70), (0.83, 0.60, 0.43), (0.50, 0.33, 0.24)], np.float32)
HAIR = np.array(
    [(0.13, 0.11, 0.12), (0.45, 0.25, 0.12), (0.93, 0.73, 0.30), (0.78, 0.30, 0.12)], np.float32
)
IRIS = np.array([(0.22, 0.13, 0.08), (0.16, 0.33, 0.52), (0.18, 0.40, 0.24)], np.float32)
SHORT, LONG, CURLY = range(3)
COLUMN = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
ROW = COLUMN[:, None]


def draw(count, seed=0, factors=None):
    """Draw faces of 32 × 32 pixels.

    Size, place, colours of wall and shirt and the like vary with the seed, too, and are in no
    table.

    Args:
        count: int, how many.
        seed: int; the same one gives the same faces.
        factors: int array `(count, 5)`, what to draw, with a column for each of `FACTORS`; None
            for a draw in which all combinations are alike.

    Returns:
        `pictures, factors`: an array `(count, 32, 32, 3)` of float32 from 0 to 1, RGB, and an
        int array `(count, 5)`.

    Raises:
        ValueError: if `factors` has another shape or holds a number that stands for nothing.
    """
    rng = np.random.default_rng(seed)
    kinds = np.array(list(FACTORS.values()))
    table = rng.integers(0, kinds, (count, len(kinds)))
    if factors is not None:
        table = np.asarray(factors)
        if table.shape != (count, len(kinds)):
            wrong_shape("factors", table, f"({count}, {len(kinds)})")
        if table.dtype.kind not in "iu" or (table < 0).any() or (table >= kinds).any():
            raise ValueError(words.say("bad_factors", wanted=", ".join(map(str, kinds))))
    chance = rng.random((count, 20), dtype=np.float32)
    pictures = np.empty((count, SIDE, SIDE, 3), np.float32)
    for start in range(0, count, CHUNK):  # what the processor's cache holds
        part = slice(start, start + CHUNK)
        pictures[part] = np.moveaxis(_draw(table[part], chance[part]), 0, -1)
    return pictures, table


def sheet(pictures, columns=16):
    """Put pictures side by side on one large white one, a pixel apart.

    Args:
        pictures: array `(count, rows, columns, 3)`, numbers from 0 to 1.
        columns: int, how many stand in a row.

    Returns:
        An array `(rows of the sheet, columns of the sheet, 3)`.

    Raises:
        ValueError: if the array has another number of dimensions.
    """
    pictures = expect("pictures", pictures, "(count, rows, columns, 3)", (4,))
    missing = -len(pictures) % columns
    framed = np.pad(pictures, ((0, missing), (0, 1), (0, 1), (0, 0)), constant_values=1)
    framed[len(pictures) :] = 1
    rows = framed.reshape(-1, columns, *framed.shape[1:])
    return np.vstack([np.hstack(row) for row in rows])[:-1, :-1]


def inventors():
    """Return the weights of lesson 08's three networks that invent faces, each trained three times.

    Returns:
        dict `{(name, seed): arrays}`: the name is `"GAN"`, `"VAE"` or `"diffusion"`, the seed 1, 2
        or 3, and the arrays, float32, are in the order of `set_weights`.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    found = {}
    with np.load(io.BytesIO(data._bytes("inventors.npz")), allow_pickle=False) as arrays:
        for key in arrays.files:
            name, seed, _place = key.split()
            found.setdefault((name, int(seed)), []).append(arrays[key].astype(np.float32))
    return found


def _draw(table, chance):
    """Return planes `(3, count, 32, 32)`, painted from the wall to the glasses."""
    style, glasses, smile = table.T[2:, :, None, None]
    free = iter(chance.T)

    def between(low, high):
        return (low + (high - low) * next(free))[:, None, None]

    tone = SKIN[table[:, 0]].T[..., None, None] * between(0.95, 1.03)
    lock = HAIR[table[:, 1]].T[..., None, None] * between(0.88, 1.12)
    iris = IRIS[(3 * next(free)).astype(int)].T[..., None, None]
    x, y = COLUMN - between(15.4, 16.6), ROW - between(16.4, 17.4)
    wide, high = between(8.2, 9.2), between(9.6, 10.6)
    wall, shirt = _pastel(between(0, 1), 0.86), _pastel(between(0, 1), 0.66)
    canvas = np.empty((3, len(table), SIDE, SIDE), np.float32)
    canvas[:] = wall
    # Behind the face: hair, neck, shirt, ears.
    cloud = _ellipse(x, y + 3.2, wide + 3.4, high + 1) + 0.5 * np.sin(1.3 * x) * np.cos(1.3 * y)
    fall = np.maximum(np.abs(x) - wide - 1.9, np.abs(y - 5) - 7.5)
    fall = np.minimum(_ellipse(x, y + 1, wide + 2.4, high + 1.6), fall)
    _paint(canvas, np.select([style == CURLY, style == LONG], [cloud, fall], 9), 0.84 * lock)
    _paint(canvas, np.maximum(np.abs(x) - 3.2, np.abs(y - 10) - 4), 0.84 * tone)
    _paint(canvas, _ellipse(x, y - 17.6, 13, 6.5), shirt)
    _paint(canvas, _ellipse(np.abs(x) - wide, y - 0.5, 1.7, 2.3), 0.9 * tone)
    # The face: cheeks, nose, eyes, brows.
    _paint(canvas, _ellipse(x, y, wide, high), tone)
    _paint(canvas, _ellipse(np.abs(x) - 5.6, y - 4.2, 2.2, 1.5), (0.95, 0.4, 0.38), 0.3)
    _paint(canvas, _ellipse(x, y - 2.6, 1.2, 0.8), 0.82 * tone)
    upper, lower = canvas[:, :, 10:22], canvas[:, :, 20:28]  # where eyes and mouth can be
    apart, eyes, gaze = between(3.7, 4.2), (y + between(0.1, 0.7))[:, 10:22], between(-0.45, 0.45)
    side, there = np.abs(x) - apart, np.abs(x - gaze) - apart
    _paint(upper, _ellipse(side, eyes, 2.0, 1.9), (1, 1, 1))
    _paint(upper, _ellipse(there, eyes, 1.3, 1.45), iris)
    _paint(upper, _ellipse(there, eyes, 0.6, 0.75), (0.05, 0.04, 0.05))
    brow = np.abs(eyes + between(3.2, 3.9) + 0.1 * side**2) - 0.45
    _paint(upper, np.maximum(brow, np.abs(side) - 1.9), 0.6 * lock)
    # The mouth: a smile is a half moon with teeth, its opposite a short line.
    width, lips = between(3.4, 4.2), y[:, 20:28] - 5.4
    moon = np.maximum(_ellipse(x, lips, width, 3.2), -lips)
    teeth = np.maximum(np.abs(lips - 0.8) - 0.7, np.abs(x) - width + 0.9)
    line = np.maximum(np.abs(lips - 0.8) - 0.5, np.abs(x) - 0.6 * width)
    _paint(lower, np.where(smile, moon, line), (0.65, 0.15, 0.17))
    _paint(lower, np.where(smile, teeth, 9), (1, 0.99, 0.97))
    # In front of it: the hair above a line that depends on its style.
    part = between(-2.5, 2.5)
    bend = np.where(style == LONG, 0.045, 0.028) * (x - part) ** 2
    cap = np.maximum(_ellipse(x, y + 0.7, wide + 0.9, high + 0.9), y + 0.52 * high - bend)
    curls = np.maximum(cloud, y + 0.5 * high + 0.5 * np.cos(1.6 * x))
    _paint(canvas, np.where(style == CURLY, curls, cap), lock)
    glow = np.minimum(1, 1.3 * lock + 0.08)
    _paint(canvas, _ellipse(x - part, y + 0.84 * high, 2.8, 0.8) + 0.2, glow, 0.6)
    # Glasses: two lenses in their rings, a bridge and two arms.
    rim, tint = between(2.9, 3.3), between(0, 1)
    lens = _ellipse(side, eyes, rim, rim)
    arms = np.maximum(apart - np.abs(x), np.abs(x) - wide - 0.3)
    bars = np.maximum(np.abs(eyes + 0.4) - 0.45, np.minimum(np.abs(x) - apart, arms))
    frame = (
        np.where(tint < 0.5, 0.08, 0.62),
        np.full_like(tint, 0.08),
        np.where(tint < 0.5, 0.12, 0.14),
    )
    _paint(upper, np.where(glasses, lens, 9), (1, 1, 1), 0.3)
    _paint(
        upper, np.where(glasses, np.minimum(np.abs(lens) - 0.5, np.maximum(bars, -lens)), 9), frame
    )
    return np.clip(canvas, 0, 1, out=canvas)


def _ellipse(x, y, wide, high):
    """Return about how far each place is from an ellipse, in pixels, negative inside."""
    return (np.sqrt((x / wide) ** 2 + (y / high) ** 2) - 1) * np.minimum(wide, high)


def _paint(canvas, distance, colour, strength=1.0):
    """Cover what lies inside of a shape; a pixel on its edge is covered in part."""
    cover = np.clip(0.5 - distance, 0, 1)
    if strength != 1:
        cover *= strength
    for plane, value in zip(canvas, colour, strict=True):
        plane += cover * (value - plane)


def _pastel(hue, grey):
    """Return the three planes of a soft colour, its hue from 0 to 1."""
    turns = hue + np.arange(3, dtype=np.float32)[:, None, None, None] / 3
    return grey + (0.96 - grey) * np.cos(6.2831853 * turns)
