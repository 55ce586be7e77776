"""Every data set and picture of the course, verified before use, without any download."""

import hashlib
import io
import struct
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from coursekit import words

# A wheel carries the data inside the package; a clone has it beside the package.
_PACKAGE = Path(__file__).parent
FOLDER = _PACKAGE / "files" if (_PACKAGE / "files").is_dir() else _PACKAGE.parent / "data"

# name: SHA-256. tools/prepare_data.py makes the files, data/README.md holds their cards.
FILES = {
    "mnist.npz": "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64",
    "chelsea.png": "6d6be03acca810ae1e6219862dd2e6b2472d95803d42995b78da750e3ce293a2",
}

PIXEL_LIMIT = 50_000_000  # 600 MB as float32 RGB: more would not fit a small laptop
LEAST_SIDE = 8  # pixels

_verified = set()  # names of the files whose sum this process has checked


def mnist():
    """Return the 70,000 handwritten digits of MNIST (LeCun, Cortes and Burges, 1998).

    Returns:
        `x_train, y_train, x_test, y_test`: uint8 arrays of shapes `(60000, 28, 28)`,
        `(60000,)`, `(10000, 28, 28)` and `(10000,)`. Pixels go from 0 (paper) to 255 (ink),
        labels from 0 to 9. Each call returns new arrays, which you may change.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.

    Used by lessons 01 and 03.
    """
    content = _bytes("mnist.npz")

    def unpack(name):
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return arrays[name]

    # zlib lets other threads run, so the arrays are unpacked side by side.
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(unpack, ("x_train", "y_train", "x_test", "y_test")))


def photo(name):
    """Return a photo of the course as `picture` does. Used by lesson 03.

    Args:
        name: `"chelsea"`, a cat (Stefan van der Walt, CC0).
    """
    return picture(io.BytesIO(_bytes(f"{name}.png")), name)


def picture(path, name=None):
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

    Used by lesson 03.
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


def _bytes(name):
    """Return the bytes of a file of the course, after checking them once per process."""
    if name not in FILES:
        raise ValueError(words.say("unknown_file", name=name, files=", ".join(FILES)))
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(words.say("missing_file", path=path))
    content = path.read_bytes()
    if name not in _verified:
        if hashlib.sha256(content).hexdigest() != FILES[name]:
            raise ValueError(words.say("altered_file", path=path))
        _verified.add(name)
    return content
