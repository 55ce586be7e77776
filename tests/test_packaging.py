"""pyproject.toml, environment.yml and constraints.txt say the same, and a wheel is complete."""

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.project import HERE

ROOT = HERE.root
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def environment():
    """Return the pip lines of environment.yml."""
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").split("  - pip:\n")[1]
    return [line.removeprefix("      - ") for line in lines.splitlines()]


def test_the_conda_environment_has_exactly_these_packages():
    assert environment() == [
        "-c constraints.txt",
        "-e .",
        *PROJECT["dependencies"],
        *EXTRAS["lab"],
        *EXTRAS["service"],
    ]


def test_the_conda_environment_has_the_python_of_the_project():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert re.search(r"^  - python=(.+)$", text, re.M)[1] == PROJECT["requires-python"][2:]


def test_each_range_admits_the_exact_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    for line in PROJECT["dependencies"] + [line for extra in EXTRAS.values() for line in extra]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[requirement.name]), line


def test_constraints_name_no_address():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text and "@" not in text


def test_what_colab_has_stays_as_it_is():
    colab = {"tensorflow": "2.19.0", "keras": "3.10.0", "numpy": "2.0.2", "matplotlib": "3.10.0",
             "pillow": "11.2.1", "ipython": "7.34.0", "scikit-learn": "1.6.1",
             "ipywidgets": "7.7.1"}  # fmt: skip
    ranges = {item.name: item.specifier for item in map(Requirement, PROJECT["dependencies"])}
    for name, version in colab.items():
        assert ranges[name].contains(version), name


def test_it_can_not_be_uploaded():
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-q", "-w", folder, ROOT], check=True, cwd=folder)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_data_and_cards(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert wheel.name.startswith("keras_course_notebooks-")
    modules = {f"coursekit/{path.name}" for path in (ROOT / "coursekit").glob("*.*")}
    files = {f"coursekit/files/{name}" for name in [*HERE.registry, "README.md", "registry.toml"]}
    whole = (path for path in (ROOT / "service").rglob("*.*") if path.parent.name != "__pycache__")
    service = {path.relative_to(ROOT).as_posix() for path in whole}
    rest = {name for name in names if ".dist-info/" not in name}
    assert {name for name in rest if ".data/" not in name} == modules | files | service
    shared = {name.partition(".data/data/")[2] for name in rest} - {""}
    folder = "share/jupyter/labextensions/keras-course-alt"
    assert shared == {f"{folder}/alt.js", f"{folder}/package.json"}


OFFLINE = """
import socket

_connect = socket.socket.connect

def connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"this test has no network, not even for {address}")
    return _connect(self, address)

socket.socket.connect = connect
"""


EVERYTHING = """
import coursekit as ck
import keras

ck.setup("es")
digits, reviews = ck.data.mnist(), ck.data.reviews()
print(len(digits[0]), len(reviews[0]), ck.data.network().count_params())
print(ck.data.photo("coffee").shape, ck.data.style("night").shape, ck.__file__)
ck.plots.images(digits[0][:2])
"""


SERVED = """
import json
from urllib.request import urlopen

from service.local import Local

local = Local("wheel")
question = json.dumps({"instances": ["A wonderful film!", "Awful."]}).encode()
with urlopen(f"{local.address}/v1/models/sentiment:predict", question) as answer:
    first, second = json.loads(answer.read())["predictions"]
print(first > 0.5 > second, *[urlopen(local.address + path).status for path in ("/", "/docs")])
local.stop()
"""


LESSON = """
import sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, coalesce_streams=True).execute()
print(*[o.text for c in notebook.cells for o in c.get("outputs", []) if "text" in o], sep="")
"""


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """Runs code in an empty folder, offline: the wheel and what it depends on, no clone."""
    root = tmp_path_factory.mktemp("elsewhere")
    venv.create(root / "venv")
    python = root / "venv" / "bin" / "python"
    ours = Path(pytest.__file__).parent.parent
    theirs = next((root / "venv" / "lib").glob("python*")) / "site-packages"
    # A folder named in a .pth file brings packages, not the editable clone's own .pth file.
    (theirs / "dependencies.pth").write_text(str(ours))
    (theirs / "sitecustomize.py").write_text(OFFLINE)
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"PYTHONUTF8": "1", "MPLBACKEND": "agg", "JUPYTER_DATA_DIR": str(root)}

    def run(code, *arguments):
        folder = root / "empty"
        folder.mkdir(exist_ok=True)
        command = [python, "-c", f"{code}\nimport coursekit; print(coursekit.__file__)", *arguments]
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr
        assert str(theirs / "coursekit") in result.stdout
        return result.stdout

    return run


def test_the_wheel_works_offline_with_no_clone_near(elsewhere):
    assert "60000 20000 99296" in elsewhere(EVERYTHING)


def test_the_wheel_serves_offline_with_no_clone_near(elsewhere):
    pytest.importorskip("fastapi", reason="the extra 'service' is not installed")
    assert "True 200 200" in elsewhere(SERVED)


@pytest.mark.slow
def test_lesson_07_runs_from_the_wheel_with_no_clone_near(elsewhere):
    pytest.importorskip("onnxruntime", reason="the extra 'service' is not installed")
    (lesson,) = (lesson for lesson in HERE.lessons if lesson.id == "production")
    said = elsewhere(LESSON, ROOT / "notebooks" / "en" / f"{lesson.name}.ipynb")
    assert all(f"✔ {name}: " in said for name in lesson.bounds)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", ".github/workflows/test.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/mistake.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_what_other_programs_read_is_valid_for_its_schema(schema, path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    result = subprocess.run([*command, ROOT / path], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
