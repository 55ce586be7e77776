import shutil

import matplotlib
import pytest

matplotlib.use("agg")

import coursekit as ck

ck.setup("es")

SOURCE = """\
# ---
# jupyter:
#   coursekit:
#     title: {es: Prueba, en: Trial}
#     limits: {seconds: 60, cell_seconds: 30, memory_mb: 1000}
#     data: []
#     needs: []
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Hay 60 000 con $x_i = 1$ y `mnist`; nunca menos de [[bound: one]].

# %% [markdown] lang="en"
# # [[title]]
#
# There are 60,000 with $x_i = 1$ and `mnist`; never less than [[bound: one]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.claim(_("uno", "one"), 1.0, at_least=0.55)

# %% tags=["check"]
ck.check(..., 1, "")
"""


@pytest.fixture(params=["es", "en"])
def language(request):
    """Each language in turn, as a notebook would choose it."""
    from coursekit import words

    words.use(request.param)
    yield request.param
    words.use("es")


@pytest.fixture
def project(tmp_path):
    """A project with one small lesson, apart from the real one."""
    from tools.project import HERE, Project  # seconds, which most tests need not wait

    root = tmp_path / "project"
    for name in ("coursekit", "data", "tests", ".github"):
        large = ("*.npz", "*.xz", "*.keras", "*.zip", "baseline")
        ignored = shutil.ignore_patterns("__pycache__", *large, "*.py" if name == "tests" else "")
        shutil.copytree(HERE.root / name, root / name, ignore=ignored)
    for name in ("pyproject.toml", "constraints.txt", "README.md", "README.es.md"):
        shutil.copy(HERE.root / name, root / name)
    (root / "docs").mkdir()
    shutil.copy(HERE.root / "docs" / "glossary.toml", root / "docs")
    (root / "notebooks" / "source").mkdir(parents=True)
    (root / "notebooks" / "source" / "01_trial.py").write_text(SOURCE, encoding="utf-8")
    return Project(root)


@pytest.fixture
def edit(project):
    """Return a function that replaces a text in a file of the small project."""
    from tools.project import Project

    def replace(name, old, new):
        path = project.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return Project(project.root)  # what it had read before is old

    return replace


def pytest_generate_tests(metafunc):
    """Give a lesson's exercises the answers of its module, each with the mark it must get."""
    if "mark" in metafunc.fixturenames and hasattr(metafunc.module, "RIGHT"):
        groups = (("☑", "RIGHT"), ("✎", "WRONG"), ("☐", "EMPTY"))
        metafunc.parametrize(
            ("exercise", "answer", "mark"),
            [
                (exercise, answer, mark)
                for mark, group in groups
                for exercise, answers in getattr(metafunc.module, group, {}).items()
                for answer in answers
            ],
        )


@pytest.fixture
def said(lesson, exercise, answer, capsys):
    """The lines that the check of an exercise prints for an answer.

    `lesson` is the module's own fixture: the names that its checks need, and the code of each.
    """
    names, checks = lesson
    exec(answer, names)
    capsys.readouterr()
    exec(checks[exercise], names)
    return capsys.readouterr().out.splitlines()
