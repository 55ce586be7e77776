"""What the tests of the lessons' exercises share."""

from tools.notebooks import in_language
from tools.source import read


def checks_of(source, exercises):
    """Return the cells of a lesson's checks and, in English, what stands in and after an exercise.

    Args:
        source: path of the lesson's source.
        exercises: iterable of names, each of which stands in the cell of one check.

    Returns:
        `cells, codes, empty`: the list of cells; the code of each exercise's check; what stands
        in each exercise before a learner has written anything, in a list of one.
    """
    code = [cell for cell in read(source).cells if cell.cell_type == "code"]
    places = [i for i, cell in enumerate(code) if "check" in cell.metadata.get("tags", [])]
    found = {name: i for name in exercises for i in places if name in code[i].source}
    codes = {name: in_language(code[i].source, "en") for name, i in found.items()}
    empty = {name: [in_language(code[i - 1].source, "en")] for name, i in found.items()}
    return [code[i] for i in places], codes, empty
