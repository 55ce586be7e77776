"""The form of a source: what keeps the two languages, and a bound's two places, together."""

import pytest

from tools import notebooks, source
from tools.project import Project
from tools.source import LessonError

HEADER = """\
# ---
# jupyter:
#   coursekit:
#     title: {es: Prueba, en: Trial}
#     limits: {seconds: 60, cell_seconds: 30, memory_mb: 1000}
#     data: []
#     needs: []
# ---

"""
TITLE = """\
# %% [markdown] lang="es"
# # [[title]]
# Hay 60 000 con $x_i = 1$ y `mnist`.

# %% [markdown] lang="en"
# # [[title]]
# There are 60,000 with $x_i = 1$ and `mnist`.

"""
CLAIM = '# %%\nck.claim(_("uno", "one"), x, at_least=0.95)\n\n'


@pytest.fixture
def read(project):
    def read(cells, header=HEADER, name="01_trial"):
        path = project.notebooks / "source" / f"{name}.py"
        path.write_text(header + cells, encoding="utf-8")
        return source.read(path)

    return read


@pytest.fixture
def written(project, read):
    """Return a function that gives the sources of a notebook's cells after the first two."""

    def written(cells, language):
        read(TITLE + cells)
        fresh = Project(project.root)
        (lesson,) = fresh.lessons
        return [cell.source for cell in notebooks.make(fresh, lesson, language).cells][2:]

    return written


def pair(spanish, english):
    return f'# %% [markdown] lang="es"\n{spanish}\n\n# %% [markdown] lang="en"\n{english}\n\n'


def test_each_notebook_has_its_own_words_as_plain_literals(written):
    cells = '# %%\n# es: una nota\n# en: a note\nprint(_("¡año!", "year"), _(f"{x} y", f"{x} z"))\n'
    assert written(cells, "es") == ['# una nota\nprint("¡año!", f"{x} y")']
    assert written(cells, "en") == ['# a note\nprint("year", f"{x} z")']


def test_texts_that_stand_side_by_side_stay_one_text(written):
    cells = '# %%\nalt = _(\n    "uno "\n    "dos",\n    "one "\n    "two",\n)\n'
    (english,) = written(cells, "en")
    assert eval(english.removeprefix("alt = ")) == "one two"


def test_code_is_formatted_anew_for_each_language(written):
    cells = f'# %%\nplot(\n    _("{"a" * 60}", "b"),\n    c,\n)\nshow(_("{"d" * 95}", "e"))\n'
    assert written(cells, "en") == ['plot("b", c)\nshow("e")']


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
        (pair("# la [[mlp]]", "# the [[cnn]]"), "gaps"),
        (pair("# hay 10", "# there are 11"), "numbers"),
        (pair("# hay 1\n# + 1", "# there are 1 + 1"), "'\\+' begins a line"),
        (pair("# vale 0,\n# 1. Así", "# it is 0, 1. So"), "'1.' begins a line"),
        (pair("# vale $1\n# - x$", "# it is $1 - x$"), "'-' begins a line of a formula"),
        (pair("# [a](uno)", "# [a](one)"), "links"),
        (pair("# | a |\n# | - |", "# | a |"), "rows of tables"),
        ('# %% lang="es"\nx = 1\n\n# %% lang="en"\nx = 1\n', "code is shared by both"),
        ("# %%\nx = 1  # una nota\n", "comment"),
        ("# %%\n# es: una nota\nx = 1\n", "lacks its half"),
        ('# %%\nprint("dos palabras")\n', "one language"),
        ('# %%\nprint(f"dos palabras {x}")\n', "one language"),
        ('# %%\nprint(_("uno"))\n', "two texts"),
        ('# %%\nprint(_("uno", x))\n', "two texts"),
        ("# %%\nprint(f\"{_('uno', 'one')}\")\n", "inside an f-string"),
        ("# %%\nx = = 1\n", "no Python"),
        ('# %% tags=["solutoin"]\nx = 1\n', "'solutoin' is none of"),
    ],
)
def test_a_drift_is_a_sentence_that_names_the_cell(cells, fault, read):
    with pytest.raises(LessonError, match=fault) as error:
        read(cells)
    assert "01_trial.py, cell " in str(error.value)


def test_all_faults_are_told_at_once(read):
    with pytest.raises(LessonError) as error:
        read(pair("# hay 10", "# there are 11") + "# %%\nx = 1  # nota\n")
    assert len(str(error.value).split("\n")) == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("seconds: 60, ", "", "limits needs cell_seconds, memory_mb, seconds"),
        ("title: {es: Prueba, en: Trial}", "title: Prueba", "title needs en, es"),
        ("data: []", "data: mnist.npz", "data must be a list"),
        ("data: []", "data: []\n#     budget: 3", "budget is none of"),
    ],
)
def test_a_header_must_declare_the_lesson(old, new, fault, read):
    with pytest.raises(LessonError, match=fault):
        read(TITLE, HEADER.replace(old, new))


def test_a_bound_is_written_once(read, written):
    prose = pair("# Supera 0.95.", "# It is above 0.95.")
    with pytest.raises(LessonError, match=r"0.95 is the bound .* write \[\[bound: one\]\]"):
        read(TITLE + CLAIM + prose)
    gaps = pair(
        "# Supera [[bound: one]], [[bound: one, %]].", "# [[bound: one]], [[bound: one, %]]."
    )
    assert written(CLAIM + gaps, "es")[1] == "Supera 0.95, 95\u00a0%."
    assert written(CLAIM + gaps, "en")[1] == "0.95, 95%."
    assert written(CLAIM.replace("0.95", "12_000") + gaps, "en")[1].startswith("12\u202f000, ")


@pytest.mark.parametrize("gap", ["bound: two", "at_most: one", "nothing", "bound:one"])
def test_a_gap_that_names_nothing(gap, written):
    with pytest.raises(LessonError, match=r"names no bound|is none of title"):
        written(CLAIM + pair(f"# [[{gap}]]", f"# [[{gap}]]"), "es")


def test_a_misspelt_bound_names_those_that_come_near(written):
    with pytest.raises(LessonError, match="the claims have the English names 'one'"):
        written(CLAIM + pair("# [[bound: onee]]", "# [[bound: onee]]"), "es")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (pair("# La desviación\n# típica.", "# The deviation."), "'desviación estándar', not"),
        ('# %%\nx = _("un brochazo", "a stroke")\n', "'pincelada', not 'brochazo'"),
        (pair("# Un truco.", "# The sampling trick."), "'reparameterization trick', not"),
    ],
)
def test_a_word_that_the_glossary_does_not_use(cells, fault, project, read):
    read(TITLE + cells)
    with pytest.raises(LessonError, match=fault):
        _ = Project(project.root).lessons


def test_a_lesson_is_named_by_its_id(project, read, written):
    text = TITLE.replace("Hay", "La [[trial]] y").replace("There", "In [[trial]] there")
    read(text, HEADER.replace("needs: []", "needs: [trial]"), name="02_more")
    fresh = Project(project.root)
    spanish, english = (notebooks.make(fresh, fresh.lessons[1], to).cells[0] for to in ("es", "en"))
    assert "La [lección 1, *Prueba*](01_trial.ipynb) y" in spanish.source
    assert "In [lesson 1, *Trial*](01_trial.ipynb) there" in english.source
    assert english.source.startswith("# 2 · Trial")


def test_what_a_lesson_needs_comes_before_it(project, read):
    read(TITLE, HEADER.replace("needs: []", "needs: [more]"))
    with pytest.raises(LessonError, match=r"01_trial: needs 'more'"):
        _ = Project(project.root).lessons


@pytest.mark.parametrize(("seconds", "words"), [(60, "1 and 3 minutes"), (20, "20 seconds and 1")])
def test_the_time_that_a_reader_is_told(seconds, words):
    assert words in notebooks.run_time(seconds, "en")


def test_what_may_differ(read):
    read(pair("# 60 000 y 1000 en $x = \\text{uno}$", "# 1000 and 60,000 in $x = \\text{one}$"))


def test_checks_and_solutions_are_folded_and_say_no_more_than_that(project, read):
    read(TITLE + pair("# ### Paso", "# ### Step") + '# %% tags=["solution"]\nx = 1\n')
    fresh = Project(project.root)
    title, _, step, solution = notebooks.make(fresh, fresh.lessons[0], "es").cells
    assert title.metadata.slideshow.slide_type == "slide"
    assert step.metadata.slideshow.slide_type == "subslide"
    assert solution.metadata.jupyter.source_hidden and solution.metadata.cellView == "form"
    assert solution.source == "# @title Solución\nx = 1"


def test_ids_last(project, edit):
    fresh = Project(project.root)
    first = notebooks.make(fresh, fresh.lessons[0], "es")
    name = "notebooks/source/01_trial.py"
    fresh = edit(name, "# %%\nimport", "# %%\nx = 1\n\n# %%\nimport")
    second = notebooks.make(fresh, fresh.lessons[0], "es", first)
    english = notebooks.make(fresh, fresh.lessons[0], "en", first)
    ids = [cell.id for cell in second.cells]
    assert [*ids[:2], *ids[3:]] == [cell.id for cell in first.cells], "one came between them"
    assert ids == [cell.id for cell in english.cells]
    fresh = edit(name, "Hay 60 000", "Ahora hay 60 000")
    third = notebooks.make(fresh, fresh.lessons[0], "es", second)
    assert [cell.id for cell in third.cells] == ids, "an edited cell stays itself"


def test_without_an_address_the_first_cell_installs_the_wheel(project):
    for language, words in (("es", "Copia keras_course"), ("en", "Copy keras_course")):
        notebook = notebooks.make(project, project.lessons[0], language)
        first, install = notebook.cells[:2]
        assert "http" not in first.source and install.metadata.jupyter.source_hidden
        assert words in install.source and '%pip install -q "{wheels[0]}"' in install.source


def test_an_address_brings_badges_and_an_installing_cell(edit):
    fresh = edit("pyproject.toml", 'address = ""', 'address = "https://github.com/owner/course"')
    for language in ("es", "en"):
        notebook = notebooks.make(fresh, fresh.lessons[0], language)
        first, install, *_ = (cell.source for cell in notebook.cells)
        path = f"notebooks/{language}/01_trial.ipynb"
        assert f"github/owner/course/blob/main/{path}" in first, "Colab"
        assert f"gh/owner/course/main?urlpath=lab/tree/{path}" in first, "Binder"
        assert "%pip install -q git+https://github.com/owner/course" in install


def test_a_lesson_with_an_extra_installs_that_too(project, edit):
    name = "notebooks/source/01_trial.py"
    assert "version" not in notebooks.make(project, project.lessons[0], "en").cells[1].source
    fresh = edit(name, "needs: []", "needs: []\n#     extra: service")
    code = notebooks.make(fresh, fresh.lessons[0], "en").cells[1].source
    assert "'onnxruntime'" in code and "{wheels[0]}[service]" in code and "-e .[service]" in code
    fresh = edit(name, "extra: service", "extra: servic")
    with pytest.raises(LessonError, match="no extra 'servic'"):
        fresh.lessons  # noqa: B018 - read on first use


def test_a_lesson_by_its_number(project, read):
    read(TITLE, name="11_other")
    fresh = Project(project.root)
    for number, wanted in (("1", "01_trial"), ("01", "01_trial"), ("11", "11_other")):
        assert [lesson.name for lesson in fresh.find(number)] == [wanted]


@pytest.mark.parametrize("number", ["99", "0", "three", "../03"])
def test_an_unknown_lesson_names_the_known_ones(number, project):
    with pytest.raises(LessonError, match=r"LESSON is one of 01"):
        project.find(number)
