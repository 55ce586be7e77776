"""Compares a lesson's source with its committed notebooks: which of them is stale, and why.

A notebook is stamped with all that its outputs depend on: its code, the modules of coursekit
that its kernel had loaded (whole, docstrings and comments aside), the words and the data files
that it used, the versions of the packages that it loaded; and with a hash of the outputs.
jupyter-cache keeps such a hash of the code alone.
"""

import ast
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import nbformat

from tools import notebooks
from tools.execution import outputs_of
from tools.project import Project, plain
from tools.source import LANGUAGES, Lesson

ABSENT = "absent"


@dataclass
class Edition:
    """One language of a lesson: as its source says it now, and as it is committed."""

    project: Project
    lesson: Lesson
    language: str

    @property
    def label(self):
        return f"{self.lesson.name} {self.language}"

    @property
    def path(self):
        return self._path(self.language)

    def _path(self, language):
        return self.project.notebooks / language / f"{self.lesson.name}.ipynb"

    def _read(self, language):
        path = self._path(language)
        return nbformat.read(path, as_version=4) if path.exists() else None

    @cached_property
    def committed(self):
        return self._read(self.language)

    @cached_property
    def fresh(self):
        spanish = self.committed if self.language == "es" else self._read("es")
        return notebooks.make(self.project, self.lesson, self.language, spanish)

    @cached_property
    def stale(self):
        """What changed since the outputs were made, as a sentence; empty where nothing did."""
        if self.committed is None:
            return "is not there"
        stamp = self.committed.metadata.get("coursekit", {})
        if stamp.get("outputs") != _sha256(outputs_of(self.committed)):
            return "has outputs that were edited by hand"
        now = self.stamp(
            {name: list(stamp.get(name, ())) for name in ("modules", "words", "data", "packages")}
        )
        for name, found in now.items():
            if found != stamp.get(name) and name == "code":
                return "is stale: its code changed"
            if found != stamp.get(name):
                changed = sorted(k for k, v in found.items() if v != stamp.get(name, {}).get(k))
                return f"is stale: {name} changed ({', '.join(changed)})"
        return ""

    @property
    def fault(self):
        """What is wrong with the committed notebook, as a sentence; empty where it is right."""
        return self.stale or ("" if self._same_text() else "is stale: its text changed")

    def _same_text(self):
        def inputs(notebook):
            return [
                (cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells
            ]

        return inputs(self.committed) == inputs(self.fresh)

    def stamp(self, used):
        """Return what the outputs depend on, where they used these names."""
        return {
            "code": _sha256([c.source for c in self.fresh.cells if c.cell_type == "code"]),
            "modules": {name: self._module(name) for name in used["modules"]},
            "words": {key: self._words.get(key, ABSENT) for key in used["words"]},
            "data": {
                name: self.project.registry.get(name, {}).get("sha256", ABSENT)
                for name in used["data"]
            },
            "packages": {
                name: self.project.versions[name]
                for name in sorted(set(map(plain, used["packages"])) & set(self.project.versions))
            },
        }

    @cached_property
    def _words(self):
        side = LANGUAGES.index(self.language)
        path = self.project.root / "coursekit" / "words.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        return {key: pair[side] for key, pair in ast.literal_eval(_table(tree)).items()}

    def _module(self, name):
        path = self.project.root / "coursekit" / name
        if not path.exists():
            return ABSENT
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if name == "words.py":  # each word counts for itself
            _table(tree).keys.clear()
            _table(tree).values.clear()
        for node in ast.walk(tree):
            documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            if documented and ast.get_docstring(node, clean=False):
                node.body = node.body[1:]
        return _sha256(ast.dump(tree))

    def keep_outputs(self):
        """Give the fresh notebook the committed outputs, where only its text changed."""
        fresh = [cell for cell in self.fresh.cells if cell.cell_type == "code"]
        made = [cell for cell in self.committed.cells if cell.cell_type == "code"]
        for cell, old in zip(fresh, made, strict=True):
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
        self._write(self.committed.metadata["coursekit"])

    def write(self, used):
        """Write the fresh notebook, executed, with its stamp."""
        self._write(self.stamp(used) | {"outputs": _sha256(outputs_of(self.fresh))})

    def _write(self, stamp):
        self.fresh.metadata["coursekit"] = stamp
        self.path.parent.mkdir(exist_ok=True)
        part = self.path.with_suffix(".part")  # never half a notebook
        nbformat.write(self.fresh, part)
        part.replace(self.path)


def _table(tree):
    """Return the dictionary of WORDS in words.py."""
    return next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WORDS"
    )


def _sha256(content):
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
