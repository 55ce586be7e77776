"""Pictures read from disk and written to it: the learner's own photos, drawings and scans."""

import io
import struct
import warnings
from pathlib import Path

import numpy as np

from coursekit import words
from coursekit.inputs import expect, wrong_shape

PIXEL_LIMIT = 50_000_000  # 600 MB as float32 RGB: more would not fit a small laptop
LEAST_SIDE = 8  # pixels


def read(path, name=None):
    """Read any picture from disk: the learner's own photo, drawing or scan.

    Grey, 16-bit, CMYK and palette pictures become RGB; a transparent background becomes
    white; a photo taken sideways is turned upright; of an animation, the first frame counts.

    Args:
        path: str or Path of a JPEG, PNG, WebP, GIF or other file that Pillow reads.
        name: str, what errors call the picture; its path where None.

    Returns:
        float32 array `(rows, columns, 3)`, from 0 (black) to 1 (white).

    Raises:
        FileNotFoundError, IsADirectoryError: if there is no such file, or it is a folder.
        ValueError: if it is no picture, is cut off, too large or too small.
    """
    from PIL import Image, ImageOps  # only who reads a picture waits for Pillow

    name = str(path) if name is None else name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.width * image.height > PIXEL_LIMIT:
                    raise Image.DecompressionBombError
                image = ImageOps.exif_transpose(image)
                if image.mode.startswith("I"):  # 16 bits, which convert("RGB") would cut off
                    grey = np.asarray(image, np.float32) / 65535
                    pixels = np.repeat(np.clip(grey, 0, 1)[..., None], 3, axis=-1)
                else:
                    image = image.convert("RGBA")
                    paper = Image.new("RGBA", image.size, "white")
                    image = Image.alpha_composite(paper, image).convert("RGB")
                    pixels = np.asarray(image, np.float32) / 255
    except FileNotFoundError:
        raise FileNotFoundError(words.say("no_picture", path=name)) from None
    except IsADirectoryError:
        raise IsADirectoryError(words.say("folder_picture", path=name)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        limit = PIXEL_LIMIT // 1_000_000
        raise ValueError(words.say("huge_picture", path=name, limit=limit)) from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise ValueError(words.say("bad_picture", path=name)) from error
    rows, columns = pixels.shape[:2]
    if min(rows, columns) < LEAST_SIDE:
        raise ValueError(
            words.say("tiny_picture", path=name, rows=rows, columns=columns, least=LEAST_SIDE)
        )
    return pixels


def save(picture, path, *, overwrite=False):
    """Write a picture to a file, and never over another one without being told to.

    Args:
        picture: float array `(rows, columns, 3)`, from 0 (black) to 1 (white).
        path: str or Path; its ending, such as .png or .jpg, says the format.
        overwrite: bool, whether a file that is there already may be replaced.

    Raises:
        FileExistsError: if the file is there already and `overwrite` is False.
        FileNotFoundError: if its folder is not there.
        ValueError: if the array has another shape, or the ending stands for no format.


    """
    from PIL import Image

    wanted = "(rows, columns, 3)"
    picture, path = expect("picture", picture, wanted, (3,)), Path(path)
    if picture.shape[-1] != 3:
        wrong_shape("picture", picture, wanted)
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise ValueError(words.say("bad_suffix", path=path))
    content = io.BytesIO()
    pixels = (np.clip(picture, 0, 1) * 255).round().astype(np.uint8)
    Image.fromarray(pixels).save(content, kind, quality=95)
    try:
        with path.open("wb" if overwrite else "xb") as file:
            file.write(content.getvalue())
    except FileExistsError:
        raise FileExistsError(words.say("picture_exists", path=path)) from None
    except FileNotFoundError:
        raise FileNotFoundError(words.say("no_folder", path=path)) from None
    except IsADirectoryError:
        raise IsADirectoryError(words.say("folder_picture", path=path)) from None


def resize(picture, rows, columns):
    """Return a grey picture `(rows, columns)` in another size; to shrink it, pixels are averaged.

    Args:
        picture: float array `(height, width)`.
        rows, columns: ints, the new size.

    Raises:
        ValueError: if the array has another shape.
    """
    from PIL import Image

    image = Image.fromarray(np.float32(expect("picture", picture, "(rows, columns)", (2,))))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BOX))


def like_mnist(picture):
    """Prepare the photo of a digit as MNIST was prepared (LeCun et al., 1998).

    Ink is what is darker than the midpoint between the darkest and the lightest pixel. It is
    cropped, shrunk into 20 × 20 pixels without deforming it, and placed with its centre of mass
    in the centre of 28 × 28 pixels.

    Args:
        picture: float array `(rows, columns)`, dark ink on light paper.

    Returns:
        float32 array `(28, 28)`, from 0 (paper) to 255 (ink); all zeros for an empty page.

    Raises:
        ValueError: if the array has another shape.
    """
    picture = expect("picture", picture, "(rows, columns)", (2,))
    page = np.zeros((28, 28), np.float32)
    darkness = picture.max() - picture
    ink = np.where(darkness > darkness.max() / 2, darkness, 0)
    if not ink.any():
        return page
    places = np.nonzero(ink)
    box = tuple(slice(axis.min(), axis.max() + 1) for axis in places)
    rows, columns = (max(1, round(20 * side / max(ink[box].shape))) for side in ink[box].shape)
    digit = resize(ink[box], rows, columns)
    mass = digit / digit.sum()
    centre = np.array([np.arange(rows) @ mass.sum(1), np.arange(columns) @ mass.sum(0)])
    top, left = np.clip(np.round(13.5 - centre), 0, (28 - rows, 28 - columns)).astype(int)
    page[top : top + rows, left : left + columns] = 255 * digit / digit.max()
    return page


def letters():
    """Return capitals in print, drawn and centred as MNIST's digits are.

    15 letters that look like no digit, in 6 typefaces and at 4 angles.

    Returns:
        float32 array `(360, 28, 28)`, from 0 (paper) to 1 (ink).
    """
    from matplotlib import font_manager
    from PIL import Image, ImageDraw, ImageFont

    drawn = []
    for typeface in ("sans", "serif", "monospace", "STIXGeneral", "cmr10", "cmss10"):
        font = ImageFont.truetype(font_manager.findfont(typeface), 60)
        for degrees in (-15, -5, 5, 15):
            for letter in "AEFHKMNPRTUVWXY":
                image = Image.new("L", (120, 120))
                pen = ImageDraw.Draw(image)
                pen.text((60, 60), letter, fill=255, font=font, anchor="mm", stroke_width=1)
                image = image.rotate(degrees, Image.Resampling.BICUBIC)
                drawn.append(_centred(image.crop(image.getbbox())))
    return np.stack(drawn)


def _centred(ink):
    """Return ink as `(28, 28)`: in a square of 20, its centre of mass in the middle."""
    from PIL import Image

    ink.thumbnail((20, 20), Image.Resampling.BOX)
    canvas = np.zeros((28, 28), np.float32)
    canvas[4 : 4 + ink.height, 4 : 4 + ink.width] = np.asarray(ink) / 255
    mass = (np.indices((28, 28)) * canvas).sum(axis=(1, 2)) / canvas.sum()
    return np.roll(canvas, np.round(13.5 - mass).astype(int), axis=(0, 1))
