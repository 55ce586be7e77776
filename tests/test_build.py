"""The build: what it makes, what it keeps, what it calls stale and what it refuses."""

import json
import shutil

import nbformat
import pytest

import build
import lesson as lessons
from lesson import ROOT, LessonError

SOURCE = """\
# ---
# jupyter:
#   coursekit:
#     seconds: 60
#     cell_seconds: 30
#     memory_mb: 1000
# ---

# %% [markdown] lang="es"
# # 1 · Prueba

# %% [markdown] lang="en"
# # 1 · Trial

# %% lang="es"
import coursekit as ck

ck.setup("es")
ck.claim("uno", 1.0, at_least=0.5)

# %% lang="en"
import coursekit as ck

ck.setup("en")
ck.claim("one", 1.0, at_least=0.5)

# %%
ck.check(..., 1, "")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one small lesson, apart from the real one."""
    for name in ("coursekit", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    sources = tmp_path / "notebooks" / "source"
    sources.mkdir(parents=True)
    (sources / "01_trial.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(lessons, "ROOT", tmp_path)
    monkeypatch.setattr(lessons, "SOURCES", sources)
    return tmp_path


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def states():
    return [build.state(lessons.read(lessons.find()[0]), language) for language in ("es", "en")]


def test_the_life_of_a_notebook(project, capsys):
    source = lessons.find()[0]
    notebook = project / "notebooks" / "es" / "01_trial.ipynb"
    with pytest.raises(LessonError, match="is not there: run make build"):
        build.check(states())

    build.build(states())
    build.check(states())
    first = notebook.read_text(encoding="utf-8")
    assert "prometido" in first and "/" + "tmp" not in first

    # An edited text is written again with the same outputs; nothing is executed.
    edit(source, "# # 1 · Prueba", "# # 1 · Otra prueba")
    spanish, english = states()
    assert "text changed" in spanish.fault and not spanish.execute and not english.fault
    build.build([spanish])
    assert json.loads(first)["cells"][1:] == json.loads(notebook.read_text("utf-8"))["cells"][1:]
    build.check(states())

    # Edited code, or an edited helper that the lesson uses, asks for an execution.
    edit(source, "ck.check(..., 1", "ck.check(..., 2")
    assert all(state.execute for state in states())
    edit(source, "ck.check(..., 2", "ck.check(..., 1")
    edit(project / "coursekit" / "claims.py", 'print(f"✔', 'print(f"✔✔')
    assert all(state.execute for state in states())
    edit(project / "coursekit" / "claims.py", 'print(f"✔✔', 'print(f"✔')
    build.check(states())

    # A helper or a word that the lesson does not use leaves it up to date.
    edit(project / "coursekit" / "plots.py", "def confusion(", "def confusing(")
    edit(project / "coursekit" / "words.py", '"pérdida"', '"coste"')
    edit(project / "coursekit" / "data.py", "70,000 handwritten", "70,000 written")
    build.check(states())

    # An output edited by hand is found out.
    edit(notebook, "prometido", "cumplido")
    with pytest.raises(LessonError, match="has outputs that were edited by hand"):
        build.check(states())


def test_other_versions_make_all_stale(project):
    build.build(states()[:1])
    edit(project / "constraints.txt", "keras==", "keras==9")
    assert states()[0].execute


def test_a_cell_that_raises_stops_the_build(project):
    edit(lessons.find()[0], "ck.check(..., 1", "ck.check(1 / 0, 1")
    with pytest.raises(LessonError, match=r"cell 2 \(ck\.check.*ZeroDivisionError") as error:
        build.build(states())
    assert "01_trial es" in str(error.value)
    assert not (project / "notebooks" / "es").exists(), "nothing is written"


def test_a_warning_stops_the_build(project):
    edit(
        lessons.find()[0], "ck.check(..., 1", "import warnings\n\nwarnings.warn('x')\nck.check(1, 1"
    )
    with pytest.raises(LessonError, match=r"cell 2 .* writes to standard error"):
        build.build(states())


def test_a_broken_budget_stops_the_build(project):
    edit(lessons.find()[0], "memory_mb: 1000", "memory_mb: 10")
    with pytest.raises(LessonError, match="its kernel held MB"):
        build.build(states())


def with_output(output):
    cell = nbformat.v4.new_code_cell("draw()", outputs=[output])
    return nbformat.v4.new_notebook(cells=[cell])


def figure(kind="image/png", **metadata):
    data = {kind: "", "text/plain": "x"}
    return nbformat.v4.new_output("display_data", data, metadata={kind: metadata})


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        (nbformat.v4.new_output("error", ename="ValueError", evalue="no"), "ends in an error"),
        (nbformat.v4.new_output("stream", name="stderr", text="oh"), "standard error"),
        (nbformat.v4.new_output("stream", text="x.py:1: UserWarning: oh"), "warning"),
        (figure(), "without alternative text"),
        (figure(alt=""), "without alternative text"),
        (figure("image/jpeg"), "without alternative text"),
        (nbformat.v4.new_output("stream", text="x" * 3_000_001), "more than 3 MB"),
    ],
)
def test_bad_outputs_are_named(output, fault):
    (sentence,) = build.faults_in_outputs(with_output(output))
    assert fault in sentence
    assert "draw()" in sentence or "MB" in sentence


def test_good_outputs_pass():
    assert not list(build.faults_in_outputs(with_output(figure(alt="a cat"))))
    assert not list(build.faults_in_outputs(with_output(nbformat.v4.new_output("stream"))))


def test_the_command_line_names_an_unknown_lesson(monkeypatch):
    monkeypatch.setattr("sys.argv", ["build.py", "check", "--lesson", "99"])
    with pytest.raises(SystemExit, match="There is no lesson 99"):
        build.main()
