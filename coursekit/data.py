"""Every data set and picture of the course, verified before use, without any download."""

import hashlib
import io
import lzma
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from coursekit import pictures, words

# A wheel carries the data inside the package; a clone has it beside the package.
_PACKAGE = Path(__file__).parent
FOLDER = _PACKAGE / "files" if (_PACKAGE / "files").is_dir() else _PACKAGE.parent / "data"

# What each file is: its kind, its SHA-256, where it comes from (pooch's registries are for what
# is downloaded; here nothing is).
REGISTRY = tomllib.loads((FOLDER / "registry.toml").read_text(encoding="utf-8"))

verified = set()  # names of the files whose sum this process has checked


def mnist():
    """Return the 70,000 handwritten digits of MNIST (LeCun, Cortes and Burges, 1998).

    Returns:
        `x_train, y_train, x_test, y_test`: uint8 arrays of shapes `(60000, 28, 28)`,
        `(60000,)`, `(10000, 28, 28)` and `(10000,)`. Pixels go from 0 (paper) to 255 (ink),
        labels from 0 to 9. Each call returns new arrays, which you may change.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
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


    """
    import keras  # only who asks for the network waits for Keras

    name = "mobilenet_v2.keras"
    _bytes(name)  # verified first
    loaded = keras.models.load_model(FOLDER / name, compile=False)
    # Keras 3.8 wrote lists of one input and one output, of which newer ones warn.
    return keras.Model(loaded.inputs[0], loaded.outputs[0], name=loaded.name)


def photo(name):
    """Return a photo of the course, 256 rows, as `pictures.read` does.

    Args:
        name: `"chelsea"`, a cat; `"coffee"`, a cup on a table; `"astronaut"`, a portrait of
            Eileen Collins; or `"rocket"`, a launch at dusk.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the course has no such photo, or the file is not the original.
    """
    return _picture(name, "photo")


def style(name):
    """Return a style picture, 320 rows × 400 columns, as `pictures.read` does.

    Args:
        name: `"night"`, brush strokes; `"windows"`, stained glass; `"woodcut"`, black lines;
            `"points"`, dots of paint; or `"circles"`, flat rings.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the course has no such picture, or the file is not the original.
    """
    return _picture(name, "style")


def _picture(name, kind):
    known = [Path(file).stem for file, entry in REGISTRY.items() if entry["kind"] == kind]
    if name not in known:
        raise ValueError(words.say("unknown_picture", name=name, names=", ".join(known)))
    return pictures.read(io.BytesIO(_bytes(f"{name}.jpg")), name)


def _bytes(name):
    """Return the bytes of a file of the course, after checking them once per process."""
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(words.say("missing_file", path=path))
    content = path.read_bytes()
    if name not in verified:
        if hashlib.sha256(content).hexdigest() != REGISTRY[name]["sha256"]:
            raise ValueError(words.say("altered_file", path=path))
        verified.add(name)
    return content
