"""The page that reads digits: its preparation is the lesson's, and it works in a browser."""

import functools
import http.server
import json
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from coursekit import pictures
from tests.test_browser import CHROME, STROKES, draw

WEB = Path(__file__).parent.parent / "service" / "web"

NODE = """
import { likeMnist } from "./digits.js";
let text = "";
for await (const piece of process.stdin) text += piece;
const pages = JSON.parse(text).map((asked) => likeMnist(asked.grey, asked.width, asked.height));
process.stdout.write(JSON.stringify(pages.map((page) => Array.from(page))));
"""


def drawings():
    """Return drawings in greys, of many shapes, sizes and papers, and empty pages."""
    rng = np.random.default_rng(0)
    found = [np.ones((30, 20)), np.zeros((9, 7))]
    for _ in range(40):
        rows, columns = rng.integers(8, 150, 2)
        picture = np.full((rows, columns), rng.uniform(0.6, 1))
        for _ in range(rng.integers(1, 6)):
            top, left = rng.integers(0, rows), rng.integers(0, columns)
            height, width = rng.integers(1, rows + 1), rng.integers(1, columns + 1)
            piece = picture[top : top + height, left : left + width]
            piece[:] = rng.uniform(0, 0.6, piece.shape).round(3)
        found.append(picture)
    return found


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node.js")
def test_the_preparation_is_the_lesson_s_to_the_pixel():
    asked = [
        {"grey": picture.ravel().tolist(), "width": picture.shape[1], "height": picture.shape[0]}
        for picture in drawings()
    ]
    command = ["node", "--input-type=module", "-e", NODE]
    said = subprocess.run(
        command, cwd=WEB, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    for page, picture in zip(json.loads(said.stdout), drawings(), strict=True):
        expected = pictures.like_mnist(picture)
        assert np.abs(np.reshape(page, (28, 28)) - expected).max() < 1e-3


def test_nothing_is_loaded_from_elsewhere():
    for path in [*WEB.glob("*.html"), *WEB.glob("*.css"), WEB / "page.js", WEB / "digits.js"]:
        assert "://" not in path.read_text(encoding="utf-8"), path
    assert "MIT License" in (WEB / "LICENSE.onnxruntime.txt").read_text()
    assert sum(path.stat().st_size for path in WEB.iterdir()) < 4.5e6


@pytest.fixture(scope="module")
def site():
    """The page on a server that knows nothing of it."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=WEB)
    handler.log_message = lambda *line: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROME:
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROME, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(locale="en-GB", has_touch=True)
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(site)
    page.wait_for_function("window.last !== undefined", timeout=60_000)
    yield page
    assert not faults
    assert all(url.startswith((site, "data:", "blob:")) for url in asked)
    context.close()


def settled(page):
    """Return what the page read last, once it has read all of the ink."""
    page.wait_for_timeout(100)
    page.wait_for_selector("#answer[aria-busy=false]", timeout=60_000)
    return page.evaluate("window.last")


GREY = """() => Array.from(document.getElementById("paper").getContext("2d")
    .getImageData(0, 0, 280, 280).data).filter((_, i) => i % 4 === 0)"""


def test_it_reads_drawn_digits_and_prepares_them_as_the_lesson_does(page):
    onnxruntime = pytest.importorskip("onnxruntime")
    network = onnxruntime.InferenceSession(WEB / "digits.onnx")
    (name,) = (entry.name for entry in network.get_inputs())
    for digit, points in STROKES.items():
        page.click("#clear")
        draw(page, "#paper", points)
        last = settled(page)
        grey = np.reshape(page.evaluate(GREY), (280, 280)) / 255
        prepared = pictures.like_mnist(grey)
        assert np.abs(np.reshape(last["page"], (28, 28)) - prepared).max() < 1e-3
        (expected,) = network.run(None, {name: prepared[None, :, :, None]})
        assert np.allclose(last["answers"], expected[0], atol=1e-4)
        assert int(np.argmax(last["answers"])) == digit
        assert str(digit) in page.inner_text("#answer")


def test_a_keyboard_and_a_finger_draw_too(page):
    page.focus("#paper")
    for key in [*["ArrowUp"] * 9, " ", *["ArrowDown"] * 18, " "]:
        page.keyboard.press(key)
    last = settled(page)
    assert int(np.argmax(last["answers"])) == 1
    page.keyboard.press("Delete")
    assert settled(page)["state"] == "empty"
    box = page.locator("#paper").bounding_box()
    page.touchscreen.tap(box["x"] + 100, box["y"] + 100)
    assert settled(page)["state"] == "answer"


def test_it_speaks_both_languages(page):
    assert page.title() == "Draw a digit"
    page.click("[data-language=es]")
    assert page.title() == "Dibuja un dígito"
    assert page.get_attribute("html", "lang") == "es"
    assert page.inner_text("#answer") == "Aún no hay tinta."
