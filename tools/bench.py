"""Prints what must be quick, as ratios measured in this one run: `python -m tools.bench`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import coursekit as ck

ck.setup("en")

import keras  # noqa: E402 - after setup, which keeps it quiet

from coursekit import data  # noqa: E402

REPEATS = 15


def seconds(*functions):
    """Return the median time of each function, measured in turns so that drift hits all."""
    times = {function: [] for function in functions}
    for _ in range(REPEATS):
        for function, measured in times.items():
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return [statistics.median(measured) for measured in times.values()]


def bench_mnist():
    """Compare with keras.datasets on the same file, which it verifies too."""
    path = data.FOLDER / "mnist.npz"
    download = keras.utils.get_file

    def ours_first_time():
        data.verified.clear()
        data.mnist()

    def with_our_sum(fname, origin, file_hash):
        return download(
            path.name, origin, file_hash=data.REGISTRY[path.name]["sha256"], cache_dir=folder
        )

    def theirs():
        with mock.patch("keras.src.datasets.mnist.get_file", with_our_sum):
            keras.datasets.mnist.load_data(path.name)

    with tempfile.TemporaryDirectory() as folder:
        cached = Path(folder) / "datasets"
        cached.mkdir()
        (cached / path.name).write_bytes(path.read_bytes())
        first, later, keras_time = seconds(ours_first_time, data.mnist, theirs)
    print(f"ck.data.mnist(), first call: {first / keras_time:.2f} of keras.datasets.mnist")
    print(f"ck.data.mnist(), later call: {later / keras_time:.2f} of keras.datasets.mnist")


def bench_import():
    def run(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    nothing, numpy, ours = seconds(
        run("pass"), run("import numpy"), run("import coursekit as ck; ck.setup('es')")
    )
    ratio = (ours - nothing) / (numpy - nothing)
    print(f"import coursekit and setup: {ratio:.2f} of import numpy ({ours - nothing:.3f} s)")


if __name__ == "__main__":
    bench_mnist()
    bench_import()
