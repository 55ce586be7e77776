"""Measures the course beside what a student would run instead: `python -m tools.bench [--quick]`.

Each contest has a process of its own. There the cells of our lesson run that those tagged `timed`
need; then those and the published recipe are timed in turns, so that a busy moment hits both. Ours
is timed whole, compiling included; of the recipe, the steps: their median time, times their number.
"""

import argparse
import contextlib
import dis
import inspect
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tools import yardstick
from tools.execution import execute
from tools.notebooks import make
from tools.project import HERE

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "COURSEKIT_LIVE": "0", "MPLBACKEND": "agg"}
FOLDER = HERE.root / "bench"


@dataclass(frozen=True)
class Contest:
    """A part of a lesson against a published recipe."""

    lesson: str
    rival: str  # the function of tools/rivals.py that makes it
    needs: tuple  # the variables of the lesson that this function reads
    rounds: int
    time: float  # goal: ours / theirs
    claim: str | None = None  # the claim that is our score; None where only time counts
    score: float = 0.0  # goal
    beyond: bool = False  # whether the goal for the score is counted from the rival's
    steps: int = 60  # of the rival, in each round


DATA = ("x_train", "y_train")
PAINTING = ("content", "style", "look", "scale", "targets", "Painter", "paint")
CLEANING = ("x_train", "x_test", "noisy", "before")
GAIN = "gain with the shortcuts, in dB"
CONTESTS = {
    "mnist": Contest("03", "digits", DATA, 5, 1 / 8, "test accuracy", 0.992),
    "imdb": Contest("04", "reviews", DATA, 3, 1 / 10, "GRU, test", 0.01, beyond=True),
    "denoising": Contest("05", "noisy_digits", CLEANING, 3, 1 / 8, GAIN, beyond=True),
    "style": Contest("06", "painting", PAINTING, 3, 1 / 1000, steps=10),
}
CHANGED = re.compile(r"^(?!ck\b)(\w+)\.[\w.]+\(", re.MULTILINE)  # model.compile(...)


def parts(number, claim, names):
    """Return the cells of a lesson that `bench` needs, as `(code, timed)`, in their order.

    Args:
        number: str, the lesson's.
        claim: str, a claim whose cell is needed; None for none.
        names: variables that are needed.

    Returns:
        The cells tagged `timed` and the claim's; and, from the last one backwards, each cell that
        sets a name which a later one of these uses.
    """
    (lesson,) = HERE.find(number)
    used, taken = set(names), []
    for cell in reversed(make(HERE, lesson, "en").cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code" or cell.id == "install" or tags & {"check", "solution"}:
            continue
        code = compile(cell.source, f"lesson {number}: {cell.source}", "exec")
        made, changed = of(code, "STORE_NAME"), set(CHANGED.findall(cell.source))
        is_claim = claim is not None and f'ck.claim("{claim}"' in cell.source
        if "timed" in tags or is_claim or (made | changed) & used:
            used = used - made | of(code, "LOAD_NAME", "LOAD_GLOBAL") | changed
            taken.insert(0, (code, "timed" in tags))
    return taken


def of(code, *operations):
    """Return the names that code and the functions in it set or read."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in operations}
    return names.union(
        *(of(part, *operations) for part in code.co_consts if hasattr(part, "co_code"))
    )


def contest(name, quick):
    """Print, as JSON, the seconds and scores of one contest, round by round."""
    import keras
    from IPython import display

    import coursekit as ck
    from tools import rivals

    settings, lesson, claimed = CONTESTS[name], {}, {}
    cells = parts(settings.lesson, settings.claim, settings.needs)
    first = [timed for _, timed in cells].index(True)
    found = {"ours": [], "theirs": [], "our_scores": [], "their_score": None}
    seed = keras.utils.set_random_seed
    os.chdir(HERE.notebooks)  # where notebooks run
    ck.claim = lambda name, value, **_: claimed.update({name: float(value)})  # bounds don't stop it
    if quick:
        keras.Model.fit, rivals.ROWS = shortened(keras.Model.fit), 48
    with contextlib.redirect_stdout(sys.stderr), mock.patch.object(display, "display"):
        for code, _ in cells[:first]:
            exec(code, lesson)
        rival = getattr(rivals, settings.rival)(lesson)
        for turn in range(1 if quick else settings.rounds):
            keras.utils.set_random_seed = lambda given, turn=turn: seed(given + turn)
            seconds = 0.0
            for code, timed in cells[first:]:
                start = time.perf_counter()
                exec(code, lesson)
                seconds += timed * (time.perf_counter() - start)
            found["ours"].append(seconds)
            found["our_scores"].append(claimed.get(settings.claim))
            found["theirs"].append(rival.steps * rival.step_seconds(4 if quick else settings.steps))
        found["their_score"] = None if callable(rival.score) else rival.score
        if callable(rival.score) and not quick:
            rival.model.fit(rival.x, rival.y, rival.batch_size, rival.epochs, verbose=0)
            found["their_score"] = float(rival.score(rival.model))
        found["growth"] = GROWTH[name](lesson, quick) if name in GROWTH else {}
    print(json.dumps(found))


def shortened(fit):
    """Return `fit` of two epochs of two steps, whatever it is called with."""
    signature = inspect.signature(fit)

    def short(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.arguments |= {"epochs": 2, "steps_per_epoch": 2, "validation_data": None}
        return fit(*bound.args, **bound.kwargs)

    return short


def growth_of_training(lesson, quick):
    """Return the seconds of training lesson 03's network, over epochs and over examples."""
    model, x, y = lesson["model"], lesson["x_fit"], lesson["y_fit"]
    count = 500 if quick else 4000

    def train(epochs, times):
        start = time.perf_counter()
        model.fit(x[: times * count], y[: times * count], 100, epochs, verbose=0)
        return time.perf_counter() - start

    train(1, 1)  # compiles
    sizes = (1, 2, 4)
    return {
        "epochs": [sizes, [train(size, 1) for size in sizes]],
        f"examples, in units of {count}": [sizes, [train(1, size) for size in sizes]],
    }


def growth_of_painting(lesson, quick):
    """Return the seconds of ten steps of lesson 06's painter, over the rows of the picture."""
    found, sizes = [], (32, 64) if quick else (64, 128, 256)
    for rows in sizes:
        photo = lesson["scale"](lesson["content"], rows, 3 * rows // 2)
        goals = lesson["targets"](lesson["look"], photo, photo)
        painter = lesson["Painter"](lesson["look"], rows, 3 * rows // 2)
        for _ in range(2):  # the first compiles
            start = time.perf_counter()
            lesson["paint"](painter, goals, photo, 10)
        found.append(time.perf_counter() - start)
    return {"rows of a picture": [sizes, found]}


GROWTH = {"mnist": growth_of_training, "style": growth_of_painting}

# The rest of the course


def medians(repeats, **functions):
    """Return the median seconds of each function, measured in turns so that drift hits all."""
    times = {name: [] for name in functions}
    for _ in range(repeats):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(measured) for name, measured in times.items()}


def mnist_ratio(repeats):
    """Return the time of `ck.data.mnist()` over that of keras.datasets on the same file."""
    import keras

    from coursekit import data

    path, download = data.FOLDER / "mnist.npz", keras.utils.get_file

    def ours():
        data.verified.clear()  # as the first call of a notebook, which verifies the file
        data.mnist()

    def with_our_sum(fname, origin, file_hash):
        known = data.REGISTRY[path.name]["sha256"]
        return download(path.name, origin, file_hash=known, cache_dir=folder)

    def theirs():
        with mock.patch("keras.src.datasets.mnist.get_file", with_our_sum):
            keras.datasets.mnist.load_data(path.name)

    with tempfile.TemporaryDirectory() as folder:
        cached = Path(folder) / "datasets"
        cached.mkdir()
        (cached / path.name).write_bytes(path.read_bytes())
        found = medians(repeats, ours=ours, theirs=theirs)
    return found["ours"] / found["theirs"]


def import_seconds(repeats):
    """Return the seconds that `import coursekit` and its setup add to Python's start."""

    def run(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    found = medians(
        repeats, nothing=run("pass"), ours=run("import coursekit as ck; ck.setup('es')")
    )
    return found["ours"] - found["nothing"]


def lessons(numbers):
    """Return reference seconds, MiB and the seconds to the first figure of lessons, in English."""
    found, reference = {}, yardstick.measure()
    for lesson in HERE.lessons:
        if numbers and f"{lesson.number:02}" not in numbers:
            continue
        notebook = make(HERE, lesson, "en")
        report = execute(HERE, notebook, HERE.notebooks, lesson.name, lambda _: None)
        before, reference = reference, yardstick.measure()
        drawn = [
            place
            for place, cell in enumerate(notebook.cells)
            if any(
                {"image/png", "image/jpeg"} & set(o.get("data", {}))
                for o in cell.get("outputs", [])
            )
        ]
        found[lesson.name] = {
            "seconds": report.seconds,
            "reference_seconds": report.seconds / ((before + reference) / 2),
            "memory_mib": report.memory_mb / 1.048576,
            # the kernel's own start is what no cell took
            "first_figure_seconds": report.seconds - sum(report.cells[drawn[0] + 1 :]),
        }
    return found


# Telling


def summary(contests, course, other):
    """Return what `bench/results.json` holds."""
    results = {}
    for name, found in contests.items():
        ratios = [a / b for a, b in zip(found["ours"], found["theirs"], strict=True)]
        results[f"{name}_time_ratio"] = {
            "median": statistics.median(ratios),
            "min": min(ratios),
            "max": max(ratios),
        }
    results["course_reference_seconds"] = sum(one["reference_seconds"] for one in course.values())
    results["peak_memory_mib"] = {name: one["memory_mib"] for name, one in course.items()}
    return results | other | {"contests": contests, "lessons": course}


PAGE = """# How quick the course is

Written by `make bench`, which measures all of it in one run: do not edit. *Theirs* is the
published recipe (`tools/rivals.py`) on the same data: the median time of its steps, times their
number. *Ours* is the lesson's own cells, whole, compiling included. The two run in turns. Scores
are the worst and the best of ours, each turn with its own seed; of theirs, the one that is known,
or, for denoising, that of one full training. What misses its goal is in bold.

| contest | ours, s | theirs, s | ours / theirs: median (least to most) | goal | our score | goal |
| --- | --- | --- | --- | --- | --- | --- |"""


def table(results):
    """Return the results as a page in Markdown, what falls short in bold."""
    lines = [PAGE]
    for name, found in results["contests"].items():
        ratio, settings = results[f"{name}_time_ratio"], CONTESTS[name]
        said = f"1/{1 / ratio['median']:.1f} (1/{1 / ratio['min']:.1f} to 1/{1 / ratio['max']:.1f})"
        said = said if ratio["median"] <= settings.time else f"**{said}**"
        scores, target = "", ""
        if settings.claim:
            theirs = found["their_score"] or 0.0
            target = settings.score + theirs * settings.beyond
            scores = f"{min(found['our_scores']):.4g} to {max(found['our_scores']):.4g}"
            scores = scores if min(found["our_scores"]) >= target else f"**{scores}**"
            target = f"{target:.4g} (theirs {theirs:.4g})"
        ours, theirs = (statistics.median(found[side]) for side in ("ours", "theirs"))
        both = f"{ours:.1f} | {theirs:.1f}"
        lines.append(
            f"| {name} | {both} | {said} | 1/{1 / settings.time:.0f} | {scores} | {target} |"
        )
    lines += [
        "",
        "The lessons in English, one after another, in one thread each, as in `make build`; the",
        "yardstick, too. A lesson over the limit in its header is in bold.",
        "",
        "| lesson | reference seconds | seconds | to its first figure, s | MiB |",
        "| --- | --- | --- | --- | --- |",
    ]
    limits = {lesson.name: lesson.limits["seconds"] for lesson in HERE.lessons}
    for name, one in results["lessons"].items():
        said = f"{one['reference_seconds']:.0f}"
        said = said if one["reference_seconds"] <= limits[name] else f"**{said}**"
        lines.append(
            f"| {name} | {said} | {one['seconds']:.0f} | "
            f"{one['first_figure_seconds']:.1f} | {one['memory_mib']:.0f} |"
        )
    lasted = [one["seconds"] / one["reference_seconds"] for one in results["lessons"].values()]
    lines += [
        f"| in one language | {results['course_reference_seconds']:.0f} | | | |",
        "",
        f"A reference second lasted {statistics.median(lasted or [1]):.2f} s. Where one lasts less",
        "than a second, `make build` holds limits in seconds.",
        "",
        f"`import coursekit` and setup: {results['import_seconds']:.2f} s.",
        f"`ck.data.mnist()`, first call: {results['mnist_load_ratio']:.2f} of the time of",
        "keras.datasets on the same file.",
        "",
        "![Seconds over size, with the slope of each line](growth.png)",
        "",
    ]
    return "\n".join(lines)


def draw_growth(contests, path):
    """Draw how cost grows, on logarithmic axes, with the slope of each line: 1 is in proportion."""
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.ticker import LogLocator

    import coursekit as ck

    ck.setup("en")
    figure, axis = plt.subplots(figsize=(9, 5))
    for found in contests.values():
        for what, (sizes, seconds) in found["growth"].items():
            sizes = np.array(sizes) / sizes[0]
            slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
            axis.loglog(sizes, seconds, "o-", label=f"{what}: slope {slope:.2f}")
    axis.set(
        xlabel="times as much", ylabel="seconds", xticks=[1, 2, 4], xticklabels=["1", "2", "4"]
    )
    axis.minorticks_off()
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter("{x:g}")
    axis.legend()
    figure.savefig(path, bbox_inches="tight", dpi=100)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few steps of each: does it work?")
    parser.add_argument("--resume", action="store_true", help="keep what a stopped run finished")
    parser.add_argument("--contest", choices=CONTESTS, help="only this one, as JSON")
    given = parser.parse_args()
    os.environ |= QUIET
    if given.contest:
        return contest(given.contest, given.quick)
    contests, kept = {}, HERE.root / "runs" / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    for name in CONTESTS:
        ended = kept / f"{name}.json"
        if given.resume and ended.exists():
            contests[name] = json.loads(ended.read_text(encoding="utf-8"))
            continue
        print(f"{name} ...", flush=True)
        command = [sys.executable, "-m", "tools.bench", "--contest", name]
        command += ["--quick"] if given.quick else []
        done = subprocess.run(command, cwd=HERE.root, stdout=subprocess.PIPE, check=True)
        contests[name] = json.loads(done.stdout.splitlines()[-1])
        if not given.quick:
            ended.write_text(json.dumps(contests[name]), encoding="utf-8")
    print("lessons ...", flush=True)
    repeats = 1 if given.quick else 15
    other = {"import_seconds": import_seconds(repeats), "mnist_load_ratio": mnist_ratio(repeats)}
    results = summary(contests, lessons(["01"] if given.quick else None), other)
    folder = Path(tempfile.mkdtemp()) if given.quick else FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(table(results), encoding="utf-8")
    draw_growth(contests, folder / "growth.png")
    print((folder / "README.md").read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
