"""Compares pictures by a measure that bears other processors and other trainings.

nbval's strict mode does not look at pictures. Here each is reduced to a few hundred grey
squares: a figure that goes blank, loses a panel or changes its shape differs, another
rounding of a weight does not.
"""

import base64
import io

import numpy as np
from PIL import Image

SQUARES = 24  # along the longer side
LARGEST = 0.25  # difference of all squares, as a share of the ink that should be there
COLOURS = 0.5  # the same of colour alone: a thin line is little ink beside a frame and words
BLANK = 0.5  # no picture may lose half of its contrast, not even one that varies
NOTHING = 0.002  # mean colour of a picture that is grey


def reduced(content, squares=SQUARES):
    """Return a picture as a few squares, float array `(rows, columns, 3)` in [0, 1].

    Args:
        content: bytes or base64 text of a PNG or JPEG.
        squares: int, how many stand along its longer side.
    """
    with _open(content) as image:
        scale = squares / max(image.size)
        size = [max(1, round(scale * side)) for side in image.size]
        small = image.convert("RGB").resize(size, Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255


def _open(content):
    content = base64.b64decode(content) if isinstance(content, str) else content
    return Image.open(io.BytesIO(content))


def difference(found, wanted, *, varies=False):
    """Return what differs between two pictures, as a sentence; empty where they agree.

    Args:
        found, wanted: bytes or base64 text of a PNG or JPEG.
        varies: bool, whether the picture is another one in each training: then only its size
            and its contrast count.
    """
    sizes = [_open(content).size for content in (found, wanted)]
    if np.abs(np.subtract(*sizes)).max() > 4:
        return f"it measures {sizes[0]} pixels in place of {sizes[1]}"
    mine, theirs = reduced(found), reduced(wanted)
    contrast = sorted([float(mine.std()), float(theirs.std())])
    if contrast[0] < BLANK * contrast[1]:
        return f"its contrast is {mine.std():.3f} in place of {theirs.std():.3f}"
    if varies or mine.shape != theirs.shape:
        return ""
    paper = np.median(theirs, axis=(0, 1))
    share = np.abs(mine - theirs).sum() / max(np.abs(theirs - paper).sum(), 1e-6)
    if share > LARGEST:
        return f"{100 * share:.0f}% of its ink is elsewhere"
    mine, theirs = (np.ptp(reduced(content, SQUARES // 2), axis=-1) for content in (found, wanted))
    share = np.abs(mine - theirs).sum() / max(theirs.sum(), 1e-6)
    if max(mine.mean(), theirs.mean()) > NOTHING and share > COLOURS:
        return f"{100 * share:.0f}% of its colour is elsewhere"
    return ""


def differences(found, wanted, *, varies=False):
    """Yield a sentence for each picture in a cell's outputs that is not as committed."""
    pictures = [
        [
            data[kind]
            for output in outputs
            for data in [output.get("data", {})]
            for kind in ("image/png", "image/jpeg")
            if kind in data
        ]
        for outputs in (found, wanted)
    ]
    if len(pictures[0]) != len(pictures[1]):
        yield f"the cell shows {len(pictures[0])} pictures in place of {len(pictures[1])}"
        return
    for place, (mine, theirs) in enumerate(zip(*pictures, strict=True), 1):
        if fault := difference(mine, theirs, varies=varies):
            yield f"picture {place} of the cell changed: {fault}"
