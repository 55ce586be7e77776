"""make lab: JupyterLab in one language, and a save that git does not see."""

import importlib.metadata
import json
from pathlib import Path

import jupyterlab.labapp
import pytest

from tools import lab
from tools.project import HERE


@pytest.mark.parametrize(("given", "wanted"), [("", "es"), ("es", "es"), ("en", "en")])
def test_jupyterlab_opens_on_the_lessons_with_the_settings_of_the_language(
    given, wanted, monkeypatch
):
    monkeypatch.setenv("LC_ALL", "es_CO.UTF-8")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    monkeypatch.setattr(jupyterlab.labapp, "main", lambda options: options)
    options = lab.main(given, "--no-browser")
    assert options[-1] == "--no-browser" and any(f"/{wanted}/README.md" in o for o in options)
    settings = str(HERE.root / "lab" / wanted)
    assert lab.os.environ["JUPYTER_CONFIG_PATH"].split(lab.os.pathsep) == [settings, "/mine"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_settings_name_what_jupyterlab_has(language):
    path = HERE.root / "lab" / language / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    locale = settings["@jupyterlab/translation-extension:plugin"]["locale"]
    packs = importlib.metadata.entry_points(group="jupyterlab.languagepack").names
    assert locale in {"en", *packs}
    schemas = Path(jupyterlab.__file__).parent / "schemas"
    for plugin, values in settings.items():
        package, _, name = plugin.partition(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text(encoding="utf-8"))
        assert set(values) <= set(schema["properties"])


def test_a_save_keeps_what_a_notebook_said_of_its_kernel(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    ours = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"metadata": ours}))
    theirs = {"kernelspec": {"name": "python3", "display_name": "Mine"}, "language_info": {"v": 3}}
    model = {"type": "notebook", "content": {"metadata": theirs}}
    lab.as_committed(model, path="a.ipynb", contents_manager=None)
    assert model["content"]["metadata"] == ours
    other = {"kernelspec": {"name": "julia"}}
    model = {"type": "notebook", "content": {"metadata": dict(other)}}
    for path in ("a.ipynb", "new.ipynb"):  # another kernel was chosen; a notebook of the learner
        lab.as_committed(model, path=path)
        assert model["content"]["metadata"] == other
    lab.as_committed({"type": "file", "content": "text"}, path="a.ipynb")
