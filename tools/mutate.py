"""Do the unit tests notice? `python -m tools.mutate [--count 40] [--seed 0] [--module plots]`

Changes one operator, comparison, truth value or number of coursekit at random, runs the tests of
that module and prints whether they noticed; again `count` times. All of it in a temporary copy.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("coursekit", "data", "tests", "tools", "pyproject.toml", "conftest.py")

# The tests of each module, in tests/test_*.py; of any other module those of its own name.
TESTS = {
    "__init__": ["setup"],
    "diagrams": ["plots"],
    "inputs": ["plots", "pictures"],
    "planes": ["plots"],
    "quiet": ["setup", "quiet"],
    "style": ["plots"],
    "words": ["setup"],
}
OTHERS = ("-k", "not test_figure and not test_drawing")  # a figure costs half a second
PAIRS = [(ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitOr, ast.BitAnd), (ast.And, ast.Or)]
PAIRS += [(ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot)]
PAIRS += [(ast.In, ast.NotIn), (ast.UAdd, ast.USub)]
SWAPS = {ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult}
SWAPS |= {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}


def places(tree):
    """Yield each (node, field, index) of a tree that `change` can change; texts are none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            yield node, "value", None
        elif isinstance(node, ast.Compare):
            yield from ((node, "ops", i) for i, op in enumerate(node.ops) if type(op) in SWAPS)
        elif type(getattr(node, "op", None)) in SWAPS:
            yield node, "op", None
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "operand", None


def change(node, field, index, rng):
    """Change one place of a tree, and return its code before and after."""
    before = ast.unparse(node)
    if field == "ops":
        node.ops[index] = SWAPS[type(node.ops[index])]()
    elif field == "op":
        node.op = SWAPS[type(node.op)]()
    elif field == "operand":
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node.value, int):
        node.value += rng.choice((-1, 1))
    else:
        node.value = node.value * rng.choice((0.5, 1.5)) or 1.0
    return before, ast.unparse(node)


def tests_of(module):
    """Return the files of a module's tests."""
    return [f"tests/test_{name}.py" for name in TESTS.get(module, [module])]


def users(function):
    """Return the names of the functions of coursekit that need this one, its own among them."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "coursekit").glob("*.py")]
    functions = [part for tree in trees for part in tree.body if isinstance(part, ast.FunctionDef)]
    needs = [(part.name, {getattr(n, "id", "") for n in ast.walk(part)}) for part in functions]
    found, more = set(), {function}
    while more:
        found |= more
        more = {name for name, called in needs if called & found} - found
    return found


def figures_of(function):
    """Return the tests of the figures that need a function: no others can notice its change."""
    from tests.test_plots import BOTH_LANGUAGES, ONE_LANGUAGE

    drawings = {f"figure[es-{name}]": draw for name, draw in BOTH_LANGUAGES.items()}
    drawings |= {f"drawing[{name}]": draw for name, draw in ONE_LANGUAGE.items()}
    wanted = users(function)
    calls = [name for name, draw in drawings.items() if wanted & set(draw.__code__.co_names)]
    return [f"tests/test_plots.py::test_{name}" for name in calls]


def fate(folder, tests):
    """Return what these tests say in a copy of the project: survived, noticed, or hung."""
    command = [sys.executable, "-m", "pytest", "-xq", "-p", "no:cacheprovider", *tests]
    # No bytecode: a file that changes twice in a second could pass for its older self. And of
    # pytest's plugins only the one that compares figures: nbval takes seconds to load.
    settings = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    settings |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_mpl.plugin"}
    settings |= {"COURSEKIT_LIVE": "0", "MPLBACKEND": "agg"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | settings, capture_output=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return "hung"
    return "noticed" if done.returncode else "SURVIVED"


def main():
    """Print each change with its fate, and the score; what hangs was noticed too."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--module", default="*", help="such as plots; all without it")
    parser.add_argument("--trust", action="store_true", help="do not run the unchanged code first")
    given = parser.parse_args()
    rng, fates = random.Random(given.seed), []
    texts = {path: path.read_text("utf-8") for path in (ROOT / "coursekit").glob("*.py")}
    paths = sorted(path for path in texts if path.match(f"{given.module}.py"))
    found = [(path, i) for path in paths for i, _ in enumerate(places(ast.parse(texts[path])))]
    chosen = sorted(rng.sample(found, min(given.count, len(found))))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        tests = sorted({test for path, _ in chosen for test in tests_of(path.stem)})
        if not given.trust:
            assert fate(folder, tests) == "SURVIVED", "the tests fail before anything is changed"
        for path, i in chosen:
            start, tree = time.perf_counter(), ast.parse(texts[path])
            place = list(places(tree))[i]
            line = place[0].lineno
            parts = [part for part in tree.body if part.lineno <= line <= part.end_lineno]
            before, after = change(*place, rng)
            mutant = folder / "coursekit" / path.name
            mutant.write_text(ast.unparse(tree), encoding="utf-8")
            tests, function = tests_of(path.stem), getattr(parts[0], "name", "")
            rounds = [figures_of(function), [*tests, *OTHERS]] if function else [tests]
            ends = (fate(folder, some) for some in rounds if some)
            fates.append(next((end for end in ends if end != "SURVIVED"), "SURVIVED"))
            mutant.write_text(texts[path], encoding="utf-8")
            where, seconds = f"{path.name}:{line}", time.perf_counter() - start
            print(f"{fates[-1]:8}  {where:16}  {before}  →  {after}  ({seconds:.0f} s)", flush=True)
    score = len(fates) - fates.count("SURVIVED")
    print(
        f"{score} of {len(fates)} noticed (seed {given.seed}, {len(found)} places to choose from)"
    )


if __name__ == "__main__":
    main()
