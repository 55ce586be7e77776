"""What nbval leaves out when it executes the notebooks: pictures, limits, data, two at a time."""

import os

import pytest

from tools.execution import ONE_HEAP
from tools.yardstick import THREADS

# Live bars and curves are for people: no committed output holds one. Kernels inherit this.
os.environ |= ONE_HEAP | {"COURSEKIT_LIVE": "0"}

# CI may be busier than the machine that built: limits are for what has got out of hand.
ROOM, MEMORY_ROOM = 3.0, 1.15
# In one language each cell runs twice, as a learner does it; trainings tagged slow only once.
TWICE = "en"


def pytest_configure(config):
    """Mask claims in all notebooks, and give each process its share of the cores."""
    if getattr(config.option, "nbval", False):
        config.option.nbval_sanitize_with = str(config.rootpath / "tests" / "sanitize.cfg")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    if workers > 1:
        for name in THREADS:
            os.environ.setdefault(name, threads)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Time each cell, compare its pictures, and check the lesson's limits after the last."""
    if type(item).__name__ != "IPyNbCell":
        return (yield)
    import copy
    import time

    from tools import pixels
    from tools.execution import Report

    committed = copy.deepcopy(item.cell.outputs)  # nbval joins its streams in place
    tags = item.cell.metadata.get("tags", [])
    report = item.parent.__dict__.setdefault("report", Report())
    start = time.perf_counter()
    result = yield
    report.cells.append(time.perf_counter() - start)
    outputs = [item.test_outputs or []]
    path = item.parent.path
    twice = path.parent.name == TWICE
    if twice and "slow" not in tags:
        item.cell.outputs = copy.deepcopy(committed)
        item.runtest()
        outputs.append(item.test_outputs or [])
    faults = [
        fault
        for found in outputs
        for fault in pixels.differences(found, committed, varies="varies" in tags)
    ]
    if item.next_path != path and not twice:
        faults += _over_limits(item.parent, report)
    assert not faults, f"{item.nodeid}: " + "; ".join(faults)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Remember whether more cells of the same notebook follow."""
    item.next_path = nextitem.path if nextitem else None


def _over_limits(file, report):
    """Return the limits of a lesson that one execution of its notebook broke."""
    from tools import yardstick
    from tools.execution import over_limits, question, unused_data
    from tools.project import HERE

    lessons = {lesson.name: lesson for lesson in HERE.lessons}
    if file.path.stem not in lessons or not file.path.is_relative_to(HERE.notebooks):
        return []
    lesson = lessons[file.path.stem]
    report.seconds = sum(report.cells)
    report.take(question(file.kernel))
    reference = max(yardstick.measure(), 1.0)
    return [
        *over_limits(report, lesson.limits, reference, ROOM, MEMORY_ROOM),
        *unused_data(report, lesson),
    ]
