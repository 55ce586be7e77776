"""The pages for instructors: both languages say the same, and what they say is in the lesson."""

import re
import shutil

import pytest

from tools import instructors
from tools.project import HERE
from tools.source import LANGUAGES, LessonError, numbers

FOLDER = HERE.root / "docs" / "instructors"
LESSON = HERE.lessons[0]


def test_each_lesson_has_its_notes():
    assert {path.stem for path in FOLDER.glob("*.toml")} == {lesson.name for lesson in HERE.lessons}


@pytest.mark.parametrize("lesson", HERE.lessons, ids=lambda lesson: lesson.name)
def test_each_number_of_the_notes_stands_in_the_lesson(lesson):
    source = (HERE.notebooks / "source" / f"{lesson.name}.py").read_text(encoding="utf-8")
    notes = instructors.read(FOLDER / f"{lesson.name}.toml", lesson)
    said = [*notes["wrong"], *notes["hour"], notes["break"]]
    texts = [entry[to] for entry in said for to in LANGUAGES]
    texts += [text for entry in notes["question"] for to in LANGUAGES for text in entry[to]]
    for number in numbers(" ".join(texts)):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", source), number


def test_the_notes_use_the_words_of_the_course():
    for lesson in HERE.lessons:
        text = (FOLDER / f"{lesson.name}.toml").read_text(encoding="utf-8")
        for to in LANGUAGES:
            said = " ".join(re.findall(rf"^{to} = (.*)$", text, re.MULTILINE))
            for term in HERE.terms:
                for word in term.get(f"not_{to}", ()):
                    assert not re.search(word, said, re.IGNORECASE), (lesson.name, word)


def test_a_page_says_what_the_lesson_says_of_itself():
    pages = instructors.pages(HERE)
    for to in LANGUAGES:
        page = pages[FOLDER / to / f"{LESSON.name}.md"]
        for section in instructors.sections(LESSON, to):
            assert f"| {section['title']} | {instructors.minutes(section)} |" in page
            for exercise in section["exercises"]:
                assert f"**{exercise.name}.**" in page and exercise.hint in page
        assert f"]({LESSON.name}.md)" in pages[FOLDER / to / "README.md"]


def test_exercises_and_slow_cells_are_found():
    for lesson in HERE.lessons:
        tags = [set(cell.metadata.get("tags", [])) for cell in lesson.cells]
        for to in LANGUAGES:
            found = instructors.sections(lesson, to)
            exercises = [exercise for section in found for exercise in section["exercises"]]
            hints = [exercise.hint for exercise in exercises if exercise.hint]
            assert len(hints) == sum("check" in tag for tag in tags), lesson.name
            folded = [bool(tag & {"check", "solution"}) for tag in tags]
            slow = sum("slow" in tag and not fold for tag, fold in zip(tags, folded, strict=True))
            assert sum(len(section["slow"]) for section in found) == slow, lesson.name


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r'^en = "Before you run.*\n', "", "needs ['en', 'es', 'minutes', 'section']"),
        ("^minutes = 10", "minutes = 9", "60 minutes"),
        ('^section = "Learning the weights"', 'section = "Learning"', "no section 'Learning'"),
        ("los cuatro sigue", "los 4 sigue", "different numbers"),
        (r"(en = .*)`z`, does", r"\1z, does", "different code"),
        (r"^\[break\][\s\S]*", "", "break is missing"),
    ],
)
def test_what_is_wrong_with_notes_is_a_sentence(old, new, fault, tmp_path):
    path = tmp_path / f"{LESSON.name}.toml"
    shutil.copy(FOLDER / path.name, path)
    instructors.read(path, LESSON)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(LessonError, match=re.escape(fault)):
        instructors.read(path, LESSON)
