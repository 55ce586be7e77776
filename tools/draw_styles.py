"""Draws the style pictures of the style-transfer lesson; nothing is copied from any painting.

Each function of PICTURES draws one picture in one manner and returns it as uint8 (320, 400, 3).
A style picture must be rich in texture at every place, since a Gram matrix averages over the whole
picture. All is drawn three times too large and reduced, which smooths the edges. Lengths are
fractions of the picture's height: x runs from 0 to 1.25 rightwards and y from 0 to 1 downwards.
"""

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

ROWS, COLUMNS, ZOOM = 320, 400, 3
HIGH, WIDE = ROWS * ZOOM, COLUMNS * ZOOM


def _start(seed):
    """Return a random generator, and x and y of each pixel of the enlarged picture."""
    y, x = np.mgrid[:HIGH, :WIDE] / HIGH
    return np.random.default_rng(seed), x, y


def _colours(text):
    """Return the colours of a text such as "#102030 #ffcc00" as floats (number, 3)."""
    return np.array([ImageColor.getrgb(word) for word in text.split()], np.float32)


def _ramp(value, text):
    """Return the colours for values from 0 to 1, blended between those of the text."""
    colours = _colours(text)
    place = np.asarray(value) * (len(colours) - 1)
    return np.stack([np.interp(place, range(len(colours)), c) for c in colours.T], -1)


def _noise(rng, cell):
    """Return smooth noise, about -1 to 1: random values each `cell` (of a height), blended."""
    values = rng.uniform(-1, 1, (round(1 / cell), round(1.25 / cell))).astype(np.float32)
    return np.asarray(Image.fromarray(values).resize((WIDE, HIGH), Image.Resampling.BICUBIC))


def _blur(field, radius):
    """Return a field (0 to 1) blurred by a Gaussian; in 8 bits, since Pillow blurs no floats."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def _reduced(canvas):
    """Return the enlarged canvas (floats 0 to 255) in its final size as uint8."""
    image = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
    return np.asarray(image.resize((COLUMNS, ROWS), Image.Resampling.LANCZOS))


def _relief(height, depth):
    """Return a factor near 1 that lights a height field (0 to 1) from the upper left."""
    return 1 + np.clip(depth * sum(np.gradient(height)), -0.35, 0.35)[..., None]


def _pixel(points):
    """Return rows and columns of the pixels under points (..., x y); outer points are moved in."""
    column, row = np.moveaxis(np.clip(points * HIGH, 0, (WIDE - 1, HIGH - 1)).astype(int), -1, 0)
    return row, column


def _strokes(rng, canvas, height, reference, angle, starts, width, length):
    """Paint one layer of brush strokes on `canvas`, and their thickness on `height`.

    A stroke follows the field of angles from its start and has one colour, that of the reference
    at its start (Haeberli, "Paint by Numbers", 1990; curved strokes: Hertzmann, 1998). It is drawn
    as a bundle of bristles, lines of slightly different colour and thickness.
    """
    steps, bristles = 9, max(4, round(width * 320 * 0.7))
    point, path = starts.copy(), []
    for step in range(-(steps // 2), steps):
        heading = angle[_pixel(point)]
        if step >= 0:
            path.append(np.stack([*point.T, -np.sin(heading), np.cos(heading)], -1))
        # First half a stroke back, so that its middle lies where its colour is from.
        ahead = np.stack([np.cos(heading), np.sin(heading)], -1) * length / steps
        point = point + ahead * (1 if step >= 0 else -1)
    path, sides = np.split(np.stack(path, 1), 2, -1)  # (strokes, steps, x y): places, normals
    paint, thick = ImageDraw.Draw(canvas), ImageDraw.Draw(height)
    thickness = round(width * HIGH / bristles * 1.5)
    for k in range(len(starts)):
        colour = reference[_pixel(starts[k])] + rng.normal(0, 9, 3) + rng.normal(0, 10)
        load = rng.uniform(80, 135)
        for offset in rng.permutation(np.linspace(-0.5, 0.5, bristles)):
            # Bristles at the edge touch the canvas later and leave it sooner: a rounded end.
            late = rng.integers(0, 2) + (abs(offset) > 0.35)
            line = ((path[k] + sides[k] * offset * width)[late : steps - late] * HIGH).ravel()
            tint = np.clip(colour + rng.normal(0, 11) + rng.normal(0, 4, 3), 0, 255).astype(int)
            paint.line(line.tolist(), tuple(tint), thickness, "curve")
            ridge = load + 60 * abs(offset) + rng.normal(0, 20)
            thick.line(line.tolist(), int(ridge), thickness, "curve")


def night(seed=1):
    """Oil: suns in a swirling night over wheat hills, in blue against yellow and orange.

    The strokes follow the curl of a potential, so that they turn around its hills and hollows
    (curl noise: Bridson et al., 2007). The manner is Van Gogh's, the composition is not.
    """
    rng, x, y = _start(seed)
    potential, ripple = 0.22 * y + 0.022 * _noise(rng, 0.3), _noise(rng, 0.05)
    for cx, cy, size, turn in ((0.5, 0.36, 0.15, 1), (0.84, 0.44, 0.1, -1), (0.13, 0.5, 0.09, 1)):
        potential += 0.67 * size * turn * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / size**2)
    band = 0.42 + 0.3 * np.sin(potential * 110) + 0.16 * _noise(rng, 0.08) - 0.12 * (y - 0.4)
    scene = _ramp(band, "#0b1450 #14307f #1f57b0 #3f8fd0 #8fcbdc #d8e8c0")
    angle = np.arctan2(-np.gradient(potential, axis=1), np.gradient(potential, axis=0))
    suns = ((1.03, 0.17, 0.1), (0.2, 0.14, 0.065), (0.62, 0.1, 0.032), (0.95, 0.57, 0.03))
    for cx, cy, size in (*suns, (0.33, 0.55, 0.034), (0.42, 0.05, 0.022), (0.05, 0.33, 0.03)):
        far = np.hypot(x - cx, y - cy)
        glow = np.clip(1 - far / size / 2.1 + 0.06 * np.sin(far * 190) + 0.09 * ripple, 0, 1)
        light = _ramp(glow, "#4f9ac4 #a9cf9a #f4d648 #f58a1f #fbc52c #fff3b0")
        scene = np.where((glow > 0.04)[..., None], light, scene)
        angle = np.where(glow > 0.02, np.arctan2(x - cx, cy - y) + 0.35 + 0.3 * ripple, angle)
    hills = (
        (0.68, 0.05, 5.0, 0.3, "#2a1f6c #3d3f94 #5a6fb8 #7fa8c8"),
        (0.76, 0.05, 6.5, 2.2, "#0f3b4a #1f6a5c #5c9a50 #b3bb50"),
        (0.86, 0.045, 4.6, 4.4, "#8a3b12 #d07a1c #f0b02c #fbe07a"),
    )
    for level, swell, often, phase, text in hills:
        deep = y - level - swell * np.sin(often * x + phase) - 0.012 * np.sin(17 * x + phase)
        tone = 0.5 + 0.3 * np.sin(deep * 90 + 3 * _noise(rng, 0.2)) + 0.25 * _noise(rng, 0.05)
        scene = np.where((deep > 0)[..., None], _ramp(tone, text), scene)
        slope = np.arctan(-np.gradient(deep, axis=1) * HIGH) + 0.5 * _noise(rng, 0.15)
        angle = np.where(deep > 0, slope, angle)
    for foot, top, thick in ((1.12, 0.3, 0.05), (1.035, 0.5, 0.034)):
        part = np.clip((y - top) / (0.9 - top), 0, 1)
        lean = x - foot - 0.008 * np.sin(y * 40 + foot)
        inside = (np.abs(lean) < thick * np.sin(3.14 * part**0.6) ** 0.7) & (part > 0) & (part < 1)
        tone = 0.4 + 0.3 * np.sin(lean * 260) + 0.3 * _noise(rng, 0.03)
        scene = np.where(inside[..., None], _ramp(tone, "#06201f #0f3f38 #2a6a2c #a09a2a"), scene)
        angle = np.where(inside, -1.57 + 0.5 * np.sin(y * 40 + foot + 1), angle)
    canvas, height = Image.fromarray(scene.astype(np.uint8)), Image.new("L", (WIDE, HIGH), 100)
    for width, length, count in ((0.05, 0.2, 1800), (0.027, 0.12, 3600), (0.014, 0.06, 3600)):
        starts = rng.uniform((-0.02, -0.02), (1.27, 1.02), (count, 2))
        _strokes(rng, canvas, height, scene, angle, starts, width, length)
    return _reduced(np.asarray(canvas) * _relief(_blur(np.asarray(height) / 255.0, 1.0), 2.5))


def _cells(rng, u, v):
    """Return the Voronoi cell of each pixel, and its way (u, v) from the cell's seed point.

    There is one seed in each unit square of the coordinates u, v, so that only the squares around
    a pixel need a look (Worley, 1996).
    """
    across, down = np.floor(u).astype(int), np.floor(v).astype(int)
    seeds = rng.uniform(0.1, 0.9, (64, 64, 2))
    best = np.full(u.shape, 99.0)
    cell, way = np.zeros(u.shape, int), np.zeros((*u.shape, 2))
    for i, j in np.ndindex(3, 3):
        column, row = (across + i - 1) % 64, (down + j - 1) % 64
        offset = np.stack([u - across - i + 1, v - down - j + 1], -1) - seeds[row, column]
        nearer = (offset**2).sum(-1) < best
        best = np.where(nearer, (offset**2).sum(-1), best)
        cell = np.where(nearer, row * 64 + column, cell)
        way = np.where(nearer[..., None], offset, way)
    return cell, way


def windows(seed=2):
    """Stained glass: a sun and its rays over mountains, fields and a river, in leaded pieces.

    The pieces are Voronoi cells in coordinates that suit each form: around the sun, along the
    slopes and along the river.
    """
    rng, x, y = _start(seed)
    x, y = x + 0.01 * _noise(rng, 0.25), y + 0.01 * _noise(rng, 0.25)
    far, turn = np.hypot(x - 0.82, y - 0.4), np.arctan2(x - 0.82, 0.4 - y) / (2 * np.pi)
    peaks = (0.46, 0.24, 0.43, 0.35, 0.6, 0.5, 0.6, 0.42, 0.52)
    ridge = np.interp(x, (0, 0.17, 0.32, 0.42, 0.62, 0.8, 1.0, 1.14, 1.25), peaks)
    snow = 0.37 + 0.05 * np.abs((x * 14) % 2 - 1)
    field, near = 0.64 + 0.05 * np.sin(4.5 * x + 2.5), 0.8 + 0.06 * np.sin(5 * x)
    bank = (x - 0.66 - 0.1 * np.sin(9 * y) + 0.1 * y) / (0.02 + 0.7 * np.clip(y - 0.6, 0, 1) ** 1.3)
    forms = (  # from the back to the front: where, piece coordinates, palette
        (y > -1, turn * 44, far / 0.13, "#0c1f7e #1540ac #2a78d9 #1b9fc5 #3b2fa8 #7cc4e0"),
        (far < 0.33, turn * 26, far / 0.075, "#f0802a #d9431e #e85a7a #f2a13a #c22a3a"),
        (far < 0.22, turn * 18, far / 0.06, "#f7b526 #ef8a1d #ffd34d #e9601c"),
        (far < 0.11, x / 0.06, y / 0.06, "#fff0a0 #ffe066 #ffd23a #fff8d0"),
        (y > ridge, x / 0.07 + y * 7, y / 0.13 - x * 4, "#4a1d7a #8a2c8c #b83a88 #5f2fa0 #e07aa0"),
        ((y > ridge) & (y < snow), x / 0.05 - y * 6, y / 0.07, "#f4f0ff #cfd8f6 #ffe3ee"),
        (y > field, x / 0.13, (y - field) / 0.055, "#0f6a4a #2a9156 #8dc83c #0c4f55 #c9d84a"),
        (y > near, x / 0.1, (y - near) / 0.06, "#a51f2c #e0502a #7a1535 #f0962c #c0283f"),
        ((y > field) & (np.abs(bank) < 1), bank * 1.7, y / 0.07, "#27b0c8 #9fe3e6 #1579c8 #e0f8f0"),
    )
    canvas = np.zeros((HIGH, WIDE, 3))
    piece, form = np.zeros(x.shape, int), np.zeros(x.shape, int)
    for k, (where, u, v, palette) in enumerate(forms):
        cell, way = _cells(rng, u, v)
        colours = _colours(palette)[rng.integers(0, len(palette.split()), 4096)]
        colours += rng.normal(0, 10, colours.shape)
        # Each piece brightens in its own direction.
        shade = 1 + np.clip(0.45 * (way * rng.normal(0, 0.7, (4096, 2))[cell]).sum(-1), -0.4, 0.4)
        canvas = np.where(where[..., None], colours[cell] * shade[..., None], canvas)
        piece, form = np.where(where, cell, piece), np.where(where, k, form)
    canvas *= (1 + 0.13 * _noise(rng, 0.012) + 0.08 * _noise(rng, 0.03))[..., None]
    edges = [sum(part != np.roll(part, 1, axis) for axis in (0, 1)) for part in (piece, form)]
    lead = np.clip(0.45 * edges[0] + edges[1], 0, 1)  # thicker around a form
    lead[[0, -1]] = lead[:, [0, -1]] = 1
    canvas *= (1.2 - 0.7 * np.clip(_blur(lead, 9) * 6, 0, 1))[..., None]
    thick = _blur(lead, 2.8) * 5
    cover = np.clip((thick - 0.28) * 5, 0, 1)[..., None]
    metal = _colours("#17151f") * _relief(np.clip(thick / 2, 0, 1), 5)
    return _reduced(canvas * (1 - cover) + metal * cover)


def woodcut(seed=3):
    """Woodcut: a sun with rays and clouds over mountains, a lake, fields and pines, in black ink.

    A line lies halfway between any two whole values of a phase, which grows across the lines; the
    tone sets how wide. So the phase gives the hatching's direction and the tone its weight.
    """
    rng, x, y = _start(seed)
    wobble, grain = _noise(rng, 0.12), _noise(rng, 0.012)
    x, y = x + 0.003 * _noise(rng, 0.06), y + 0.003 * _noise(rng, 0.06)  # an unsteady hand

    def cut(where, phase, dark, edge=None, lines=50):
        """Carve one form: `lines` in a height, and an outline where the edge field is 0."""
        nonlocal ink
        saw = np.abs((phase * lines + 0.2 * wobble) % 1 - 0.5) * 2
        ink = np.where(where, np.clip((dark + 0.1 * grain - saw) * 8 + 0.5, 0, 1), ink)
        if edge is not None:
            ink = np.maximum(ink, np.clip((0.0042 + 0.0015 * wobble - np.abs(edge)) * 900, 0, 1))

    # Sky: rays. Between two of them a finer one begins each time that the distance has doubled.
    far, turn = np.hypot(x - 0.84, y - 0.27), np.arctan2(x - 0.84, 0.27 - y) / (2 * np.pi)
    octave = np.log2(np.maximum(far, 0.1) / 0.1)
    old = 2 - 4 * np.abs(turn * 20 * 2 ** np.floor(octave) % 1 - 0.5)  # way to a coarse ray
    dark = 0.3 + 0.3 * far + 0.1 * np.sin(turn * 75 + wobble) + 0.06 * grain
    margin = np.maximum(dark * (2 - octave % 1) - old, dark * (octave % 1) - (2 - old))
    ink = np.clip(margin * 8 + 0.5, 0, 1)
    cut(far < 0.13, y, 0.6 * (far / 0.11) ** 2 * (y - 0.2) / 0.15, far - 0.13)
    for left, level, puffs in ((0.02, 0.2, 6), (0.42, 0.1, 4), (0.95, 0.42, 5)):
        cloud = np.full(x.shape, 9.0)
        for k in range(puffs):
            puff = np.hypot(x - left - 0.065 * k, y - level) - rng.uniform(0.035, 0.065)
            cloud = np.minimum(cloud, puff)
        cloud = np.maximum(cloud, y - level - 0.015)
        cut(cloud < 0, cloud, 0.45 + 9 * (y - level), cloud)
    crags = 0.02 * _noise(rng, 0.05) + 0.03 * _noise(rng, 0.12)
    for px, py in ((0.62, 0.4), (1.12, 0.44), (0.2, 0.3), (0.43, 0.46), (0.9, 0.52)):
        edge = y - py - 0.95 * np.abs(x - px) + crags
        spine = x - px + 1.2 * crags + 0.12 * (y - py)  # parts the dark side from the sunlit one
        cut(edge > 0, x * 0.75 + y * 0.65, 0.8 - 0.5 * (y - py), edge)
        tone = 0.5 - 3.2 * spine + 9 * crags + 1.2 * (y - py)
        cut((edge > 0) & (spine > 0), y * 0.8 - x * 0.6, np.maximum(tone, 0.14))
    glitter = np.exp(-(((x - 0.84) / (0.06 + 0.4 * np.abs(y - 0.62))) ** 2))
    tone = np.maximum(0.62 - 0.6 * glitter + 0.25 * _noise(rng, 0.05), 0.13)
    cut(y > 0.62, y + 0.004 * np.sin(x * 60 + 200 * y), tone, y - 0.62, 60)
    bank = y - 0.7 - 0.16 * x + 0.02 * np.sin(9 * x)
    furrow = (x + 0.5) / np.maximum(y + 0.1 * x - 0.45, 0.1)
    cut(bank > 0, furrow, 0.25 + 2.2 * bank + 0.2 * wobble, bank, 14)
    knoll = y - 1.06 + 0.32 * x - 0.02 * np.sin(8 * x)
    cut(knoll > 0, knoll, 0.75 - 2 * knoll + 0.3 * wobble, knoll, 55)
    pines = ((0.1, 0.82, 0.4), (0.24, 0.9, 0.3), (1.13, 0.86, 0.36), (1, 0.9, 0.22))
    for foot, base, tall in pines:
        part, side = (y - base + tall) / tall, np.abs(x - foot)
        tiers = (part * 7 - side / tall * 5) % 1
        edge = side - tall * 0.3 * part * (0.55 + 0.45 * tiers)
        tree = (part > 0) & (part < 1)
        ink = np.where((edge < 0.008) & tree, 0, ink)  # a light rim
        cut((edge < 0) & tree, y - side, 0.9 - 3.2 * np.maximum(x - foot, 0) / tall, None, 48)
        ink = np.where((side < 0.008) & (part >= 1) & (y < base + 0.04), 1, ink)  # trunk
    return _reduced(_ramp(ink, "#f3e8cf #16130f"))


def points(seed=4):
    """Pointillism: boats in a bay at sunset, in dabs of pure colours that the eye has to mix."""
    rng, x, y = _start(seed)
    drift = _noise(rng, 0.12)
    scene, heading = np.zeros((HIGH, WIDE, 3)), np.zeros((HIGH, WIDE))

    def lay(where, tone, palette, direction):
        """Set one form of the scene: its colours by tone and the direction of its dabs."""
        nonlocal scene, heading
        scene = np.where(where[..., None], _ramp(tone + 0.12 * drift, palette), scene)
        heading = np.where(where, direction, heading)

    far, around = np.hypot(x - 0.45, y - 0.42), np.arctan2(x - 0.45, 0.42 - y)
    tone = far * 1.15 + 0.05 * np.sin(far * 45 + 3 * drift)
    lay(y > -1, tone, "#fff3a0 #ffd84a #ff9f3a #f2708a #b07acb #5f7fd6 #2f5fc0", around)
    cape = 0.5 - 0.16 * np.clip(x - 0.72, 0, 1) ** 0.6 - 0.012 * np.sin(x * 40)
    lay((y > cape) & (x > 0.72), (0.5 - y) * 6, "#4a2f8c #7a4fb5 #d0709a #f2a07a", 0.4)
    column = np.exp(-(((x - 0.45) / (0.04 + 0.3 * np.abs(y - 0.5))) ** 2))
    tone = 0.3 + 0.15 * np.sin(y * 130 + 4 * drift + x * 6) + 0.75 * column
    lay(y > 0.5, tone, "#143f8c #1f6fb5 #2fa3b8 #6fc7b0 #f2b06a #ffe27a", 0)
    for mast, deck, tall in ((0.2, 0.68, 0.5), (0.76, 0.61, 0.32), (1.0, 0.57, 0.2)):
        right, down = (x - mast) / tall, (y - deck) / tall + 1  # in lengths of the mast
        image = (down > 1.05) & (down < 1.5) & (np.abs(right + 0.1 * np.sin(y * 200)) < 0.2)
        lay(image, 1.6 - down, "#7a1f4a #f0803a #2fa3b8", 0)
        sail = (down > 0) & (down < 0.9) & (right < 0.42 * down)
        lay(sail & (right > 0.02), right * 2, "#e8562a #c0303f #8a2050", 1.2)
        lay(sail & (right < 0) & (right > -0.3 * down**2), 1 + right * 3, "#ffb84a #fff6d0", 1.9)
        hull = (down > 0.92) & (down < 1.06) & (np.abs(right - 0.05) < 0.48 - 2 * (down - 0.92))
        lay(hull, 8 * (1.03 - down), "#1f1450 #5c1a4a #b0302f", 0.1)
    shore = 0.87 - 0.09 * np.sin(x * 3.2 - 0.3) + 0.01 * np.sin(x * 30)
    lay(y > shore, 0.5 + 0.5 * _noise(rng, 0.03), "#123a4a #1f6a4a #5fa53a #c9d84a", -1.2)
    petal = (y > shore + 0.02) & (_noise(rng, 0.025) > 0.42)
    lay(petal, 0.5 + drift, "#e8362a #f9c52b #f08ab0", -1)
    canvas = Image.fromarray(scene.astype(np.uint8))
    brush, circle = ImageDraw.Draw(canvas), np.linspace(0, 2 * np.pi, 9)[:-1]
    oval = np.stack([0.75 * np.cos(circle), 0.45 * np.sin(circle)])
    for size, count in ((0.021, 7000), (0.015, 13000), (0.0095, 9000)):
        places = rng.uniform((0, 0), (1.25, 1), (count, 2))
        base, turn = scene[_pixel(places)], heading[_pixel(places)] + rng.normal(0, 0.25, count)
        # Divided colour: most dabs are purer than the scene's colour, and some are of another hue.
        grey = base.mean(1, keepdims=True)
        dabs = grey + (base - grey) * 1.3 + rng.normal(0, 24, (count, 3))
        other = 0.65 * base + 0.35 * np.roll(base, 1, 1)
        dabs = np.where(rng.uniform(size=(count, 1)) < 0.12, other, dabs)
        for place, dab, a in zip(places, np.clip(dabs, 0, 255).astype(int), turn, strict=True):
            turned = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ oval
            brush.polygon([tuple(c) for c in (place + size * turned.T) * HIGH], tuple(dab))
    return _reduced(np.asarray(canvas, np.float32))


def circles(seed=5):
    """Orphism: overlapping colour wheels, whose rings and sectors are dry-brushed arcs."""
    rng, x, y = _start(seed)
    x, y = x + 0.006 * _noise(rng, 0.15), y + 0.006 * _noise(rng, 0.15)
    warm = "#d7263d #f46036 #f9b52b #fbe08a #e8718d #f6ecd0"
    palette = _colours(warm + " #1b998b #2e6fc4 #1f2f7a #7b3fa0 #12173a #4fb3d9 #8ab93f")
    canvas = np.zeros((HIGH, WIDE, 3))
    discs = ((0.62, 0.5, 3), (0.3, 0.32, 0.5), (1, 0.68, 0.42), (0.98, 0.2, 0.27))
    discs += ((0.22, 0.82, 0.27), (0.6, 0.62, 0.3), (0.66, 0.16, 0.16), (0.73, 0.93, 0.15))
    rough = 0.0013 * _noise(rng, 0.008)
    for cx, cy, size in discs:
        far, turn = np.hypot(x - cx, y - cy), np.arctan2(y - cy, x - cx) / (2 * np.pi) + 0.5
        # Streaks along the arcs: noise that is fine across them and long along them.
        bristles = Image.fromarray(rng.uniform(-1, 1, (600, 40)).astype(np.float32))
        bristles = np.asarray(bristles.resize((400, 1200), Image.Resampling.BICUBIC))
        streak = bristles[(far * 900).astype(int) % 1200, (turn * 399).astype(int)]
        edges = np.cumsum(rng.uniform(0.02, 0.075, 80))
        ring = np.searchsorted(edges, far + rough)
        sectors, shift = rng.choice([4, 4, 8], 81)[ring], rng.choice([0, 0.125, 0.06], 81)[ring]
        angle = (turn + shift) * sectors + rough * 5
        table = rng.integers(0, len(palette), (81, 8))
        number = np.floor(angle).astype(int) % sectors
        # Each piece runs towards its neighbour's colour.
        fade = np.clip((angle % 1) ** 2 * 0.6 + 0.22 * streak, 0, 1)[..., None]
        colour = palette[table[ring, number]] * (1 - fade)
        colour += palette[table[ring, (number + 1) % sectors]] * fade
        gap = np.min([np.abs(far - edges[ring]), np.abs(far - edges[ring - 1])], 0)
        light = 1 + 0.17 * streak - 0.3 * np.exp(-gap * 130) + 0.12 * np.sin(turn * 6.28 + cx * 9)
        canvas = np.where((far < size + rough)[..., None], colour * light[..., None], canvas)
    grey = canvas.mean(-1, keepdims=True)
    return _reduced(grey + (canvas - grey) * 1.2)


PICTURES = {f.__name__: f for f in (night, windows, woodcut, points, circles)}
