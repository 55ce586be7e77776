"""Decks of slides: what is shown, and in a browser of 1280 × 720, that all of it can be seen."""

import base64
import io
import math
import re

import nbformat
import pytest
from PIL import Image

from tests.test_browser import CHROME, CODE, FORMULA, OPTIONS
from tools import slides
from tools.committed import Edition
from tools.notebooks import GLOSSARY
from tools.project import HERE
from tools.source import LANGUAGES, LessonError

PROSE, PROGRAM = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
FOLDED = {"jupyter": {"source_hidden": True}}


def drawn(alt="a figure"):
    """Return an output that shows a small picture."""
    file = io.BytesIO()
    Image.new("L", (8, 4)).save(file, "png")
    pixel = base64.b64encode(file.getvalue()).decode()
    about = {"image/png": {"alt": alt, "width": 720}}
    return nbformat.v4.new_output("display_data", data={"image/png": pixel}, metadata=about)


def printed(text):
    return nbformat.v4.new_output("stream", text=text)


CELLS = [
    PROSE(f"# 1 · A title\n\nA formula, $a_1 * b_1$.\n\n*{GLOSSARY['en']}*"),
    PROGRAM("install()", metadata=FOLDED),
    PROGRAM("import numpy as np\n\nck.setup('en')", outputs=[]),
    PROSE("## Section\n\nSee [lesson 2](02_mlp.ipynb):\n$$x < 1$$\nand `code`."),
    PROGRAM("kept = 2 < 3\nprint(kept)", outputs=[printed("True <b>")]),
    PROGRAM("names = 'only for the figure'\ndraw(names)", outputs=[drawn()]),
    PROGRAM("learnt = train()\ndraw(learnt)", outputs=[drawn()]),
    PROGRAM("print(learnt)"),
    PROGRAM("answer = ..."),
    PROGRAM("check(answer)", metadata=FOLDED | {"tags": ["check"]}, outputs=[printed("not yet")]),
    PROGRAM("answer = 42", metadata=FOLDED | {"tags": ["solution"]}, outputs=[printed("correct")]),
]


def text_of(html):
    return re.sub(r"<[^>]+>", "", html)


def test_a_class_sees_what_it_reads():
    html = slides.lesson_html(CELLS, "en")
    said = text_of(html)
    assert "kept = 2 &lt; 3" in said and "True &lt;b&gt;" in said and "answer = ..." in said
    assert "train()" in said, "a cell whose results are used below is read"
    for hidden in ("install()", "import numpy", "only for the figure", "glossary"):
        assert hidden not in said
    assert html.count("<img") == 2 and html.count('alt="a figure"') == 2


def test_solutions_stand_on_slides_only_if_asked_for():
    without, shown = (text_of(slides.lesson_html(CELLS, "en", asked)) for asked in (False, True))
    for solution in ("42", "check(answer)", "not yet", "correct"):
        assert solution not in without and solution in shown
    assert "install()" not in shown
    assert slides.lesson_html(CELLS, "en").endswith("<hr>"), "a slide ends with its exercise"


def test_formulas_are_left_to_katex_and_links_lead_to_decks():
    html = slides.lesson_html(CELLS, "en")
    assert '<span class="math inline">a_1 * b_1</span>' in html
    assert re.search(r'<div class="math block">\s*x &lt; 1\s*</div>\s*<p>and', html)
    assert 'href="02_mlp.html"' in html


@pytest.fixture(scope="module")
def written():
    """The text of the first lesson's deck in each language."""
    return {to: slides.deck(Edition(HERE, HERE.lessons[0], to)) for to in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deck_is_one_file_that_names_nothing_else(language, written):
    page = written[language]
    assert f'<html lang="{language}">' in page
    assert not re.search(r"<script[^>]+src|<link", page)
    shown = page.partition("<script>")[0]  # what the programs ask for, the browser tells
    assert "<img" in shown and not re.search(r'src="(?!data:)|url\((?!data:)|@import', shown)


def test_a_notebook_that_was_not_built_is_a_sentence(project):
    with pytest.raises(LessonError, match="01_trial es is not there"):
        slides.slides(project, "", ["es"], [])


# In a browser

LOADED = "document.body.dataset.ready === 'yes'"
# On each slide: what does not lie on it, is smaller than a class can read, or is not shown.
LOOK = """() => {
  const found = [], seen = new Set();
  const said = (part) => `${part.tagName} ${(part.alt || part.textContent).trim().slice(0, 60)}`;
  for (;;) {
    const slide = Reveal.getCurrentSlide();
    if (seen.has(slide)) return { found, slides: seen.size };
    seen.add(slide);
    const note = (kind, part) => found.push(`${kind}: slide ${seen.size}, ${said(part)}`);
    if (!slide.querySelector(".body > *")) note("empty", slide);
    for (const part of slide.querySelectorAll("*")) {
      const box = part.getBoundingClientRect();
      if (!box.width || !box.height || part.closest(".katex-mathml, svg")) continue;
      const inside = box.left > -1 && box.top > -1 && box.right < 1281 && box.bottom < 721;
      if (!inside) note("overflow", part);
      if (part.matches("p, li, td, pre, header > *")) {
        const size = parseFloat(getComputedStyle(part).fontSize) * (part.currentCSSZoom ?? 1);
        if (size < 13) note("small", part);
      }
    }
    slide.querySelectorAll(".katex-error").forEach((part) => note("formula", part));
    for (const part of slide.querySelectorAll("img")) {
      if (!part.naturalWidth) note("picture", part);
      const box = part.getBoundingClientRect(); // nine tenths of its size in the notebook
      if (box.width < 0.88 * part.getAttribute("width") && box.height < 580) note("small", part);
    }
    Reveal.next();
  }
}"""
# All slides as a sheet, at half their size, two in a row.
SHEET = """() => {
  Reveal.destroy();
  document.head.append(Object.assign(document.createElement("style"), { textContent: `
    html, body, .reveal, .slides { position: static !important; width: auto !important;
      height: auto !important; overflow: visible !important; transform: none !important;
      zoom: 1 !important }
    .slides { display: flex !important; flex-wrap: wrap; width: 1290px !important }
    .slides > section { display: contents !important }
    .slides section section { display: block !important; position: relative !important; zoom: .5;
      inset: auto !important; transform: none !important; visibility: visible !important;
      opacity: 1 !important; width: 1280px !important; outline: 2px solid grey }` }));
}"""


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROME:
        pytest.skip("there is no Chromium or Chrome")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROME, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """Return a function that opens a deck and returns what a class would see go wrong on it."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(300_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(f"script: {error}"))

    def faults(text, formulas, spoil="null", sheets=None):
        path = tmp_path / "deck.html"
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_function(LOADED, timeout=300_000)
        page.evaluate(spoil)
        shown = page.evaluate("window.formulas")
        found = [] if shown == formulas else [f"formula: {shown} are shown, not {formulas}"]
        looked = page.evaluate(LOOK)
        page.evaluate(SHEET)
        for part in range(math.ceil(looked["slides"] / 12) if sheets else 0):
            clip = {"x": 0, "y": 2160 * part, "width": 1282, "height": 2160}
            page.screenshot(path=f"{sheets}_{part + 1}.png", full_page=True, clip=clip)
        elsewhere = [url for url in asked if not url.startswith((path.as_uri(), "data:"))]
        return found + looked["found"] + [f"elsewhere: {url}" for url in elsewhere] + errors

    yield faults
    page.close()


def count_formulas(cells):
    prose = [CODE.sub("", cell.source) for cell in cells if cell.cell_type == "markdown"]
    return sum(len(FORMULA.findall(text)) for text in prose)


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", HERE.lessons, ids=lambda lesson: lesson.name)
def test_all_of_a_deck_can_be_seen(lesson, language, show):
    edition = Edition(HERE, lesson, language)
    folder = HERE.root / "runs" / "screenshots" / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    formulas = count_formulas(edition.committed.cells)
    found = show(slides.deck(edition), formulas, sheets=folder / f"{lesson.name}_{language}")
    assert not found, "\n".join(found)


ONE = "## Section\n\nSome words, $a$, of which there are enough for more than one line. "
FAULTY = {
    "overflow": (
        ONE * 5,
        "document.querySelectorAll('.body').forEach(part => part.style.fontSize = '200px')",
    ),
    "small": (ONE, "document.querySelectorAll('p').forEach(part => part.style.fontSize = '8px')"),
    "formula": (ONE + r"One that is wrong: $\frac{1}$.", "null"),
    "elsewhere": (ONE, "new Image().src = 'http://127.0.0.1:9/'"),
}


@pytest.mark.browser
@pytest.mark.parametrize("kind", FAULTY)
def test_each_fault_of_a_deck_is_found(kind, show):
    """Else the test above could pass because it looks at nothing."""
    text, spoil = FAULTY[kind]
    cells = [PROSE("# Title\n\nWords."), PROSE(text)]
    found = show(
        slides.page(slides.lesson_html(cells, "en"), "en", ""), text.count("$") // 2, spoil
    )
    assert found and all(fault.startswith(f"{kind}: ") for fault in found), found


@pytest.mark.browser
def test_a_deck_in_which_nothing_is_wrong(show):
    cells = [PROSE("# Title\n\nWords."), PROSE(ONE)]
    assert show(slides.page(slides.lesson_html(cells, "en"), "en", ""), 1) == []


@pytest.mark.browser
def test_what_is_said_of_an_answer_is_not_on_the_slide_of_the_exercise(show):
    cells = [PROSE("# Title\n\nWords."), PROSE("## Exercise\n\nHow much?"), *CELLS[-3:]]
    cells.append(PROSE("It is 42."))
    page = slides.page(slides.lesson_html(cells, "en"), "en", "")
    count = "document.querySelectorAll('section section').length"
    assert show(page, 0, f"if ({count} !== 3) throw Error({count} + ' slides')") == []
