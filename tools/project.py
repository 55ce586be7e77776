"""A project on disk: where its files stand and what they declare."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import source
from tools.source import LessonError

# The folders beside data/ whose registry.toml names files that no hand wrote, and what makes them.
MAKERS = {"service": "python -m tools.make_service", "tools/deck": "python -m tools.make_deck"}


@dataclass(frozen=True)
class Project:
    """The course in one folder. All that the tools know about files goes through it."""

    root: Path

    @property
    def notebooks(self):
        return self.root / "notebooks"

    @property
    def data(self):
        return self.root / "data"

    @cached_property
    def lessons(self):
        """All lessons in their order, as their sources declare them.

        Raises:
            LessonError: with all that is wrong with any of them.
        """
        lessons, errors = [], []
        paths = sorted((self.notebooks / "source").glob("[0-9][0-9]_*.py"))
        for path in paths:
            try:
                lessons.append(source.read(path))
                errors += source.rejected(lessons[-1], self.terms)
            except LessonError as error:
                errors.append(str(error))
        for lesson in lessons:
            # From the names, so that a fault in one lesson is not reported of the others, too.
            known = [path.stem[3:] for path in paths if path.stem[:2] < lesson.name[:2]]
            if lesson.id in known:
                errors.append(f"{lesson.name}: an earlier lesson has the id {lesson.id!r}, too.")
            if lesson.extra and lesson.extra not in self.extras:
                errors.append(f"{lesson.name}: pyproject.toml has no extra {lesson.extra!r}.")
            for id in set(lesson.needs) - set(known):
                errors.append(f"{lesson.name}: needs {id!r}, but before it come {known}.")
        if errors:
            raise LessonError("\n".join(errors))
        return lessons

    def find(self, number=""):
        """Return all lessons, or the one with this number (`"3"` and `"03"` are lesson 3)."""
        found = [lesson for lesson in self.lessons if number in ("", f"{lesson.number:02}")]
        if not found and number:
            found = [lesson for lesson in self.lessons if number == str(lesson.number)]
        if not found:
            known = ", ".join(f"{lesson.number:02}" for lesson in self.lessons)
            raise LessonError(f"There is no lesson {number}: LESSON is one of {known}.")
        return found

    @cached_property
    def address(self):
        """The project's public address, empty while it has none."""
        settings = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        return settings["tool"]["coursekit"]["address"].rstrip("/")

    @cached_property
    def extras(self):
        """The names of the packages in each extra of pyproject.toml."""
        settings = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        extras = settings["project"]["optional-dependencies"]
        return {
            name: [re.match(r"[\w.-]+", line)[0] for line in lines]
            for name, lines in extras.items()
        }

    @cached_property
    def versions(self):
        """The exact version of each package that outputs are made with, by its plain name."""
        lines = (self.root / "constraints.txt").read_text(encoding="utf-8").splitlines()
        pairs = (line.split("==") for line in lines if "==" in line)
        return {plain(name): version.strip() for name, version in pairs}

    @cached_property
    def registry(self):
        """What data/registry.toml says of each data file."""
        return tomllib.loads((self.data / "registry.toml").read_text(encoding="utf-8"))

    @cached_property
    def made(self):
        """What the registries of MAKERS say of each file that a tool makes, by its path."""
        found = {}
        for folder in MAKERS:
            path = self.root / folder / "registry.toml"
            entries = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            found |= {f"{folder}/{name}": entry for name, entry in entries.items()}
        return found

    @cached_property
    def terms(self):
        """The words of the course, and those that it does not use, from docs/glossary.toml."""
        path = self.root / "docs" / "glossary.toml"
        return tomllib.loads(path.read_text(encoding="utf-8"))["term"]


def plain(name):
    """Return a package's name as indexes compare it: small letters, single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


HERE = Project(Path(__file__).resolve().parent.parent)
