"""Opens JupyterLab on the lessons in one language: `python -m tools.lab [es|en]`.

Without a language, that of the system. JupyterLab itself speaks it, too: lab/es and lab/en hold
its settings, and what somebody has chosen in JupyterLab's own settings comes before them.
"""

import json
import locale
import os
import sys
from pathlib import Path

from tools.execution import ONE_HEAP

ROOT = Path(__file__).resolve().parent.parent


def language_of_the_system():
    """Return the language that a person at this machine reads: Spanish comes first."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((name for name in [*names, locale.getlocale()[0] or ""] if name), "")
    return "en" if chosen.lower().startswith("en") else "es"


def as_committed(model, path, **_):
    """Keep what a notebook said of its kernel: of a mere save, git sees no change."""
    file = ROOT / path
    if model["type"] != "notebook" or not file.exists():
        return
    new, old = model["content"]["metadata"], json.loads(file.read_text("utf-8"))["metadata"]
    if new.get("kernelspec", {}).get("name") == old.get("kernelspec", {}).get("name"):
        new.update({name: old[name] for name in ("kernelspec", "language_info") if name in old})


def main(language="", *options):
    """Open JupyterLab; further options are its own."""
    from jupyterlab.labapp import main as open_lab

    language = language or language_of_the_system()
    settings = str(ROOT / "lab" / language)
    paths = [settings, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    os.environ |= ONE_HEAP
    return open_lab(
        [
            f"--ServerApp.root_dir={ROOT}",
            f"--LabApp.default_url=/lab/tree/notebooks/{language}/README.md",
            "--FileContentsManager.pre_save_hook=tools.lab.as_committed",
            *options,
        ]
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
