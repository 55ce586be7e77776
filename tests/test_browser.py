"""The lessons as a person meets them: JupyterLab in a browser, all cells run, on a small laptop.

`make test-browser`, with the system's Chromium or Chrome; screenshots go to runs/screenshots.
"""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from playwright.sync_api import TimeoutError, sync_playwright

from coursekit.claims import PATTERN
from tools import yardstick
from tools.project import HERE

CHROME = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.browser
SMALL = {"width": 1366, "height": 768}
# No sandbox, as in a container; no connections of its own.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-quic",
]
# All cells are on the page at once, else those out of sight would not be looked at.
SETTINGS = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"}}

# Digits as strokes: points in a square of 100, joined by lines.
STROKES = {
    0: [(50, 12), (28, 25), (22, 50), (28, 77), (50, 88), (70, 77), (77, 50), (70, 25), (50, 12)],
    1: [(52, 12), (50, 88)],
    2: [(25, 30), (38, 14), (60, 14), (72, 30), (64, 48), (26, 86), (78, 85)],
    3: [(26, 18), (50, 10), (70, 24), (48, 46), (72, 66), (52, 88), (24, 80)],
    4: [(36, 12), (24, 54), (76, 52), (68, 20), (65, 90)],
    7: [(22, 16), (76, 15), (44, 90)],
}

READY = """path => {
  const widget = window.jupyterapp?.shell.currentWidget;
  return widget?.context?.path === path && widget.context.isReady
    && widget.sessionContext.session?.kernel?.status === "idle";
}"""
# Keeps all that the bars of progress showed, and runs all cells.
RUN = """() => {
  window.bars = new Set();
  const note = () => document.querySelectorAll(".jp-OutputArea progress").forEach(
    bar => window.bars.add(bar.value));
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true});
  window.ran = false;
  window.jupyterapp.commands.execute("notebook:run-all-cells").finally(() => window.ran = true);
}"""
CELLS = "window.jupyterapp.shell.currentWidget.context.model.toJSON().cells"
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
TYPESET = """formulas =>
  document.querySelectorAll(".jp-RenderedMarkdown mjx-container").length === formulas"""
DRAWN = """async () => {
  await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
NO_FORMULA = """() => [...document.querySelectorAll(".jp-RenderedMarkdown mjx-merror")]
  .map(shown => shown.closest(".jp-Cell").innerText.slice(0, 80))"""
WITHOUT_ALT = """() => [...document.querySelectorAll(
    ".jp-OutputArea-output :is(img, svg), .jp-RenderedMarkdown img")]
  .filter(shown => ["", "Image", null].includes(shown.alt ?? shown.ariaLabel))
  .map(shown => shown.closest(".jp-Cell").innerText.slice(0, 80))"""
# What is wider than its place is cut off, or has to be scrolled sideways.
CUT_OFF = """() => [...document.querySelectorAll(".jp-Notebook *")]
  .filter(part => part.scrollWidth > part.clientWidth + 1 && part.checkVisibility()
    && getComputedStyle(part).overflowX !== "visible")
  .map(part => `${part.scrollWidth} > ${part.clientWidth}: ${part.innerText.slice(0, 80)}`)"""
BARS_LEFT = """() => [...document.querySelectorAll(".jp-OutputArea progress")]
  .map(bar => bar.parentElement.innerText)"""
LOOKS = {"formula": NO_FORMULA, "no alt": WITHOUT_ALT, "cut off": CUT_OFF, "bar stays": BARS_LEFT}


def faults(page, committed):
    """Return what a person would see go wrong in a notebook that has run, fault by fault."""
    found = []
    for cell, before in zip(page.evaluate(CELLS), committed.cells, strict=True):
        if cell["cell_type"] == "code":
            found += [f"{kind}: {cell['source']}" for kind in _lost(cell, before)]
    prose = [CODE.sub("", cell.source) for cell in committed.cells if cell.cell_type == "markdown"]
    formulas = sum(len(FORMULA.findall(text)) for text in prose)
    try:
        page.wait_for_function(TYPESET, arg=formulas, timeout=30_000)
    except TimeoutError:
        found.append(f"formula: {formulas} are written, others are shown")
    page.evaluate(DRAWN)
    for kind, look in LOOKS.items():
        found += [f"{kind}: {place}" for place in page.evaluate(look)]
    return found


def _lost(cell, before):
    """Return what went wrong with a cell's outputs, compared with the committed ones."""
    errors = [out["evalue"] for out in cell["outputs"] if out["output_type"] == "error"]
    if errors or not cell["execution_count"]:
        return [f"error: {errors}" if errors else "not executed"]
    now, then = _outputs(cell["outputs"]), _outputs(before.outputs)
    return [] if now == then else [f"output: {now} instead of {then}"]


def _outputs(outputs):
    """Return what outputs print, without measured digits, and how many figures there are."""
    text = "".join("".join(output.get("text", "")) for output in outputs)
    text = text.replace("\r\n", "\n")  # JupyterLab keeps one end of a line where HTTP has two
    shown = [output["data"] for output in outputs if output["output_type"] == "display_data"]
    # HTML is live progress, which no committed notebook holds.
    figures = sum("text/html" not in data for data in shown)
    return PATTERN.sub(r"\g<name> \g<bound>", text), figures


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what JupyterLab shows, under git, so that a save can be seen."""
    if not CHROME:
        pytest.skip("there is no Chromium or Chrome")
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


@pytest.fixture
def opened(page, lab):
    """Return a function that opens a notebook; at the end, all kernels are shut down."""

    def open_notebook(path):
        page.goto(f"{lab[1]}/lab/tree/{path}?reset")
        page.wait_for_function(READY, arg=path)

    yield open_notebook
    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")


def run(page, minutes=15):
    """Run all cells, and return the values that bars of progress went through."""
    page.evaluate(RUN)
    page.wait_for_function("window.ran", timeout=minutes * 60_000)
    return page.evaluate("[...window.bars]")


def draw(page, paper, points):
    """Draw a line through points of a square of 100 on a canvas of 280 pixels, with the mouse."""
    box = page.locator(paper).bounding_box()
    places = [(box["x"] + 2 + 2.8 * x, box["y"] + 2 + 2.8 * y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def test_the_first_page_lists_the_lessons_in_the_language_of_the_reader(lab, page, shot):
    language, address = lab
    page.goto(address)
    page.wait_for_selector(".jp-MarkdownViewer table")
    page.evaluate("window.jupyterapp.restored")
    page.wait_for_timeout(2000)  # a pop-up would come now
    shot("00_index")
    assert page.locator(".jp-MarkdownViewer tbody tr").count() == len(HERE.lessons)
    menu = page.locator(".lm-MenuBar").inner_text()
    assert {"es": "Archivo", "en": "File"}[language] in menu
    assert not page.locator(".Toastify__toast").count(), "a pop-up"
    page.get_by_role("link", name=HERE.lessons[0].title[language]).click()
    page.wait_for_selector(".jp-Notebook:visible")  # one of another test may be behind it


@pytest.mark.parametrize("lesson", HERE.lessons, ids=lambda lesson: lesson.name)
def test_a_notebook_runs_to_its_end_in_jupyterlab(lesson, lab, course, page, opened, shot):
    path = f"notebooks/{lab[0]}/{lesson.name}.ipynb"
    committed = nbformat.read(course / path, as_version=4)
    opened(path)
    shot(f"{lesson.name}_00")
    before = (course / path).stat().st_mtime_ns
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert (course / path).stat().st_mtime_ns > before, "not saved"
    assert not git(course, "diff", "--", path).decode()[:2000], "saved, it is another file"

    bars = run(page)
    found = faults(page, committed)
    for number, heading in enumerate(page.locator(".jp-Notebook h2").all(), 1):
        heading.evaluate("heading => heading.scrollIntoView()")
        page.evaluate(DRAWN)
        shot(f"{lesson.name}_{number:02}")
    assert not found, "\n".join(found)
    if any(re.search(r"\bProgress\(\)", cell.source) for cell in committed.cells):
        assert len(bars) > 10, "no bar moved"


def notebook_of(*cells):
    kernel = {"name": "python3", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})


LIVE = """
import time
from pathlib import Path

import keras
import numpy as np

from coursekit.live import Progress


def wait(epoch, logs):
    while not Path(f"seen_{epoch + 1}").exists():
        time.sleep(0.05)


def slow(batch, logs):
    time.sleep(0.05)


print("before")
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
slowly = keras.callbacks.LambdaCallback(on_train_batch_end=slow, on_epoch_end=wait)
x, y = np.ones((64, 2)), np.ones(64)
model.fit(x, y, batch_size=8, epochs=4, verbose=0, callbacks=[Progress(), slowly])
print("after")
"""
# Whether the output of the only cell shows this text, this bar and curves with so many points.
SHOWN = """wanted => {
  const all = choice => [...document.querySelectorAll(`.jp-OutputArea-output ${choice}`)];
  return JSON.stringify(wanted) === JSON.stringify([
    all("pre").map(shown => shown.innerText.trim()),
    all("progress").map(bar => bar.value),
    all("polyline").map(line => line.points.length).filter(points => points),
  ]);
}"""


@pytest.mark.parametrize("lab", ["en"], indirect=True)
def test_bar_and_curves_move_while_a_network_trains(lab, course, page, opened, shot):
    """The training waits after each epoch until the page was looked at."""
    folder = course / "live"
    folder.mkdir()
    nbformat.write(notebook_of(nbformat.v4.new_code_cell(LIVE)), folder / "live.ipynb")
    opened("live/live.ipynb")
    page.evaluate(RUN)
    for epoch in range(1, 5):
        curves = [epoch] * 2 if epoch > 1 else []
        page.wait_for_function(SHOWN, arg=[["before"], [epoch], curves])
        page.evaluate("document.querySelector('.jp-OutputArea').scrollIntoView()")
        shot(f"live_{epoch}")
        (folder / f"seen_{epoch}").touch()
    page.wait_for_function("window.ran")
    page.wait_for_function(SHOWN, arg=[["before", "after"], [], [4, 4]])
    shot("live_5")
    bars = page.evaluate("[...window.bars]")
    assert bars == sorted(bars) and len(bars) > 8, "a bar moves within an epoch, too"


# Lesson 03's network, after a moment of training.
CANVAS = """
import keras
import numpy as np
from keras import layers, ops

import coursekit as ck

ck.setup("en", seed=0)
keras.utils.set_random_seed(0)
body = []
for filters, size, stride in (24, 5, 2), (48, 3, 2), (64, 3, 1):
    body += [layers.Conv2D(filters, size, strides=stride, use_bias=False)]
    body += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
start, end = [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255)], layers.Dense(10, "softmax")
network = keras.Sequential([*start, *body, layers.Flatten(), end])
network.compile("adam", "sparse_categorical_crossentropy")
x, y, _, _ = ck.data.mnist()
network.fit(x[:12000], y[:12000], batch_size=64, verbose=0)


def read(picture):
    return ops.convert_to_numpy(network(picture[None]))[0]


ck.widgets.draw(read, 1 - np.pad(np.ones((40, 6)), 20))
"""
# How long after the last piece of ink each answer came.
TIMES = """() => {
  const root = document.querySelector(".coursekit-draw"), answer = root.querySelector(".answer");
  let last = 0;
  for (const kind of ["pointerdown", "pointermove", "click", "keydown"])
    root.addEventListener(kind, () => { last = performance.now(); }, true);
  window.times = [];
  new MutationObserver(() => {
    if (answer.getAttribute("aria-busy") === "false") window.times.push(performance.now() - last);
  }).observe(answer, {attributeFilter: ["aria-busy"]});
}"""
FOCUSED = "[document.activeElement.className, window.jupyterapp.shell.currentWidget.content.mode]"


@pytest.mark.parametrize("lab", ["en"], indirect=True)
def test_digits_that_are_drawn_are_read_at_once(lab, course, page, opened, shot):
    committed = notebook_of(PROGRAM(CANVAS, outputs=[FIGURE]), PROGRAM("print(1)"))
    committed.cells[1].outputs = printed("1\n")
    nbformat.write(committed, course / "canvas.ipynb")
    opened("canvas.ipynb")
    run(page)
    page.locator(".ink").scroll_into_view_if_needed()
    page.evaluate(TIMES)

    def answer():
        page.wait_for_timeout(50)
        return page.locator(".answer[aria-busy=false]").inner_text()

    for digit in (0, 1, 7):
        page.get_by_role("button", name="Clear").click()
        assert answer() == "No ink yet."
        draw(page, ".ink", STROKES[digit])
        assert answer() == f"The network reads: {digit}"
        shot(f"canvas_{digit}")
    page.locator(".ink").focus()
    for key in ["Delete", *["ArrowUp"] * 9, " ", *["ArrowDown"] * 18, " "]:
        page.keyboard.press(key)
    assert answer() == "The network reads: 1"
    shot("canvas_keyboard")
    assert page.evaluate(FOCUSED)[0] == "ink", "JupyterLab took the keys"
    page.keyboard.press("Delete")
    assert answer() == "No ink yet."
    times = page.evaluate("window.times")
    assert len(times) >= 8 and statistics.median(times) < 100 * max(1, yardstick.measure()), times
    assert not faults(page, committed)
    (shown,) = page.evaluate(CELLS)[0]["outputs"]
    assert "image/png" in shown["data"], "nothing stands for the canvas where it is only read"

    page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    draw(page, ".ink", STROKES[1])
    page.get_by_text("Python is busy or was restarted").wait_for()


KNOBS = """
import coursekit as ck

ck.setup("en")


def line(height, kind):
    alt = f"a {kind} line up to {height:g}"
    ck.plots.curves(None, {kind: [0, height]}, xlabel="x", ylabel="y", ylim=(0, 3), alt=alt)
    if height == 1.5:
        1 / 0


kinds = ["plain", "fancy and rather long"]
ck.widgets.knobs(line, height=("height", [1, 1.5, 2, 3], 2), kind=("its kind", kinds, "plain"))
"""


@pytest.mark.parametrize("lab", ["en"], indirect=True)
def test_a_figure_follows_its_knobs(lab, course, page, opened, shot):
    committed = notebook_of(PROGRAM(KNOBS, outputs=[FIGURE]), PROGRAM("print(1)"))
    committed.cells[1].outputs = printed("1\n")
    nbformat.write(committed, course / "knobs.ipynb")
    opened("knobs.ipynb")
    run(page)
    height, kind = page.get_by_role("slider").all()
    page.get_by_alt_text("a plain line up to 2").wait_for()
    assert not faults(page, committed)
    shot("knobs_1")
    before = page.evaluate(PICTURE)
    height.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_alt_text("a plain line up to 3").wait_for()
    assert page.evaluate(PICTURE) != before, "another sentence for the same picture"
    kind.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_alt_text("a fancy and rather long line up to 3").wait_for()
    shot("knobs_2")
    assert not faults(page, committed)
    height.focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    page.get_by_text("ZeroDivisionError: division by zero").wait_for()
    box = height.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 300, box["y"], steps=5)
    page.mouse.up()
    page.get_by_alt_text("a fancy and rather long line up to 1").wait_for()
    shot("knobs_3")
    (shown,) = page.evaluate(CELLS)[0]["outputs"]
    assert "image/png" in shown["data"], "nothing stands for the knobs where they are only read"


PICTURE = "document.querySelector('.jp-OutputArea-output img').src"


def printed(text):
    return [nbformat.v4.new_output("stream", text=text)]


PROSE, PROGRAM = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
SHOW = "from IPython.display import HTML, clear_output, display\n"
FIGURE = nbformat.v4.new_output("display_data")
WIDE = "wide" * 100
FAULTY = [
    ("formula", PROSE(r"One that is right, $a$, one that is not, $\frac{1}$.")),
    ("cut off", PROSE(f"| table |\n| --- |\n| $\\text{{{WIDE}}}$ |")),
    ("cut off", PROGRAM(f"{SHOW}display(HTML('<nobr>' + 'wide' * 100))")),
    ("no alt", PROGRAM("import pylab\npylab.plot([1])\npylab.show()", outputs=[FIGURE])),
    ("no alt", PROGRAM(f"{SHOW}display(HTML('<svg></svg>'))")),
    ("bar stays", PROGRAM(f"{SHOW}display(HTML('<progress value=1 max=2></progress>'))")),
    ("output", PROGRAM(f"{SHOW}print('one')\nclear_output()", outputs=printed("one\n"))),
    ("output", PROGRAM("print('one')", outputs=[*printed("one\n"), FIGURE])),
    ("error", PROGRAM("1 / 0")),
    ("not executed", PROGRAM("print('one')", outputs=printed("one\n"))),
]


@pytest.mark.parametrize("lab", ["en"], indirect=True)
def test_each_fault_is_found(lab, course, page, opened, shot):
    """Else the tests above could pass because they look at nothing."""
    committed = notebook_of(*(cell for _, cell in FAULTY))
    nbformat.write(committed, course / "faulty.ipynb")
    opened("faulty.ipynb")
    run(page)
    found = faults(page, committed)
    shot("faulty")
    kinds = sorted(line.split(":")[0] for line in found)
    assert kinds == sorted(kind for kind, _ in FAULTY), "\n".join(found)
