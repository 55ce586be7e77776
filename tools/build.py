"""Makes, checks and runs the notebooks: `python tools/build.py COMMAND [--lesson 03]`.

build   re-makes the committed notebooks that are stale, and refuses bad outputs
check   says which committed notebooks are stale or edited by hand; executes nothing
run     executes the sources into fresh notebooks under runs/ and prints what they measured
seeds   executes a lesson with five other seeds and prints the range of each claim
"""

import argparse
import ast
import copy
import hashlib
import json
import os
import re
import sys
import time
from dataclasses import dataclass, field

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import lesson as lessons
from lesson import LANGUAGES, ROOT, LessonError

NOTEBOOKS = ROOT / "notebooks"
LARGEST = 3_000_000  # bytes; larger notebooks do not open well on the web
SEED = re.compile(r"(\bset_random_seed\(|\bdefault_rng\(|\bseed=)0\b")
CLAIM = re.compile(r"^✔ (.+): (\S+) \(\w+ (.+)\)$", re.MULTILINE)


# What a notebook was made from


def definitions():
    """Return each top-level name of coursekit with its source, and what always counts.

    An entry of a top-level dictionary counts as a definition of its own, so that a new word
    or data file leaves the lessons that do not use it up to date.
    """
    named, always = {}, []
    for path in sorted((ROOT / "coursekit").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            segment = _without_docstrings(text, node)
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                named.setdefault(node.name, []).append(segment)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    entry = ast.get_source_segment(text, value)
                    named.setdefault(key.value.split(".")[0], []).append(f"{key.value}: {entry}")
            elif isinstance(node, ast.Assign):
                for name in _names(node):
                    named.setdefault(name, []).append(segment)
            elif not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call):
                always.append(segment)
    return named, always


def _without_docstrings(text, node):
    lines = text.split("\n")
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            docstring = part.body[0]
            for line in range(docstring.lineno - 1, docstring.end_lineno):
                lines[line] = ""
    return "\n".join(line for line in lines[node.lineno - 1 : node.end_lineno] if line.strip())


def _names(tree):
    """Return every identifier and every string that stands in a piece of code."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.split(".")[0])
    return found


def origin(notebook):
    """Return a SHA-256 of all that the outputs of a notebook depend on.

    That is its code, the parts of coursekit that this code reaches by name (too many rather
    than too few), and the exact versions of the packages.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    named, used = definitions()
    reached, waiting = set(), [name for source in code for name in _names(_parse(source))]
    while waiting:
        name = waiting.pop()
        if name in named and name not in reached:
            reached.add(name)
            for segment in named[name]:
                waiting += _names(_parse(segment))
    used += [segment for name in sorted(reached) for segment in named[name]]
    versions = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return _sha256([code, used, versions])


def _parse(source):
    try:
        return ast.parse(source)
    except SyntaxError:  # a dictionary's entry, or a cell with a %pip line
        return ast.parse(repr(re.findall(r"\w+", source)))


def _sha256(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _inputs(notebook):
    return [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]


def _outputs(notebook):
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


@dataclass
class State:
    """One notebook: as its source says it now, as it is committed, and what is stale of it."""

    lesson: lessons.Lesson
    language: str
    fresh: nbformat.NotebookNode
    committed: nbformat.NotebookNode | None
    fault: str  # empty where the committed notebook is up to date
    execute: bool  # whether it takes an execution to mend it

    @property
    def path(self):
        return NOTEBOOKS / self.language / f"{self.lesson.name}.ipynb"


def state(lesson, language):
    """Compare a lesson's source with its committed notebook, without executing anything."""
    fresh = lessons.notebook(lesson, language, lessons.address())
    result = State(lesson, language, fresh, None, "is not there", True)
    if not result.path.exists():
        return result
    committed = result.committed = nbformat.read(result.path, as_version=4)
    stamp = committed.metadata.get("coursekit", {})
    if stamp.get("outputs") != _sha256(_outputs(committed)):
        result.fault = "has outputs that were edited by hand"
    elif stamp.get("origin") != origin(fresh):
        result.fault = "is stale: its code, its helpers or the versions changed"
    elif _inputs(committed) != _inputs(fresh):
        result.fault, result.execute = "is stale: its text changed", False
    else:
        result.fault, result.execute = "", False
    return result


# Execution


@dataclass
class Report:
    """What the execution of a notebook took."""

    seconds: float = 0.0
    slowest: float = 0.0  # seconds, of one cell
    memory_mb: float = 0.0  # at most in use by the kernel
    claims: list = field(default_factory=list)  # (name, measured, bound)


def execute(notebook, folder, label):
    """Execute a notebook in a fresh kernel and say on the way which section is running.

    Args:
        notebook: executed in place.
        folder: where its kernel runs.
        label: str, what stands before each line of progress.

    Returns:
        A `Report`.

    Raises:
        LessonError: if a cell raises, naming the cell.
    """
    report = Report()
    quiet = ["--IPKernelApp.log_level=ERROR"]  # else it warns about local ports
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(folder)}}, timeout=600, extra_arguments=quiet
    )
    start = time.perf_counter()
    with client.setup_kernel(env=os.environ | {"COURSEKIT_LIVE": "0"}):
        for index, cell in enumerate(notebook.cells):
            heading = re.match(r"##? (.+)", cell.source)
            if cell.cell_type == "markdown" and heading:
                print(f"{label} {time.perf_counter() - start:5.0f} s  {heading[1]}", flush=True)
            began = time.perf_counter()
            try:
                client.execute_cell(cell, index)
            except CellExecutionError as error:
                fault = f"{error.ename}: {error.evalue}"
                raise LessonError(f"{label} {_where(index, cell)} raises {fault}") from None
            cell.metadata.pop("execution", None)  # times of the day differ between builds
            report.slowest = max(report.slowest, time.perf_counter() - began)
        report.seconds = time.perf_counter() - start
        report.memory_mb = _peak_memory(client)
    for outputs in _outputs(notebook):
        for output in outputs:
            report.claims += CLAIM.findall(output.get("text", ""))
    return report


def _peak_memory(client):
    """Ask the kernel for the most memory it held, in MB, through a cell that is not kept."""
    question = "print(__import__('resource').getrusage(0).ru_maxrss)"
    cell = nbformat.v4.new_code_cell(question)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return int(cell.outputs[0].text) / unit


def _where(index, cell):
    lines = [line for line in cell.source.split("\n") if line.strip()]
    return f"cell {index} ({lines[0] if lines else 'empty'})"


def faults_in_outputs(notebook):
    """Yield a sentence for each output that may not be committed, naming its cell."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            where = _where(index, cell)
            text = output.get("text", "")
            data = output.get("data", {})
            if output.output_type == "error":
                yield f"{where} ends in an error: {output.ename}: {output.evalue}"
            if output.get("name") == "stderr":
                yield f"{where} writes to standard error: {text.strip()[:200]}"
            if re.search(r"Warning\b", text + str(data.get("text/plain", ""))):
                yield f"{where} prints a warning: {text.strip()[:200]}"
            for kind in (kind for kind in data if kind.startswith("image/")):
                if not output.metadata.get(kind, {}).get("alt"):
                    yield f"{where} shows a figure without alternative text: use ck.plots.show."
    size = len(nbformat.writes(notebook).encode())
    if size > LARGEST:
        yield f"the notebook has {size / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f} MB."


def over_budget(report, budget):
    """Yield a sentence for each limit of the lesson's header that the execution broke."""
    for what, found, limit in (
        ("the notebook took seconds", report.seconds, budget["seconds"]),
        ("its slowest cell took seconds", report.slowest, budget["cell_seconds"]),
        ("its kernel held MB", report.memory_mb, budget["memory_mb"]),
    ):
        if found > limit:
            yield f"{what}: {found:.0f}, more than {limit}."


# The commands


def build(states):
    """Re-make what is stale; a notebook with a fault is not written."""
    for state in states:
        label = f"{state.lesson.name} {state.language}"
        if not state.fault:
            print(f"{label}: up to date")
            continue
        print(f"{label}: {state.fault}")
        notebook = state.fresh
        if state.execute:
            report = execute(notebook, NOTEBOOKS, label)
            faults = [*faults_in_outputs(notebook), *over_budget(report, state.lesson.budget)]
            if faults:
                raise LessonError("\n".join(f"{label}: {fault}" for fault in faults))
            print(f"{label}: {report.seconds:.0f} s, {report.memory_mb:.0f} MB")
        else:
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            made = [cell for cell in state.committed.cells if cell.cell_type == "code"]
            for cell, old in zip(code, made, strict=True):
                cell.outputs, cell.execution_count = old.outputs, old.execution_count
        notebook.metadata["coursekit"] = {
            "origin": origin(notebook),
            "outputs": _sha256(_outputs(notebook)),
        }
        state.path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, state.path)


def check(states):
    """Say which committed notebooks are stale or edited by hand."""
    faults = [
        f"{state.path.relative_to(ROOT)} {state.fault}: run make build"
        for state in states
        if state.fault
    ]
    if faults:
        raise LessonError("\n".join(faults))
    print(f"{len(states)} notebooks are up to date with their sources")


def run(states):
    """Execute the sources into runs/ and print time, memory and claims of each."""
    rows = []
    for state in states:
        folder = ROOT / "runs" / state.language
        folder.mkdir(parents=True, exist_ok=True)
        report = execute(state.fresh, folder, f"{state.lesson.name} {state.language}")
        nbformat.write(state.fresh, folder / state.path.name)
        rows.append((state, report))
    print(f"\n{'lesson':20} {'language':8} {'time':>7} {'slowest cell':>13} {'memory':>8}")
    for state, report in rows:
        print(
            f"{state.lesson.name:20} {state.language:8} {report.seconds:5.0f} s "
            f"{report.slowest:11.0f} s {report.memory_mb:5.0f} MB"
        )
        for name, measured, bound in report.claims:
            print(f"    {name}: {measured} ({bound})")
    print("\nThe executed notebooks are in runs/es and runs/en.")


def seeds(states):
    """Execute the code with seeds 1 to 5 in place of 0 and print the range of each claim."""
    for state in states:
        measured = {}
        for seed in range(1, 6):
            notebook = copy.deepcopy(state.fresh)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.source = SEED.sub(rf"\g<1>{seed}", cell.source)
            try:
                report = execute(notebook, NOTEBOOKS, f"{state.lesson.name} seed {seed}")
            except LessonError as error:  # a claim that this seed breaks; the others still count
                print(error)
                continue
            for name, value, bound in report.claims:
                measured.setdefault(f"{name} ({bound})", []).append(float(value))
        for name, values in measured.items():
            print(f"{name}: {min(values):.4g} to {max(values):.4g}")


COMMANDS = {"build": build, "check": check, "run": run, "seeds": seeds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--lesson", default="", help="its number, such as 03; all without it")
    parser.add_argument("--language", choices=LANGUAGES, help="both without it")
    arguments = parser.parse_args()
    languages = [arguments.language] if arguments.language else LANGUAGES
    try:
        found = [lessons.read(path) for path in lessons.find(arguments.lesson)]
        states = [state(lesson, language) for lesson in found for language in languages]
        COMMANDS[arguments.command](states)
    except LessonError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
