"""The lessons as a person meets them: JupyterLab in a browser, all cells run, on a small laptop.

`make test-browser`, with the system's Chromium or Chrome; screenshots go to runs/screenshots.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from tools.project import HERE

CHROME = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROME, reason="there is no Chromium or Chrome"),
]
SMALL = {"width": 1366, "height": 768}
# No sandbox, as in a container; no connections of its own.
OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-sync", "--disable-quic"]
# All cells are on the page at once, else those out of sight would not be looked at.
SETTINGS = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"}}

READY = """path => {
  const widget = window.jupyterapp?.shell.currentWidget;
  return widget?.context?.path === path && widget.context.isReady
    && widget.sessionContext.session?.kernel?.status === "idle";
}"""
RUN = """async () => {
  window.moves = new Set();  // what the bars of progress showed
  const note = () => document.querySelectorAll(".jp-OutputArea progress").forEach(
    bar => window.moves.add(bar.getAttribute("value")));
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true});
  await window.jupyterapp.commands.execute("notebook:run-all-cells");
}"""
WITHOUT_ALT = """() => [...document.querySelectorAll(".jp-OutputArea-output :is(img, svg)")]
  .filter(shown => ["", "Image", null].includes(shown.alt ?? shown.ariaLabel))
  .map(shown => shown.closest(".jp-Cell").innerText.slice(0, 80))"""
# What is wider than its place is cut off or has to be scrolled sideways.
CUT_OFF = """() => [...document.querySelectorAll(
    ".jp-Notebook .jp-RenderedMarkdown, .jp-Notebook .cm-scroller, .jp-OutputArea-output")]
  .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
  .map(part => `${part.scrollWidth} > ${part.clientWidth}: ${part.innerText.slice(0, 80)}`)"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what JupyterLab shows, under git, so that a save can be seen."""
    root = tmp_path_factory.mktemp("course")
    for name in ("notebooks", "docs", "lab", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(HERE.root / name, root / name, ignore=ignored)
    (root / ".gitignore").write_text("settings/\n.*/\n__pycache__/\n")
    for path, content in SETTINGS.items():
        file = root / "settings" / f"{path}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(content))
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "all")
    return root


def git(root, *words):
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True).stdout


@pytest.fixture(scope="module", params=["es", "en"])
def lab(request, course):
    """The address of JupyterLab, opened as `make lab` does in one language."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tools.lab", request.param, "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True", "--ServerApp.log_level=ERROR"]
    environment = {key: os.environ[key] for key in os.environ if key != "COURSEKIT_LIVE"}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(course / "settings")}
    environment |= {"JUPYTERLAB_WORKSPACES_DIR": str(course / ".workspaces")}
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=course, env=environment) as server:
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/api").close()
                    break
                except OSError:
                    time.sleep(0.5)
            yield request.param, address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROME, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport=SMALL)
    page.set_default_timeout(120_000)
    yield page
    page.close()


@pytest.fixture
def shot(page, lab):
    """Return a function that keeps a screenshot."""
    folder = HERE.root / "runs" / "screenshots" / lab[0]
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: page.screenshot(path=folder / f"{name}.png")


def test_the_first_page_lists_the_lessons_in_the_language_of_the_reader(lab, page, shot):
    language, address = lab
    page.goto(address)
    page.wait_for_selector(".jp-MarkdownViewer table")
    page.wait_for_timeout(2000)  # a pop-up would come now
    shot("00_index")
    assert page.locator(".jp-MarkdownViewer tbody tr").count() == len(HERE.lessons)
    menu = page.locator(".lm-MenuBar").inner_text()
    assert {"es": "Archivo", "en": "File"}[language] in menu
    assert not page.locator(".Toastify__toast").count(), "a pop-up"
    page.get_by_role("link", name=HERE.lessons[0].title[language]).click()
    page.wait_for_selector(".jp-Notebook")


@pytest.mark.parametrize("lesson", HERE.lessons, ids=lambda lesson: lesson.name)
def test_a_notebook_runs_to_its_end_in_jupyterlab(lesson, lab, course, page, shot):
    language, address = lab
    path = f"notebooks/{language}/{lesson.name}.ipynb"
    committed = nbformat.read(course / path, as_version=4)
    page.goto(f"{address}/lab/tree/{path}?reset")
    page.wait_for_function(READY, arg=path)
    page.wait_for_timeout(2000)
    shot(f"{lesson.name}_00")

    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert not git(course, "diff", "--", path).decode()[:2000], "saved, it is another file"

    page.evaluate(RUN)
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.context.model.toJSON().cells")
    for cell, before in zip(cells, committed.cells, strict=True):
        if cell["cell_type"] == "code":
            assert cell["execution_count"], f"not executed: {cell['source']}"
            errors = [out for out in cell["outputs"] if out["output_type"] == "error"]
            assert not errors, errors
            assert len(cell["outputs"]) >= len(before.outputs), f"lost: {cell['source']}"

    for number, heading in enumerate(page.locator(".jp-Notebook h2").all(), 1):
        heading.evaluate("heading => heading.scrollIntoView()")
        page.wait_for_timeout(300)
        shot(f"{lesson.name}_{number:02}")
    assert not page.evaluate(WITHOUT_ALT), "figures without alternative text"
    assert not page.evaluate(CUT_OFF), "text that is cut off"
    assert not page.locator(".jp-OutputArea progress").count(), "a bar stays for good"
    if any(re.search(r"\bProgress\(\)", cell.source) for cell in committed.cells):
        assert len(page.evaluate("[...window.moves]")) > 10, "no bar moved"
    page.evaluate("window.jupyterapp.commands.execute('kernelmenu:shutdown')")
