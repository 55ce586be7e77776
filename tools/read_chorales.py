"""Reads the melodies of Bach's chorales out of MusicXML: pitches and lengths of the soprano."""

import io
import zipfile
from itertools import pairwise
from xml.etree import ElementTree

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHORTEST, LONGEST = 24, 120  # notes: what is shorter is no melody, what is longer is no chorale
SAME = 10  # steps in a row that make two melodies one tune


def lines(files):
    """Return the bytes of a text, a melody a line: name, sharps, and pitch:length for each note.

    Args:
        files: dict, name -> bytes of a compressed MusicXML file.
    """
    kept, known = [], set()
    for name, content in files.items():
        sharps, notes = soprano(content)
        if notes is None or not SHORTEST <= len(notes) <= LONGEST:
            continue
        steps = [later[0] - note[0] for note, later in pairwise(notes)]
        runs = {tuple(steps[i : i + SAME]) for i in range(len(steps) - SAME + 1)}
        if not runs & known:
            listed = " ".join(f"{pitch}:{length}" for pitch, length in notes)
            kept.append(f"{name} {sharps} {listed}")
        known |= runs
    return "\n".join(kept).encode("ascii")


def soprano(content):
    """Return the sharps of the key signature and the notes of the soprano, `(pitch, length)`.

    Lengths are in sixteenths; a rest lengthens the note before it. In place of the notes there is
    None where no part is called Soprano, or where a length is no whole number.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        inside = next(node for node in container.iter() if node.tag.endswith("rootfile"))
        root = ElementTree.fromstring(archive.read(inside.get("full-path")))
    fifths = root.findtext(".//key/fifths", "0")
    names = {part.get("id"): part.findtext("part-name", "") for part in root.iter("score-part")}
    parts = [part for part in root.iter("part") if names[part.get("id")].startswith("Soprano")]
    notes, divisions = [], 1
    for node in (node for part in parts[:1] for measure in part for node in measure):
        divisions = int(node.findtext("divisions", divisions))
        if node.tag != "note" or node.find("grace") is not None or node.find("chord") is not None:
            continue
        pitch, tied = _pitch(node), any(tie.get("type") == "stop" for tie in node.iter("tie"))
        length, broken = divmod(4 * int(node.findtext("duration")), divisions)
        if broken:
            return int(fifths), None
        if notes and (pitch is None or tied):
            notes[-1] = (notes[-1][0], notes[-1][1] + length)
        elif pitch is not None:
            notes.append((pitch, length))
    return int(fifths), notes or None


def _pitch(note):
    """Return a note's pitch in semitones, 60 for middle C; None for a rest."""
    pitch = note.find("pitch")
    if pitch is None:
        return None
    alter = round(float(pitch.findtext("alter", "0")))
    return 12 * (int(pitch.findtext("octave")) + 1) + STEPS[pitch.findtext("step")] + alter
