"""Canvas and knobs: a picture where nobody watches; elsewhere, what the kernel answers."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from coursekit import pictures, plots, widgets, words

SCRIPT = Path(widgets.__file__).with_name("canvas.js").read_text(encoding="utf-8")
EXAMPLE = 1 - np.pad(np.ones((40, 6)), 20)


@pytest.fixture
def notebook(monkeypatch):
    """A notebook in which nothing says that nobody watches."""
    monkeypatch.delenv("COURSEKIT_LIVE", raising=False)
    shell = InteractiveShell.instance()
    shell.kernel = "a kernel"
    yield
    InteractiveShell.clear_instance()


def line(height, kind="thin"):
    print("drawn <again>")
    figures = {"": [0, height]}
    plots.curves(None, figures, xlabel="x", ylabel="y", alt=f"a {kind} 'line' up to {height}")


STILL = {
    "outside a notebook": lambda patch: InteractiveShell.clear_instance(),
    "in a terminal": lambda patch: delattr(InteractiveShell.instance(), "kernel"),
    "while notebooks are built": lambda patch: patch.setenv("COURSEKIT_LIVE", "0"),
    "without the packages": lambda patch: [
        patch.setitem(sys.modules, name, None) for name in ("anywidget", "ipywidgets")
    ],
}


@pytest.mark.parametrize("where", STILL)
def test_a_picture_is_all_that_is_shown(where, language, notebook, monkeypatch):
    shown = []
    monkeypatch.setattr(plots, "display", lambda data, metadata, raw: shown.append(data))
    monkeypatch.setattr(widgets, "display", None)  # calling it would fail
    STILL[where](monkeypatch)
    widgets.draw(lambda page: np.eye(10)[1], EXAMPLE)
    widgets.knobs(line, height=("height", [1, 2, 3], 2), kind=("kind", ["thin", "bold"], "bold"))
    assert all(set(data) == {"image/png", "text/plain"} for data in shown)
    said = [data["text/plain"] for data in shown]
    assert said == [words.say("alt_drawing"), "a bold 'line' up to 2"]


def test_nothing_is_imported_before_it_is_needed():
    code = (
        "import sys, coursekit.widgets\n"
        "print([name for name in ('ipywidgets', 'anywidget', 'keras') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "[]\n", result.stderr


class Canvas:
    """Stands for the canvas of a page: asks, and keeps the answers."""

    model_id = "an id"

    def __init__(self, said):
        self.said, self.answers = said, []

    def on_msg(self, read):
        self.read = read

    def send(self, answer, buffers):
        self.answers.append((answer, np.frombuffer(buffers[0], np.uint8)))

    def ask(self, grey):
        rows = np.asarray(grey, np.uint8)
        self.read(self, {"from": "a page", "rows": len(rows)}, [rows.tobytes()])
        return self.answers[-1]


@pytest.fixture
def canvas(monkeypatch, notebook):
    """Return a function that draws on the canvas of a network."""
    monkeypatch.setattr(widgets, "_toolkit", lambda name: name)
    made = []

    def canvas(toolkit, said):
        made.append(Canvas(said))
        return made[-1]

    monkeypatch.setattr(widgets, "_canvas", canvas)

    def open_canvas(predict):
        with capture_output() as seen:
            widgets.draw(predict, EXAMPLE)
        return made[-1], seen.outputs

    return open_canvas


def test_the_network_gets_what_the_lesson_prepares(canvas):
    given = []

    def predict(page):
        given.append(page)
        return np.arange(10)[None] / 45

    page, _ = canvas(predict)
    grey = np.full((90, 70), 240)
    grey[20:60, 30:37] = 10
    grey[50:57, 10:60] = 60
    answer, seen = page.ask(grey)
    prepared = pictures.like_mnist(grey / 255)
    assert np.array_equal(given[-1], prepared)
    assert np.abs(seen.reshape(28, 28) - prepared).max() <= 0.5
    assert answer == {"to": "a page", "read": pytest.approx(np.arange(10) / 45)}


def test_an_empty_page_is_not_read(canvas):
    page, _ = canvas(lambda page: np.eye(10)[0])
    answer, seen = page.ask(np.full((40, 40), 255))
    assert answer == {"to": "a page", "read": None} and not seen.any()


def test_an_error_of_the_network_is_said(canvas):
    calls = []

    def predict(page):
        calls.append(page)
        return np.eye(10)[0] if len(calls) == 1 else 1 / 0

    page, _ = canvas(predict)
    answer, _ = page.ask(np.eye(30) * 255)
    assert answer == {"to": "a page", "error": "ZeroDivisionError: division by zero"}


def test_a_picture_stands_for_the_canvas_where_it_is_only_read(canvas, language):
    page, (shown,) = canvas(lambda page: np.eye(10)[0])
    assert shown.data[widgets.VIEW]["model_id"] == page.model_id
    assert shown.data["text/plain"] == shown.metadata["image/png"]["alt"]
    assert shown.data["text/plain"] == words.say("alt_drawing")
    assert page.said["clear"] == {"es": "Borrar", "en": "Clear"}[language]


def test_the_page_has_the_words_that_it_says_and_loads_nothing():
    assert set(re.findall(r"\bsaid\.(\w+)", SCRIPT)) == set(widgets.SAID)
    assert "://" not in SCRIPT and not re.search(r"\b(import|fetch|require)\b", SCRIPT)


@pytest.fixture
def box(notebook):
    """Return a function that opens knobs: the sliders, the HTML below them and what is shown."""
    ipywidgets = pytest.importorskip("ipywidgets")

    def open_knobs(draw, **sliders):
        with capture_output() as seen:
            widgets.knobs(draw, **sliders)
        (shown,) = seen.outputs
        name = "IPY_MODEL_" + shown.data[widgets.VIEW]["model_id"]
        return [*ipywidgets.widget_serialization["from_json"](name, None).children, shown]

    return open_knobs


def test_the_figure_follows_the_knobs(box):
    height, kind, figure, shown = box(
        line, height=("height", np.arange(1, 4), 2), kind=("its kind", ["thin", "bold"], "bold")
    )
    assert (height.description, height.value, kind.value) == ("height", 2, "bold")
    assert "alt='a bold &#x27;line&#x27; up to 2'" in figure.value
    assert "<pre>drawn &lt;again&gt;\n</pre>" in figure.value
    before = figure.value
    assert shown.data["text/plain"] == shown.metadata["image/png"]["alt"] == "a bold 'line' up to 2"
    assert shown.data["image/png"] in before
    height.value = 3
    assert "up to 3'" in figure.value and figure.value != before
    kind.index = 0
    assert "a thin &#x27;line&#x27; up to 3'" in figure.value
    height.value, kind.value = 2, "bold"
    assert figure.value == before


def test_a_knob_shows_numbers_as_prose_writes_them(box):
    slider, *_ = box(line, height=("height", np.arange(1, 8) / 10, 0.1))
    assert slider._options_labels == ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7")


def test_an_error_of_the_figure_is_said(box):
    def draw(height):
        line(1 / height)

    height, figure, _ = box(draw, height=("height", [0, 1], 1))
    height.value = 0
    assert figure.value == "<pre>ZeroDivisionError: division by zero\n</pre>"
    height.value = 1
    assert "up to 1.0'" in figure.value


def test_a_knob_starts_at_one_of_its_values():
    with pytest.raises(ValueError, match="4"):
        widgets.knobs(line, height=("height", [1, 2, 3], 4))
