"""What each command of `python -m tools` does."""

import copy
import re
import time
from pathlib import Path

import nbformat

from tools import handout, slides, written, yardstick
from tools.committed import Edition
from tools.execution import execute, faults_in_outputs, over_limits, unused_data
from tools.source import LessonError

SEED = re.compile(r"(\bset_random_seed\(|\bdefault_rng\(|\bseed=)0\b")
SEEDS = range(1, 6)
TEMPLATE = Path(__file__).with_name("template.txt")


def editions(project, number, languages):
    """Return the editions of the lessons that were asked for."""
    found = project.find(number)
    return [Edition(project, lesson, language) for lesson in found for language in languages]


def build(project, number, languages, _words):
    """Make what is stale again; a notebook with a fault is not written."""
    for name in written.write(project):
        print(f"{name}: written")
    reference = None
    for edition in editions(project, number, languages):
        label, notebook = edition.label, edition.fresh
        if not edition.fault:
            print(f"{label}: up to date")
            continue
        print(f"{label}: {edition.fault}")
        if not edition.stale:
            edition.keep_outputs()
            continue
        before = reference or yardstick.measure()
        report = execute(project, notebook, project.notebooks, label)
        reference = yardstick.measure()
        seconds = (before + reference) / 2  # of a reference second, around this lesson
        faults = [
            *faults_in_outputs(notebook),
            # A step that is faster than the yardstick's says little of the rest: there, a limit
            # is in seconds.
            *over_limits(report, edition.lesson.limits, max(seconds, 1.0)),
            *unused_data(report, edition.lesson),
        ]
        if faults:
            raise LessonError("\n".join(f"{label}: {fault}" for fault in faults))
        edition.write(report.used)
        print(f"{label}: {_measured(report, seconds)}")
    return 0


def _measured(report, reference):
    return (
        f"{report.seconds:.0f} s ({report.seconds / reference:.0f} reference seconds), "
        f"slowest cell {report.slowest:.0f} s ({report.slowest / reference:.0f}), "
        f"{report.memory_mb:.0f} MB"
    )


def check(project, number, languages, _words):
    """Say which committed notebooks and written files are stale or edited by hand."""
    found = editions(project, number, languages)
    faults = [
        f"{edition.path.relative_to(project.root).as_posix()} {edition.fault}: run make build"
        for edition in found
        if edition.fault
    ]
    faults += written.faults(project)
    if faults:
        raise LessonError("\n".join(faults))
    print(f"{len(found)} notebooks are up to date with their sources")
    return 0


def write(project, *_):
    """Write tables, cards, masks and CI's matrix again; execute nothing."""
    for name in written.write(project):
        print(f"{name}: written")
    return 0


def run(project, number, languages, _words):
    """Execute the sources into runs/ and print time, memory and claims of each lesson."""
    found = editions(project, number, languages)
    start = time.perf_counter()
    reference = yardstick.measure()
    limit = sum(edition.lesson.limits["seconds"] for edition in found) * reference
    print(
        f"Executing {len(found)} notebooks ({', '.join(languages)}) into runs/: about "
        f"{max(1, round(limit / 60))} minutes at most on this machine, where a reference second "
        f"lasts {reference:.2f} s.",
        flush=True,
    )
    failed = []
    for edition in found:
        folder = project.root / "runs" / edition.language
        folder.mkdir(parents=True, exist_ok=True)
        try:
            report = execute(project, edition.fresh, folder, edition.label, _progress)
        except LessonError as error:
            failed.append(edition.label)
            print(f"✘ {error}", flush=True)
            continue
        finally:
            nbformat.write(edition.fresh, folder / edition.path.name)
        before, reference = reference, yardstick.measure()
        print(f"✔ {edition.label}: {_measured(report, (before + reference) / 2)}")
        for name, measured, bound in report.claims:
            print(f"    {name}: {measured} ({bound})")
    minutes = (time.perf_counter() - start) / 60
    print(
        f"\n{len(found) - len(failed)} of {len(found)} notebooks ran to their end in "
        f"{minutes:.1f} minutes. They are in {', '.join(f'runs/{name}' for name in languages)}."
    )
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def _progress(line):
    print(f"  {line}", flush=True)


def seeds(project, number, languages, _words):
    """Execute the code with seeds 1 to 5 in place of 0 and print the range of each claim."""
    for edition in editions(project, number, languages[-1:]):
        measured = {}
        for seed in SEEDS:
            notebook = copy.deepcopy(edition.fresh)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.source = SEED.sub(rf"\g<1>{seed}", cell.source)
            try:
                report = execute(
                    project, notebook, project.notebooks, f"{edition.label} seed {seed}"
                )
            except LessonError as error:  # a claim that this seed breaks; the others still count
                print(error)
                continue
            for name, value, bound in report.claims:
                measured.setdefault(f"{name} ({bound})", []).append(float(value))
        for name, values in measured.items():
            print(f"{name}: {min(values):.4g} to {max(values):.4g}")
    return 0


def new(project, _number, _languages, words):
    """Write the source of a new lesson from the template."""
    if len(words) != 2 or not re.fullmatch(r"\d\d", words[0]) or not words[1].isidentifier():
        raise LessonError("new takes a number of two digits and an id: new 07 production.")
    for lesson in project.lessons:
        if lesson.number == int(words[0]) or lesson.id == words[1]:
            raise LessonError(f"{lesson.name} has that number or that id already.")
    path = project.notebooks / "source" / f"{'_'.join(words)}.py"
    path.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{path.relative_to(project.root)} is written: fill it in, then make build")
    return 0


def notebooks(project, number, languages, _words):
    """Print the paths of the committed notebooks, those that run longest first."""
    found = editions(project, number, languages)
    for edition in sorted(found, key=lambda edition: -edition.lesson.limits["seconds"]):
        print(edition.path.relative_to(project.root).as_posix())
    return 0


def measure_yardstick(*_):
    """Print how many seconds a reference second lasts here and now."""
    print(f"a reference second lasts {yardstick.measure():.2f} s here")
    return 0


COMMANDS = {
    "build": build,
    "check": check,
    "write": write,
    "run": run,
    "seeds": seeds,
    "new": new,
    "notebooks": notebooks,
    "yardstick": measure_yardstick,
    "wheel": handout.wheel,
    "handout": handout.handout,
    "slides": slides.slides,
}
