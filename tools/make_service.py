"""Makes the files that service/ carries: `python -m tools.make_service`.

The two networks are those of lesson 07: its English notebook is executed as far as it writes
`sentiment.zip` and `digits.onnx`, so each recipe stands in one place. The program that runs the
second one in a browser comes from npm (needs its client and a network; `--models` leaves it out).
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import nbformat

from tools import execution, notebooks
from tools.project import HERE

SERVICE = HERE.root / "service"
RUNTIME = "onnxruntime-web@1.30.0"  # MIT, Microsoft; its licence is web/LICENSE.onnxruntime.txt
PROGRAM = "ort.wasm.bundle.min.mjs"
# Packed: 3.7 MB in place of 14.2. The page unpacks it.
COMPILED = "ort-wasm-simd-threaded.wasm"
WRITTEN = {"sentiment.zip": SERVICE / "sentiment.zip", "digits.onnx": SERVICE / "web/digits.onnx"}


def models():
    """Return the bytes of the files that lesson 07 writes: name: bytes."""
    lesson = next(lesson for lesson in HERE.lessons if lesson.id == "production")
    notebook = notebooks.make(HERE, lesson, "en")
    last = max(i for i, cell in enumerate(notebook.cells) if 'format="onnx"' in cell.source)
    with tempfile.TemporaryDirectory() as target:
        copy = f"import shutil\nfor name in {list(WRITTEN)}:\n"
        copy += f"    shutil.copy(folder / name, {target!r})"
        # What comes between asks a running service, which these two files do not need.
        needless = ("Local(", "service.address", "predict_address", "count_address", "network_says")
        cells = [c for c in notebook.cells[: last + 1] if not any(n in c.source for n in needless)]
        notebook.cells = [
            c for c in cells if not {"check", "solution"} & set(c.metadata.get("tags", []))
        ]
        notebook.cells.append(nbformat.v4.new_code_cell(copy))
        execution.execute(HERE, notebook, HERE.notebooks / "en", "07 en")
        return {name: (Path(target) / name).read_bytes() for name in WRITTEN}


def runtime():
    """Return the two files of the program for the browser: name: bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", RUNTIME], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            if json.load(archive.extractfile("package/package.json"))["license"] != "MIT":
                sys.exit(f"{RUNTIME} has another licence now.")
            program, compiled = (
                archive.extractfile(f"package/dist/{name}").read() for name in (PROGRAM, COMPILED)
            )
    return {PROGRAM: program, f"{COMPILED}.gz": gzip.compress(compiled, 9, mtime=0)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", action="store_true", help="only the two networks")
    files = {WRITTEN[name]: content for name, content in models().items()}
    if not parser.parse_args().models:
        files |= {SERVICE / "web" / name: content for name, content in runtime().items()}
    for path, content in files.items():
        path.write_bytes(content)
        print(f"{path.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
