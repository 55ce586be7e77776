"""Executes a notebook in a fresh kernel, and says what it took and what it used."""

import json
import os
import re
import time
from dataclasses import dataclass, field

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from coursekit.claims import PATTERN
from tools import yardstick
from tools.source import LessonError

LARGEST = 3_000_000  # bytes; larger notebooks do not open well on the web
TIMEOUT = 900  # seconds, of one cell
# Of every kernel that we start: with a heap for each thread, glibc keeps up to 130 MB more.
ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}
QUIET = ["--IPKernelApp.log_level=ERROR"]  # else it warns about local ports

# Asked of the kernel at the end. Only what was loaded can have made the outputs.
QUESTION = """
import importlib.metadata, json, sys
from pathlib import Path
from coursekit import words
owners = importlib.metadata.packages_distributions()
tops = {name.partition(".")[0] for name in sys.modules}
package = Path(sys.modules["coursekit"].__file__).parent
modules = [m for n, m in sys.modules.items() if n.partition(".")[0] == "coursekit"]
if sys.platform == "linux":  # getrusage counts what the process that started it held, too
    peak = 1024 * int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
elif sys.platform == "darwin":
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
else:
    import psutil
    peak = psutil.Process().memory_info().peak_wset
print(json.dumps({
    "memory_mb": peak / 1e6,
    "modules": sorted(Path(m.__file__).relative_to(package).as_posix() for m in modules),
    "words": sorted(words.said),
    "data": sorted(getattr(sys.modules.get("coursekit.data"), "verified", ())),
    "packages": sorted({owner for top in tops for owner in owners.get(top, ())}),
}))
"""


@dataclass
class Report:
    """What the execution of a notebook took and used."""

    seconds: float = 0.0
    cells: list = field(default_factory=list)  # seconds of each cell
    memory_mb: float = 0.0  # at most in use by the kernel
    claims: list = field(default_factory=list)  # (name, measured, bound)
    used: dict = field(default_factory=dict)  # modules, words, data, packages

    def take(self, answer):
        """Take over what a kernel answered to QUESTION."""
        self.used = json.loads(answer)
        self.memory_mb = self.used.pop("memory_mb")

    @property
    def slowest(self):
        return max(self.cells, default=0.0)


def execute(project, notebook, folder, label, say=print):
    """Execute a notebook in a fresh kernel of one thread and say on the way which section runs.

    Args:
        project: the `Project` whose coursekit the kernel imports, whichever is installed.
        notebook: executed in place.
        folder: where its kernel runs.
        label: str, what stands before each line of progress.
        say: called with each line of progress.

    Returns:
        A `Report`.

    Raises:
        LessonError: if a cell raises, takes too long or kills its kernel, naming the cell.
    """
    report = Report()
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(folder)}},
        timeout=TIMEOUT,
        coalesce_streams=True,  # else what is printed comes in pieces, by chance
        extra_arguments=QUIET,
    )
    start = time.perf_counter()
    paths = [str(project.root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = ONE_HEAP | yardstick.ONE_THREAD
    environment |= {"COURSEKIT_LIVE": "0", "PYTHONPATH": os.pathsep.join(paths)}
    with client.setup_kernel(env=os.environ | environment):
        for index, cell in enumerate(notebook.cells):
            heading = re.match(r"##? (.+)", cell.source)
            if cell.cell_type == "markdown" and heading:
                say(f"{label} {time.perf_counter() - start:5.0f} s  {heading[1]}")
            began = time.perf_counter()
            _execute_cell(client, cell, index, label)
            cell.metadata.pop("execution", None)  # times of the day differ between builds
            report.cells.append(time.perf_counter() - began)
        report.seconds = time.perf_counter() - start
        asked = nbformat.v4.new_code_cell(QUESTION)
        client.nb.cells.append(asked)  # not kept
        _execute_cell(client, asked, len(client.nb.cells) - 1, label)
        client.nb.cells.pop()
    report.take(asked.outputs[0].text)
    for outputs in outputs_of(notebook):
        for output in outputs:
            found = PATTERN.finditer(output.get("text", ""))
            report.claims += [(m["name"], m["value"], m["bound"]) for m in found]
    return report


def question(kernel):
    """Return the answer of nbval's kernel to QUESTION."""
    asked = kernel.execute_cell_input(QUESTION, allow_stdin=False)
    kernel.await_reply(asked, timeout=TIMEOUT)
    text = ""
    while True:
        message = kernel.get_message("iopub", timeout=5)
        if message["parent_header"].get("msg_id") != asked:
            continue
        text += message["content"].get("text", "")
        if message["content"].get("execution_state") == "idle":
            return text


def _execute_cell(client, cell, index, label):
    where = f"{label} {place(index, cell)}"
    try:
        client.execute_cell(cell, index)
    except CellExecutionError as error:
        raise LessonError(f"{where} raises {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise LessonError(f"{where} runs for more than {TIMEOUT} s.") from None
    except DeadKernelError:
        raise LessonError(f"{where} kills its kernel (out of memory?).") from None


def outputs_of(notebook):
    """Return the outputs of each code cell."""
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def place(index, cell):
    """Return the number and the first line of a cell."""
    lines = [line for line in cell.source.split("\n") if line.strip() and "@title" not in line]
    return f"cell {index} ({lines[0] if lines else 'empty'})"


def faults_in_outputs(notebook):
    """Yield a sentence for each output that may not be committed, naming its cell."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            where = place(index, cell)
            data = output.get("data", {})
            said = output.get("text", "") + str(data.get("text/plain", ""))
            text = " ".join(said.split())[:200]
            if output.output_type == "error":
                yield f"{where} ends in an error: {output.ename}: {output.evalue}"
            if output.get("name") == "stderr":
                yield f"{where} writes to standard error: {text}"
            elif re.search(r"(?i)warning\b", said):
                yield f"{where} prints a warning: {text}"
            if " at 0x" in said:
                yield f"{where} shows an address, another in each run: {text}"
            for kind in (kind for kind in data if kind.startswith("image/")):
                if not output.metadata.get(kind, {}).get("alt"):
                    yield f"{where} shows a figure without alternative text: use ck.plots.show."
    size = len(nbformat.writes(notebook).encode())
    if size > LARGEST:
        yield f"the notebook has {size / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f} MB."


def over_limits(report, limits, reference, room=1.0, memory_room=1.0):
    """Yield a sentence for each limit of the lesson's header that the execution broke.

    Args:
        report: a `Report`.
        limits: dict, the header's.
        reference: float, seconds that a reference second lasts (`yardstick.measure`).
        room, memory_room: floats, the times by which a limit may be exceeded.
    """
    seconds, slowest = report.seconds / reference, report.slowest / reference
    for what, found, limit, times in (
        ("the notebook took reference seconds", seconds, limits["seconds"], room),
        ("its slowest cell took reference seconds", slowest, limits["cell_seconds"], room),
        ("its kernel held MB", report.memory_mb, limits["memory_mb"], memory_room),
    ):
        if found > limit * times:
            yield f"{what}: {found:.0f}, more than {limit * times:g}."


def unused_data(report, lesson):
    """Yield a sentence where a header does not name the data that its lesson reads."""
    if set(report.used["data"]) != set(lesson.data):
        yield f"the header says data: {sorted(lesson.data)}, it reads {report.used['data']}."
