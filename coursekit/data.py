"""Every data set and picture of the course, verified before use, without any download."""

import hashlib
import io
import lzma
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
    "reviews.txt.xz": "4824537184c19d7d30dd7c83b2a6decbb89dcf08b0500809513d59552d7428ea",
    "mobilenet_v2.keras": "dcdb970748dc997f9810fd5dcf0dd80410fd9542f1313e55e80dce6634f44d5a",
    "chelsea.jpg": "bc8b1c22eadb2832c9b625b536896984e8f4cde73491066ed779391465629356",
    "coffee.jpg": "13f9c4a5d91a03aa48afb56e428b996d186bb525e288e5a26f5024142264c0e5",
    "astronaut.jpg": "4c3b46acd7fe83e731b40f28685552252fa2a8f22e266230cbac6fe615d88c6a",
    "rocket.jpg": "533f834288f01cf36f98be1054e2839599387033b0a1839ffd480e0ccfabcb5a",
    "night.jpg": "3e093355b226fca9c18a8de3b4d020938ac757ae406c8c9e2cc10959bddb0c85",
    "windows.jpg": "3bc6deeafd64a3f001cfd7a086d2d9b48ed21ba90e8c67477b09feca1a56e1ef",
    "woodcut.jpg": "3c65919db69a1a864e43360d3cb0b23791b75c0f0360a8d57de97cd2ab14ee05",
    "points.jpg": "2a5bf2d1e104e2795fadcc17efc71186d96c7588df2930274b13bf7e5dd2358b",
    "circles.jpg": "14a0e1ee48fcf504fd36c3cee65233d341238c97b6dd8d644654c00f9881d2f8",
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

    Used by lessons 01, 02, 03 and 05.
    """
    content = _bytes("mnist.npz")

    def unpack(name):
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return arrays[name]

    # zlib lets other threads run, so the arrays are unpacked side by side.
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(unpack, ("x_train", "y_train", "x_test", "y_test")))


def reviews():
    """Return 25,000 film reviews in English with their opinion (Maas et al., 2011).

    Returns:
        `x_train, y_train, x_test, y_test`: lists of 20,000 and 5,000 str, as they were written
        (`<br />` and all), and uint8 arrays `(20000,)` and `(5000,)`: 1 for a review that
        praises its film, 0 for one that pans it. No text stands on both sides.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.

    Used by lesson 04.
    """
    lines = lzma.decompress(_bytes("reviews.txt.xz")).decode("utf-8").split("\n")
    texts = [line[1:] for line in lines]
    labels = np.array([line[0] for line in lines]).astype(np.uint8)
    return texts[:20000], labels[:20000], texts[20000:], labels[20000:]


def network():
    """Return MobileNetV2, trained on ImageNet, up to the expansion of its eighth block.

    Returns:
        keras.Model: from RGB pictures `(count, rows, columns, 3)` of any size, in [0, 1], to the
        last activations; its layers, by name, give the earlier ones (Sandler et al., 2018).

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.

    Used by lesson 06.
    """
    import keras  # only who asks for the network waits for Keras

    name = "mobilenet_v2.keras"
    _bytes(name)  # verified first
    loaded = keras.models.load_model(FOLDER / name, compile=False)
    # Keras 3.8 wrote lists of one input and one output, of which newer ones warn.
    return keras.Model(loaded.inputs[0], loaded.outputs[0], name=loaded.name)


def photo(name):
    """Return a photo of the course, 256 rows, as `picture` does. Used by lessons 03, 05 and 06.

    Args:
        name: `"chelsea"`, a cat; `"coffee"`, a cup on a table; `"astronaut"`, a portrait of
            Eileen Collins; or `"rocket"`, a launch at dusk.
    """
    return picture(io.BytesIO(_bytes(f"{name}.jpg")), name)


def style(name):
    """Return a style picture, 320 rows × 400 columns, as `picture` does. Used by lesson 06.

    Args:
        name: `"night"`, brush strokes; `"windows"`, stained glass; `"woodcut"`, black lines;
            `"points"`, dots of paint; or `"circles"`, flat rings.
    """
    return picture(io.BytesIO(_bytes(f"{name}.jpg")), name)


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

    Used by lessons 03 and 06.
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


def save_picture(picture, path, *, overwrite=False):
    """Write a picture to a file, and never over another one without being told to.

    Args:
        picture: float array `(rows, columns, 3)`, from 0 (black) to 1 (white).
        path: str or Path; its ending, such as .png or .jpg, says the format.
        overwrite: bool, whether a file that is there already may be replaced.

    Raises:
        FileExistsError: if the file is there already and `overwrite` is False.
        FileNotFoundError: if its folder is not there.
        ValueError: if the array has another shape, or the ending stands for no format.

    Used by lesson 06.
    """
    from PIL import Image

    picture, path = np.asarray(picture), Path(path)
    if picture.ndim != 3 or picture.shape[-1] != 3:
        wanted = "(rows, columns, 3)"
        raise ValueError(words.say("bad_shape", name="picture", found=picture.shape, wanted=wanted))
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
