"""The source format: what keeps the two languages from drifting apart."""

import pytest

import lesson as lessons
from lesson import LessonError

HEADER = """\
# ---
# jupyter:
#   coursekit:
#     seconds: 60
#     cell_seconds: 30
#     memory_mb: 1000
# ---

"""
TITLE = """\
# %% [markdown] lang="es"
# # 1 · Prueba
# Hay 60 000 con $x_i = 1$ y `mnist`.

# %% [markdown] lang="en"
# # 1 · Trial
# There are 60,000 with $x_i = 1$ and `mnist`.

"""


def read(tmp_path, cells, header=HEADER):
    path = tmp_path / "01_trial.py"
    path.write_text(header + cells, encoding="utf-8")
    return lessons.read(path)


def pair(spanish, english, kind=" [markdown]"):
    return f'# %%{kind} lang="es"\n{spanish}\n\n# %%{kind} lang="en"\n{english}\n\n'


def test_two_notebooks_with_the_same_code(tmp_path):
    cells = TITLE + pair('print("uno")', 'print("one")', "") + "# %%\nx = 1\n"
    lesson = read(tmp_path, cells)
    spanish, english = (lessons.notebook(lesson, language) for language in ("es", "en"))
    assert [cell.source for cell in spanish.cells][1:] == ['print("uno")', "x = 1"]
    assert [cell.source for cell in english.cells][1:] == ['print("one")', "x = 1"]
    assert "Prueba" in spanish.cells[0].source and "Trial" in english.cells[0].source
    assert [cell.id for cell in spanish.cells] == [cell.id for cell in english.cells]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (TITLE.split("# %%")[1].join(["# %%", ""]), "English half does not follow"),
        ("# %%" + TITLE.split("# %%")[2], "Spanish half does not stand before it"),
        (TITLE + '# %% [markdown] lang="fr"\n# Bonjour\n', "expected 'es' or 'en'"),
        (TITLE + "# %% [markdown]\n# Hola\n", "prose needs lang"),
        (pair("# # A", "# ## A"), "headings"),
        (pair("# $x = 1$", "# $x = 2$"), "formulas"),
        (pair("# usa `fit`", "# use `fits`"), "code"),
        (pair("# hay 10", "# there are 11"), "numbers"),
        (pair("# hay 1\n# + 1", "# there are 1 + 1"), "'\\+' begins a line"),
        (pair("# vale 0,\n# 1. Así", "# it is 0, 1. So"), "'1.' begins a line"),
        (pair("# [a](uno)", "# [a](one)"), "links"),
        (pair("# | a |\n# | - |", "# | a |"), "rows of tables"),
        (pair("x = 1", "x = 2", ""), "more than strings"),
        (pair('print("uno")', 'print("one", 1)', ""), "more than strings"),
        (pair('f"{x} uno"', 'f"{y} one"', ""), "more than strings"),
        (pair("# uno", "x = 1").replace("# %% [markdown] lang=\"en\"", '# %% lang="en"'),
         "one half is code"),
        (pair("x = 1", "x = 1", "").replace('lang="en"', 'lang="en" tags=["solution"]'),
         "different metadata"),
        ("# %%\nx = 1  # una nota\n", "comment"),
        ('# %%\nprint("dos palabras")\n', "words"),
    ],
)  # fmt: skip
def test_a_drift_is_a_sentence_that_names_the_cell(cells, fault, tmp_path):
    with pytest.raises(LessonError, match=fault) as error:
        read(tmp_path, cells)
    assert "01_trial.py, cell " in str(error.value)


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(LessonError) as error:
        read(tmp_path, pair("# hay 10", "# there are 11") + pair("x = 1", "x = 2", ""))
    assert len(str(error.value).split("\n")) == 2


def test_a_header_without_budget(tmp_path):
    with pytest.raises(LessonError, match="cell_seconds"):
        read(tmp_path, TITLE, header="")


def test_what_may_differ(tmp_path):
    read(
        tmp_path,
        pair("# 60 000 y 1000 en $x = \\text{uno}$", "# 1000 and 60,000 in $x = \\text{one}$")
        + pair('print(f"{x} de {y}")  # nota', 'print(f"{y} of {x}")  # note', ""),
    )


def test_solutions_are_folded_and_slides_are_set(tmp_path):
    cells = TITLE + pair("# ### Paso", "# ### Step") + '# %% tags=["solution"]\nx = 1\n'
    notebook = lessons.notebook(read(tmp_path, cells), "es")
    title, step, solution = notebook.cells
    assert title.metadata.slideshow.slide_type == "slide"
    assert step.metadata.slideshow.slide_type == "subslide"
    assert solution.metadata.jupyter.source_hidden and solution.metadata.cellView == "form"


def test_without_an_address_there_is_no_link_and_one_sentence(tmp_path):
    lesson = read(tmp_path, TITLE)
    for language, words in (("es", "Si Python no encuentra"), ("en", "If Python does not find")):
        first = lessons.notebook(lesson, language).cells[0].source
        assert words in first and "pip install -e ." in first and "http" not in first


def test_an_address_brings_badges_and_an_installing_cell(tmp_path):
    lesson = read(tmp_path, TITLE + "# %%\nx = 1\n")
    for language in ("es", "en"):
        notebook = lessons.notebook(lesson, language, "https://github.com/owner/course")
        first, install, _ = (cell.source for cell in notebook.cells)
        path = f"notebooks/{language}/01_trial.ipynb"
        assert f"github/owner/course/blob/main/{path}" in first, "Colab"
        assert f"gh/owner/course/main?urlpath=lab/tree/{path}" in first, "Binder"
        assert "pip install -e ." not in first
        assert "%pip install -q git+https://github.com/owner/course" in install


@pytest.mark.parametrize("number", ["3", "03"])
def test_a_lesson_by_its_number(number):
    assert [path.name for path in lessons.find(number)] == ["03_cnn_mnist.py"]


@pytest.mark.parametrize("number", ["99", "0", "three", "../03"])
def test_an_unknown_lesson_names_the_known_ones(number):
    with pytest.raises(LessonError, match=r"LESSON is one of .*03"):
        lessons.find(number)
