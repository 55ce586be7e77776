"""Makes, checks and runs the notebooks: `python -m tools COMMAND [--lesson 03]`.

build      makes the committed notebooks that are stale again, and refuses bad outputs
check      says which committed notebook or written file is stale; executes nothing
write      writes tables, cards, masks and CI's matrix again; executes nothing
run        executes the sources into fresh notebooks under runs/ and prints what they measured
seeds      executes a lesson with five other seeds and prints the range of each claim
new        writes the source of a new lesson from the template: new 07 production
notebooks  prints the paths of the committed notebooks
yardstick  prints how many seconds a reference second lasts here
wheel      writes the helpers with their data, and a page on them, into dist/ for a class
handout    writes a zip with the notebooks to fill in and the wheel, and one with the solutions
slides     writes a deck of each lesson into slides/; `slides solutions` shows the solutions, too
"""

import argparse
import sys

from tools import commands
from tools.lab import language_of_the_system
from tools.project import HERE
from tools.source import LANGUAGES, LessonError


def main(arguments=None, project=HERE):
    """Carry out a command and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=sorted(commands.COMMANDS))
    parser.add_argument("words", nargs="*", help="for new: a number and an id")
    parser.add_argument("--lesson", default="", help="its number, such as 03; all without it")
    parser.add_argument("--language", choices=[*LANGUAGES, "all", ""], default="")
    given = parser.parse_args((sys.argv[1:] if arguments is None else arguments) or ["--help"])
    try:
        languages = [given.language] if given.language in LANGUAGES else list(LANGUAGES)
        if given.command == "run" and not given.language:
            languages = [language_of_the_system()]
        return commands.COMMANDS[given.command](project, given.lesson, languages, given.words)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
