"""Melodies and sentences of lesson 11: what the data hold, that each sentence has one answer."""

import io
import zipfile
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from coursekit import sequences
from coursekit.sequences import ADJECTIVES, NOUNS, PREPOSITIONS, VERBS, Sentence, Thing
from tools import read_chorales


def place(table, word):
    """Return where a word stands in a table of words."""
    return next(i for i, row in enumerate(table) if word in row)


def thing(noun, adjective=None, many=False, determiner=0):
    adjective = None if adjective is None else place(ADJECTIVES, adjective)
    return Thing(place(NOUNS, noun), many, determiner, adjective)


def say(subject, verb, what, *, past=False, no=False, asked=False, where=None):
    preposition = place(PREPOSITIONS, where[0]) if where else 0
    spot = where[1] if where else None
    return Sentence(subject, place(VERBS, verb), past, no, asked, what, preposition, spot)


@pytest.mark.parametrize(
    ("sentence", "english", "spanish"),
    [
        (say("I", "see", thing("house", "red")), "I see the red house .", "veo la casa roja ."),
        (
            say(thing("cat", "black", many=True), "find", thing("key", "blue", many=True), no=True),
            "the black cats do not find the blue keys .",
            "los gatos negros no encuentran las llaves azules .",
        ),
        (
            say("you", "sell", thing("tree", "happy", many=True, determiner=2), asked=True),
            "do you sell my happy trees ?",
            "¿ vendes mis árboles felices ?",
        ),
        (
            say("she", "carry", thing("flower", "strong", determiner=1), past=True, asked=True),
            "did she carry this strong flower ?",
            "¿ llevó ella esta flor fuerte ?",
        ),
        (
            say(
                thing("queen"),
                "hide",
                thing("clock", "big", many=True, determiner=3),
                past=True,
                no=True,
                where=("under", thing("bridge", "old")),
            ),
            "the queen did not hide your big clocks under the old bridge .",
            "la reina no escondió tus relojes grandes bajo el puente viejo .",
        ),
        (
            say(thing("wolf"), "touch", thing("star", "small"), no=True, asked=True),
            "does the wolf not touch the small star ?",
            "¿ no toca el lobo la estrella pequeña ?",
        ),
        (
            say(thing("frog"), "see", thing("hat", determiner=1, many=True), past=True),
            "the frog saw these hats .",
            "la rana vio estos sombreros .",
        ),
        (
            say("I", "paint", thing("boat", "yellow"), past=True, where=("with", thing("girl"))),
            "I painted the yellow boat with the girl .",
            "pinté el barco amarillo con la niña .",
        ),
    ],
)
def test_sentences_read_as_they_should(sentence, english, spanish):
    assert sentence.english() == english
    assert sentence.spanish() == spanish


def test_each_sentence_has_one_answer_in_both_directions():
    pairs = sequences.sentences(5000, seed=3)
    assert len({english for english, _ in pairs}) == len({spanish for _, spanish in pairs}) == 5000


def test_no_word_of_a_table_says_two_things():
    for rows in (
        [row[1:3] for row in NOUNS],
        [row[3:] for row in NOUNS],
        [row[3:] for row in VERBS],
        [row[:3] for row in VERBS],
        ADJECTIVES,
    ):
        words = Counter(word for row in rows for word in row)
        assert set(words.values()) == {1}, words.most_common(1)


def test_the_tables_are_complete():
    assert {len(row) for row in NOUNS} == {5} and {len(row) for row in VERBS} == {11}
    assert {row[0] for row in NOUNS} == {"m", "f"}
    assert {row[0] for row in NOUNS[: sequences.LIVING]} == {"m", "f"}


def test_there_are_300_words_and_training_shows_them_all():
    train, test = sequences.sentences(8000), sequences.sentences(1000, 1, unseen=True)
    for side in (0, 1):
        seen, asked = ({w for pair in part for w in pair[side].split()} for part in (train, test))
        assert asked <= seen
    words = {(side, word) for pair in train for side in (0, 1) for word in pair[side].split()}
    assert len(words) >= 300


def test_training_never_shows_the_pairs_that_are_kept():
    kept = {
        (noun, adjective)
        for noun in range(len(NOUNS))
        for adjective in range(len(ADJECTIVES))
        if Thing(noun, False, 0, adjective).unseen
    }
    assert 0.1 < len(kept) / (len(NOUNS) * len(ADJECTIVES)) < 0.15
    pairs = {f"{ADJECTIVES[a][1]} {NOUNS[n][3 + many]}" for n, a in kept for many in (0, 1)}
    shown = [
        pairs & {" ".join(two) for english, _ in part for two in pairwise(english.split())}
        for part in (sequences.sentences(3000), sequences.sentences(3000, unseen=True))
    ]
    assert not shown[0]
    assert len(shown[1]) > 100


def test_sentences_are_drawn_again_from_their_seed():
    assert sequences.sentences(50, 5) == sequences.sentences(50, 5) != sequences.sentences(50, 6)


def test_melodies():
    melodies = sequences.melodies()
    assert len(melodies) == 156 and sum(len(notes) for _, _, notes in melodies) == 7670
    assert len({name for name, _, _ in melodies}) == len(melodies)
    for _, sharps, notes in melodies:
        assert -7 <= sharps <= 7 and notes.ndim == 2 and notes.shape[1] == 2
        assert notes[:, 0].min() >= 60 and notes[:, 0].max() <= 81
        assert notes[:, 1].min() >= 1 and len(notes) >= 24


def test_each_tune_stands_once():
    seen = Counter()
    for _, _, notes in sequences.melodies():
        steps = np.diff(notes[:, 0]).tolist()
        same = read_chorales.SAME
        seen.update({tuple(steps[i : i + same]) for i in range(len(steps) - same + 1)})
    assert max(seen.values()) == 1


XML = """<score-partwise><part-list><score-part id="a"><part-name>Horn</part-name></score-part>
<score-part id="b"><part-name>{name}</part-name></score-part></part-list><part id="a"/>
<part id="b"><measure><attributes><divisions>2</divisions><key><fifths>-1</fifths></key>
</attributes>{notes}</measure></part></score-partwise>"""
NOTE = "<note>{what}<duration>{length}</duration>{more}</note>"


def pitch(step, octave, alter=0):
    written = f"<step>{step}</step><alter>{alter}</alter><octave>{octave}</octave>"
    return f"<pitch>{written}</pitch>"


def packed(*notes, name="Soprano", score=XML):
    """Return a compressed MusicXML file of notes `(what, length, more)`."""
    text = "".join(NOTE.format(what=w, length=n, more=more) for w, n, more in notes)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        container = '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("a.xml", score.format(notes=text, name=name))
    return buffer.getvalue()


def test_reading_a_score():
    start, stop = '<tie type="start"/>', '<tie type="stop"/>'
    content = packed(
        ("<rest/>", 4, ""),
        (pitch("C", 4), 2, ""),
        ("<chord/>" + pitch("E", 4), 2, ""),
        ("<grace/>" + pitch("F", 4), 2, ""),
        (pitch("B", 4, -1), 4, start),
        (pitch("B", 4, -1), 1, stop),
        ("<rest/>", 2, ""),
        (pitch("B", 4, -1), 2, ""),
    )
    assert read_chorales.soprano(content) == (-1, [(60, 4), (70, 14), (70, 4)])


def test_a_horn_plays_no_melody():
    content = packed((pitch("C", 4), 2, ""), name="Horn 2")
    assert read_chorales.soprano(content) == (-1, None)


def test_a_length_that_is_no_whole_number():
    content = packed((pitch("C", 4), 2, ""), (pitch("D", 4), 1, ""))
    assert read_chorales.soprano(content) == (-1, [(60, 4), (62, 2)])
    divided = XML.replace("<divisions>2", "<divisions>8")
    assert read_chorales.soprano(packed((pitch("D", 4), 1, ""), score=divided)) == (-1, None)


def test_a_tune_that_returns_in_another_key_is_left_out():
    scale = [pitch(step, 4) for step in "CDEFGABAGFEDCDEFGABAGFEDC"]
    other = [pitch("D", 4), *(pitch("E", 4) for _ in scale[1:])]
    higher = [note.replace("<octave>4", "<octave>5") for note in scale]
    files = {
        name: packed(*((note, 2, "") for note in notes))
        for name, notes in {"a": scale, "b": higher, "c": other, "d": scale[:5]}.items()
    }
    found = read_chorales.lines(files).decode().splitlines()
    assert [line.split()[0] for line in found] == ["a", "c"]
