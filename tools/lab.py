"""Opens JupyterLab on the lessons in one language: `python -m tools.lab [es|en]`.

Without a language, that of the system. JupyterLab itself speaks it, too: lab/es and lab/en hold
its settings, and what somebody has chosen in JupyterLab's own settings comes before them.
"""

import locale
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What JupyterLab writes about the kernel at hand, and git would show as a change.
LANGUAGE_INFO = {"name": "python"}


def language_of_the_system():
    """Return the language that a person at this machine reads: Spanish comes first."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((name for name in [*names, locale.getlocale()[0] or ""] if name), "")
    return "en" if chosen.lower().startswith("en") else "es"


def as_committed(model, **_):
    """Save a notebook without the version of the Python that opened it: git sees no change."""
    if model["type"] == "notebook":
        model["content"]["metadata"]["language_info"] = dict(LANGUAGE_INFO)


def main(language="", *options):
    """Open JupyterLab; further options are its own."""
    from jupyterlab.labapp import main as open_lab

    language = language or language_of_the_system()
    settings = str(ROOT / "lab" / language)
    paths = [settings, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
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
