"""The random changes: each is another program, and none touches a text."""

import ast
import random

from tools import mutate

CODE = '''
def f(a, *, b=True, c=-0.5):
    """Return 1 + 1 == 2."""
    return a[0] + 1 <= c * 2.0 and not b in "1 + 1" or a is None
'''


def test_each_change_is_another_program_with_the_same_texts():
    count = len(list(mutate.places(ast.parse(CODE))))
    assert count == 14, "5 numbers and truth values, 6 operators, 3 comparisons"
    changed = set()
    for i in range(count):
        tree = ast.parse(CODE)
        before, after = mutate.change(*list(mutate.places(tree))[i], random.Random(0))
        assert before != after
        changed.add(ast.unparse(tree))
    assert len(changed) == count and ast.unparse(ast.parse(CODE)) not in changed
    assert all(text.count("1 + 1") == 2 and "== 2" in text for text in changed)


def test_there_is_a_test_for_each_module():
    tests = {path.stem for path in (mutate.ROOT / "tests").glob("test_*.py")}
    for path in (mutate.ROOT / "coursekit").glob("*.py"):
        assert {f"test_{name}" for name in mutate.TESTS.get(path.stem, [path.stem])} <= tests
