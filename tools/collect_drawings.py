"""Gathers drawings of the Open Clip Art Library, for data/drawings.zip.

tools/drawings.csv says which drawings were kept, each of them looked at, their class and their
group: drawings that are nearly the same (two lemon slices, the horses of one hand) share one.
"""

import csv
import io
import re
import zipfile
from html import unescape
from pathlib import Path

import numpy as np
from PIL import Image

CHOSEN = Path(__file__).parent / "drawings.csv"
SIDE = 128  # pixels, of which the drawing takes all but a margin
MARGIN = 4
PUBLIC_DOMAIN = re.compile(r'"[^"]*(creativecommons\.org/licenses/publicdomain|cc/PublicDomain)')


def archive(root):
    """Return the bytes of drawings.zip: a folder for each class, in it one for each group.

    Args:
        root: Path of the unpacked packages' folder openclipart, with png/ and svg/ in it.
    """
    table, files = [["file", "title", "author", "drawing"]], {}
    with CHOSEN.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            folder = f"{row['class']}/{row['group']}".rstrip("/")
            name = f"{folder}/{row['class']}_{number:03}.png"
            title, author = credits(root / "svg" / row["drawing"].replace(".png", ".svg"))
            table.append([name, title, author, row["drawing"]])
            content = io.BytesIO()
            framed(Image.open(root / "png" / row["drawing"])).save(content, "PNG", optimize=True)
            files[name] = content.getvalue()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"authors.csv": text.getvalue(), **files}.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def framed(image):
    """Return a drawing on white, its ink centred in a square as large as it allows."""
    image = image.convert("RGBA")
    image.thumbnail((1024, 1024), Image.Resampling.BOX)  # some have 50 million pixels
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    places = np.nonzero(np.asarray(image).min(axis=2) < 250)
    (top, bottom), (left, right) = ((axis.min(), axis.max() + 1) for axis in places)
    image = image.crop((left, top, right, bottom))
    scale = (SIDE - 2 * MARGIN) / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    square = Image.new("RGB", (SIDE, SIDE), "white")
    image = image.resize(size, Image.Resampling.LANCZOS)
    square.paste(image, [(SIDE - side) // 2 for side in size])
    return square


def credits(path):
    """Return title and author of a drawing, as its SVG file says them.

    Raises:
        ValueError: if the file does not say that the drawing is in the public domain.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if not PUBLIC_DOMAIN.search(text):
        raise ValueError(f"{path.name} is not marked as public domain")
    title = re.search(r"<dc:title>(.*?)</dc:title>", text, re.S)
    author = re.search(r"<dc:creator>.*?<dc:title>(.*?)</dc:title>", text, re.S)
    return [" ".join(unescape(found[1]).split()) if found else "" for found in (title, author)]
