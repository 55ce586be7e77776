"""The commands: what the build makes, what it keeps, what it calls stale and what it refuses."""

import json
import subprocess

import nbformat
import pytest

from tools import commands, execution, written, yardstick
from tools.__main__ import main
from tools.committed import Edition
from tools.lab import language_of_the_system
from tools.project import Project
from tools.source import LessonError

LESSON = "notebooks/source/01_trial.py"


@pytest.fixture(autouse=True)
def quick_yardstick(monkeypatch):
    monkeypatch.setattr(yardstick, "measure", lambda: 1.0)


def build(project, *languages):
    return commands.build(project, "", languages or ("es", "en"), [])


def editions(project):
    fresh = Project(project.root)
    return [Edition(fresh, fresh.lessons[0], language) for language in ("es", "en")]


def stale(project):
    """Return what is wrong with each edition, after a look at the disk."""
    return [edition.fault for edition in editions(project)]


def test_the_life_of_a_notebook(project, edit, capsys):
    notebook = project.notebooks / "es" / "01_trial.ipynb"
    with pytest.raises(LessonError, match="is not there: run make build"):
        commands.check(project, "", ["es", "en"], [])
    build(project)
    commands.check(Project(project.root), "", ["es", "en"], [])
    first = notebook.read_text(encoding="utf-8")
    assert "límite ≥ 0.55" in first and "nunca menos de 0.55" in first and "/" + "tmp" not in first

    # An edited text is written again with the same outputs; nothing is executed.
    fresh = edit(LESSON, "Hay 60 000", "Ahora hay 60 000")
    assert stale(fresh) == ["is stale: its text changed", ""]
    assert not editions(fresh)[0].stale, "no execution"
    build(fresh)
    assert json.loads(first)["cells"][1:] == json.loads(notebook.read_text("utf-8"))["cells"][1:]
    assert stale(fresh) == ["", ""]

    # An output edited by hand is found out.
    edit("notebooks/es/01_trial.ipynb", "límite ≥", "limite ≥")
    with pytest.raises(LessonError, match="has outputs that were edited by hand"):
        commands.check(Project(project.root), "", ["es"], [])


HELPER = "import functools\n\nNAMES = {len: 1}\n\n\n@functools.cache\ndef two():\n    return 2\n"
_built = {}  # the notebook below, once it is made


@pytest.fixture
def built(project, edit):
    """The small project, built in English, with a figure and a helper of every kind."""
    (project.root / "coursekit" / "part").mkdir()
    (project.root / "coursekit" / "part" / "__init__.py").write_text(HELPER, encoding="utf-8")
    more = "import matplotlib.pyplot as plt\nfrom coursekit import part\n\nnetwork = part.two()\n"
    more += 'ck.plots.show(plt.figure(), _("nada", "nothing"))\nck.check(...'
    fresh = edit(LESSON, "ck.check(...", more)
    path = project.notebooks / "en" / "01_trial.ipynb"
    if not _built:
        build(fresh, "en")
        _built["text"] = path.read_text(encoding="utf-8")
    path.parent.mkdir(exist_ok=True)
    path.write_text(_built["text"], encoding="utf-8")
    assert stale(fresh)[1] == ""
    return fresh


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (LESSON, "ck.check(..., 1", "ck.check(..., 2", "its code changed"),
        ("coursekit/style.py", '"font.size": 15', '"font.size": 40', "style.py"),
        ("coursekit/style.py", '"lines.linewidth": 2.5', '"lines.linewidth": 1', "style.py"),
        ("coursekit/claims.py", 'LINE = "✔', 'LINE = "✔✔', "claims.py"),
        ("coursekit/plots.py", "dpi=144", "dpi=72", "plots.py"),
        ("coursekit/part/__init__.py", "{len: 1}", "{len: 2}", "part/__init__.py"),
        ("coursekit/part/__init__.py", "@functools.cache\n", "", "part/__init__.py"),
        ("coursekit/words.py", '"☐ Not yet', '"☐ Not now', "words changed (not_yet)"),
        ("constraints.txt", "matplotlib==", "matplotlib==9", "packages changed (matplotlib)"),
        ("coursekit/words.py", '"época"', '"vuelta"', ""),
        ("coursekit/words.py", '"☐ Aún no', '"☐ Todavía no', ""),
        ("coursekit/data.py", "def network():", "def the_network():", ""),
        ("coursekit/plots.py", "Display a figure with", "Show a figure with", ""),
        ("coursekit/plots.py", "# Two device pixels", "# Two pixels", ""),
        ("constraints.txt", "jupyterlab==", "jupyterlab==9", ""),
        ("data/registry.toml", "70,000 handwritten", "70,000 written", ""),
    ],
)
def test_what_makes_a_notebook_stale(name, old, new, why, built, edit):
    fault = stale(edit(name, old, new))[1]
    assert bool(fault) == bool(why) and why in fault


def test_the_data_that_a_lesson_reads_is_in_its_header_and_in_its_stamp(project, edit):
    fresh = edit(LESSON, "ck.check(...", 'ck.data.photo("coffee")\nck.check(...')
    with pytest.raises(LessonError, match=r"header says data: \[\], it reads \['coffee.jpg'\]"):
        build(fresh, "es")
    fresh = edit(LESSON, "data: []", "data: [coffee.jpg]")
    build(fresh, "es")
    sha = fresh.registry["coffee.jpg"]["sha256"]
    assert "data changed" in stale(edit("data/registry.toml", sha, "0" * 64))[0]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("1 / 0", r"cell 3 \(1 / 0\) raises ZeroDivisionError"),
        ("import warnings; warnings.warn('x')", "writes to standard error"),
        ("import os; os.kill(os.getpid(), 9)", "kills its kernel"),
        ("import time; time.sleep(60)", "runs for more than 3 s"),
    ],
)
def test_a_bad_cell_stops_the_build_with_a_sentence(code, fault, project, edit, monkeypatch):
    monkeypatch.setattr(execution, "TIMEOUT", 3)
    fresh = edit(LESSON, "ck.check(...", f"{code}\nck.check(...")
    with pytest.raises(LessonError, match=fault) as error:
        build(fresh, "es")
    assert "01_trial es" in str(error.value) and "\n" not in str(error.value)
    assert not (project.notebooks / "es" / "01_trial.ipynb").exists(), "nothing is written"


@pytest.mark.parametrize(
    ("limit", "fault"),
    [("memory_mb: 1000", "its kernel held MB"), ("seconds: 60", "the notebook took"),
     ("cell_seconds: 30", "its slowest cell took")],
)  # fmt: skip
def test_a_broken_limit_stops_the_build(limit, fault, edit):
    name = limit.split(":")[0]
    with pytest.raises(LessonError, match=fault):
        build(edit(LESSON, f" {limit}" if name == "cell_seconds" else limit, f" {name}: 0"), "es")


def test_where_a_step_is_fast_a_limit_is_in_seconds(edit, monkeypatch):
    monkeypatch.setattr(yardstick, "measure", lambda: 0.001)
    with pytest.raises(LessonError, match="the notebook took"):
        build(edit(LESSON, "{seconds: 60", "{seconds: 0.01"), "es")
    build(edit(LESSON, "{seconds: 0.01", "{seconds: 60"), "es")


def test_limits_are_in_reference_seconds():
    report = execution.Report(seconds=100, cells=[30], memory_mb=900)
    limits = {"seconds": 60, "cell_seconds": 20, "memory_mb": 1000}
    assert not list(execution.over_limits(report, limits, reference=2.0))
    assert len(list(execution.over_limits(report, limits, reference=1.0))) == 2
    assert not list(execution.over_limits(report, limits, reference=1.0, room=2.0))


def test_a_lesson_and_its_yardstick_take_one_thread_each(tmp_path, monkeypatch):
    cell = nbformat.v4.new_code_cell('import os\nprint(os.environ["TF_NUM_INTRAOP_THREADS"])')
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execution.execute(Project(tmp_path), notebook, tmp_path, "trial", lambda _: None)
    assert notebook.cells[0].outputs[0].text == "1\n"

    monkeypatch.undo()  # the yardstick itself, but for its steps
    asked = []
    answer = subprocess.CompletedProcess([], 0, stdout="0.5\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **given: asked.append(given) or answer)
    assert yardstick.measure() == 0.5
    assert asked[0]["env"]["TF_NUM_INTRAOP_THREADS"] == "1"


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
        (nbformat.v4.new_output("stream", text="WARNING:tensorflow:oh"), "warning"),
        (nbformat.v4.new_output("stream", text="<History at 0x7f16>"), "shows an address"),
        (figure(), "without alternative text"),
        (figure(alt=""), "without alternative text"),
        (figure("image/jpeg"), "without alternative text"),
        (nbformat.v4.new_output("stream", text="x" * 3_000_001), "more than 3 MB"),
    ],
)
def test_bad_outputs_are_named(output, fault):
    (sentence,) = execution.faults_in_outputs(with_output(output))
    assert fault in sentence
    assert "draw()" in sentence or "MB" in sentence


def test_good_outputs_pass():
    assert not list(execution.faults_in_outputs(with_output(figure(alt="a cat"))))
    assert not list(execution.faults_in_outputs(with_output(nbformat.v4.new_output("stream"))))


def test_run_goes_on_after_a_failure_and_says_so(project, edit, capsys):
    source = project.notebooks / "source"
    (source / "02_more.py").write_text((source / "01_trial.py").read_text("utf-8"), "utf-8")
    fresh = edit(LESSON, "ck.check(...", "1 / 0\nck.check(...")
    assert commands.run(fresh, "", ["en"], []) == 1
    said = capsys.readouterr().out
    assert said.startswith("Executing 2 notebooks (en) into runs/: about")
    assert "✘ 01_trial en" in said and "✔ 02_more en" in said and "one: 1 (≥ 0.55)" in said
    assert said.index("✘ 01") < said.index("✔ 02")
    assert "1 of 2 notebooks ran to their end" in said and "Failed: 01_trial en" in said
    assert (project.root / "runs" / "en" / "02_more.ipynb").exists()


def test_seeds_changes_each_seed(project, edit, capsys):
    line = "import numpy as np\n\n"
    line += 'ck.claim(_("azar", "random"), np.random.default_rng(0).random(), at_least=0)\n'
    commands.seeds(edit(LESSON, "ck.check(...", f"{line}ck.check(..."), "", ["es", "en"], [])
    low, high = capsys.readouterr().out.split("random (≥ 0): ")[1].split()[::2]
    assert float(low) < float(high)


def test_a_new_lesson_from_the_template_builds(project, capsys):
    commands.new(project, "", [], ["02", "more"])
    fresh = Project(project.root)
    assert [lesson.id for lesson in fresh.lessons] == ["trial", "more"]
    commands.build(fresh, "02", ["es"], [])
    text = (project.notebooks / "es" / "02_more.ipynb").read_text(encoding="utf-8")
    assert "☐ Aún no" in text and "☑ ¡Correcto!" in text
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(text)["cells"]])
    marks = [outputs.count(json.dumps(mark)[1:-1]) for mark in "☐☑"]
    assert marks == [3, 3], "as many as tests/test_notebooks.py wants"
    for words in (["02", "other"], ["03", "more"], ["2", "x"], ["03"], ["03", "no-id"]):
        with pytest.raises(LessonError):
            commands.new(Project(project.root), "", [], words)


def test_no_two_lessons_share_an_id(project):
    source = project.notebooks / "source"
    (source / "02_trial.py").write_text((source / "01_trial.py").read_text("utf-8"), "utf-8")
    with pytest.raises(LessonError, match="02_trial: an earlier lesson has the id 'trial'"):
        _ = Project(project.root).lessons


def test_a_fault_in_one_lesson_is_not_told_of_the_next(project, edit):
    commands.new(project, "", [], ["02", "more"])
    edit("notebooks/source/02_more.py", "needs: []", "needs: [trial]")
    with pytest.raises(LessonError) as error:
        _ = edit(LESSON, 'lang="es"', 'lang="fr"').lessons
    assert "02_more" not in str(error.value)


# Files that are written from a declaration


def test_an_entry_of_the_registry_says_all(project, edit):
    fresh = edit("data/registry.toml", "licence = ", "license = ")
    with pytest.raises(LessonError, match=r"lacks licence"):
        commands.write(fresh)


def test_written_files_follow_their_declarations(project, edit, capsys):
    written.write(project)
    assert not list(written.faults(project))
    cards, readme = project.data / "README.md", project.root / "README.es.md"
    assert "| 1 · Prueba | entre 1 y 3 minutos |" in readme.read_text("utf-8")
    fresh = edit(LESSON, "{es: Prueba,", "{es: Ensayo,")
    fresh = edit("data/registry.toml", "70,000 handwritten", "70,000 written")
    names = {fault.split()[0] for fault in written.faults(fresh)}
    assert names == {"README.es.md", "notebooks/es/README.md", "data/README.md"}
    written.write(fresh)
    assert "1 · Ensayo" in readme.read_text("utf-8") and "70,000 written" in cards.read_text(
        "utf-8"
    )


def test_a_lost_mark_is_a_sentence(edit):
    fresh = edit("README.md", "<!-- lessons -->", "")
    with pytest.raises(LessonError, match=r"README\.md needs one line '<!-- lessons -->'"):
        written.write(fresh)


# The command line


def test_the_command_line_names_an_unknown_lesson(project, capsys):
    assert main(["check", "--lesson", "99"], project) == 1
    assert "There is no lesson 99" in capsys.readouterr().err


def test_the_notebooks_of_one_lesson(project, capsys):
    assert main(["notebooks", "--lesson", "1", "--language", "en"], project) == 0
    assert capsys.readouterr().out == "notebooks/en/01_trial.ipynb\n"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("en_GB.UTF-8", "en"), ("es_CO.UTF-8", "es"), ("C.UTF-8", "es"), ("fr_FR", "es")],
)
def test_the_language_of_the_system(name, wanted, monkeypatch):
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", name)
    assert language_of_the_system() == wanted
