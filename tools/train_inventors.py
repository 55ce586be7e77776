"""Trains the three networks of lesson 08 that invent faces, with the lesson's own functions.

    python -m tools.prepare_data inventors.npz      six minutes on 2 cores

Another machine adds in another order, so that its weights differ a little; the lesson's bounds
hold for them as well.
"""

import ast
import io

import numpy as np

from tools import notebooks
from tools.project import HERE

SEEDS = 1, 2, 3


def functions():
    """Return what lesson 08 defines: its imports, functions, classes and constants, by name."""
    (lesson,) = (lesson for lesson in HERE.lessons if lesson.id == "gan")
    found = {"__name__": "inventors"}
    for cell in lesson.cells:
        if cell.cell_type != "code" or {"check", "solution"} & set(cell.metadata.get("tags", [])):
            continue
        tree = ast.parse(notebooks.in_language(cell.source, "en"))
        tree.body = [node for node in tree.body if _defines(node)]
        exec(compile(tree, lesson.name, "exec"), found)
        if "train_three" in found:
            return found
    raise LookupError("Lesson 08 defines no train_three: this tool needs its new name.")


def _defines(node):
    if isinstance(node, ast.Assign):
        names = [name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)]
        return all(name.isupper() for name in names) and not any(
            isinstance(part, ast.Name | ast.Call) for part in ast.walk(node.value)
        )
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def trained(lesson, seed):
    """Return the weights of one training: {"GAN": arrays, "VAE": arrays, "diffusion": arrays}.

    Args:
        lesson: dict, what `functions` returned.
        seed: int.
    """
    drawn, lesson["table"] = lesson["faces"].draw(lesson["COUNT"], seed=0)
    lesson["drawn"] = lesson["ops"].convert_to_tensor(drawn)
    networks = lesson["train_three"](seed)
    return {name: network.get_weights() for name, network in networks.items()}


def packed(weights):
    """Return the bytes of inventors.npz.

    Args:
        weights: dict `{(name, seed): arrays}`, each list in the order of `set_weights`.
    """
    arrays = {
        f"{name} {seed} {place:02}": array.astype(np.float16)
        for (name, seed), parts in weights.items()
        for place, array in enumerate(parts)
    }
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def content():
    """Return the bytes of inventors.npz, after training everything three times."""
    lesson, weights = functions(), {}
    for seed in SEEDS:
        weights |= {(name, seed): arrays for name, arrays in trained(lesson, seed).items()}
    return packed(weights)
