"""What lesson 11 reads and writes: melodies of Bach's chorales, sentences in two languages.

A `Sentence` is a meaning, without words. `english` and `spanish` put it into words, and a sentence
of one language has a single translation into the other: who knows the tables below knows it all.
"""

from dataclasses import dataclass

import numpy as np

from coursekit import data


def melodies():
    """Return the melodies of Bach's chorales, each tune once.

    Returns:
        list of `(name, sharps, notes)`: the chorale's number in the catalogue of Bach's works, the
        sharps of its key signature (flats are negative), and an int array `(notes, 2)` of pitches
        (in semitones, 60 is middle C) and lengths (in sixteenths, 4 is a quarter note).

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    found = []
    for line in data._bytes("chorales.txt").decode("ascii").splitlines():
        name, sharps, *notes = line.split()
        found.append((name, int(sharps), np.array([note.split(":") for note in notes]).astype(int)))
    return found


# gender, one and many in Spanish, one and many in English: first who can do something, then things
NOUNS = [
    line.split()
    for line in """\
m gato gatos cat cats
m perro perros dog dogs
m niño niños boy boys
m caballo caballos horse horses
m pato patos duck ducks
m oso osos bear bears
m lobo lobos wolf wolves
m rey reyes king kings
f reina reinas queen queens
f niña niñas girl girls
f mujer mujeres woman women
f araña arañas spider spiders
f rana ranas frog frogs
f gallina gallinas hen hens
f vaca vacas cow cows
m libro libros book books
m árbol árboles tree trees
m barco barcos boat boats
m puente puentes bridge bridges
m sombrero sombreros hat hats
m reloj relojes clock clocks
m jardín jardines garden gardens
f casa casas house houses
f mesa mesas table tables
f silla sillas chair chairs
f ventana ventanas window windows
f flor flores flower flowers
f estrella estrellas star stars
f llave llaves key keys
f montaña montañas mountain mountains
f carta cartas letter letters""".splitlines()
]
LIVING = 15  # so many of them can do something

ADJECTIVES = [
    line.split()
    for line in """\
rojo red
blanco white
negro black
amarillo yellow
pequeño small
nuevo new
viejo old
alto tall
extraño strange
bonito pretty
azul blue
verde green
grande big
triste sad
feliz happy
fuerte strong""".splitlines()
]

# English: base, with he, past. Spanish, present and then past: I, you, he, they.
VERBS = [
    line.split()
    for line in """\
see sees saw veo ves ve ven vi viste vio vieron
find finds found encuentro encuentras encuentra encuentran encontré encontraste encontró encontraron
sell sells sold vendo vendes vende venden vendí vendiste vendió vendieron
buy buys bought compro compras compra compran compré compraste compró compraron
draw draws drew dibujo dibujas dibuja dibujan dibujé dibujaste dibujó dibujaron
paint paints painted pinto pintas pinta pintan pinté pintaste pintó pintaron
clean cleans cleaned limpio limpias limpia limpian limpié limpiaste limpió limpiaron
break breaks broke rompo rompes rompe rompen rompí rompiste rompió rompieron
touch touches touched toco tocas toca tocan toqué tocaste tocó tocaron
hide hides hid escondo escondes esconde esconden escondí escondiste escondió escondieron
carry carries carried llevo llevas lleva llevan llevé llevaste llevó llevaron
open opens opened abro abres abre abren abrí abriste abrió abrieron""".splitlines()
]

# English: with one, with many. Spanish: masculine one and many, feminine one and many.
DETERMINERS = [
    ["the", "the", "el", "los", "la", "las"],
    ["this", "these", "este", "estos", "esta", "estas"],
    ["my", "my", "mi", "mis", "mi", "mis"],
    ["your", "your", "tu", "tus", "tu", "tus"],
]
PREPOSITIONS = [["in", "en"], ["with", "con"], ["without", "sin"], ["under", "bajo"]]
PRONOUNS = {"I": "", "you": "", "he": "él", "she": "ella"}  # Spanish verbs say I and you


@dataclass(frozen=True)
class Thing:
    """A noun with its determiner and perhaps an adjective: *these red houses*."""

    noun: int  # a place in NOUNS
    many: bool
    determiner: int  # a place in DETERMINERS
    adjective: int | None  # a place in ADJECTIVES

    def english(self):
        """Return its words: the adjective stands before the noun and never changes."""
        adjective = [] if self.adjective is None else [ADJECTIVES[self.adjective][1]]
        return [
            DETERMINERS[self.determiner][self.many],
            *adjective,
            NOUNS[self.noun][3 + self.many],
        ]

    def spanish(self):
        """Return its words: the adjective stands after the noun; all agree."""
        gender, noun = NOUNS[self.noun][0], NOUNS[self.noun][1 + self.many]
        words = [DETERMINERS[self.determiner][2 + 2 * (gender == "f") + self.many], noun]
        return words if self.adjective is None else [*words, self._agreeing(gender)]

    def _agreeing(self, gender):
        word = ADJECTIVES[self.adjective][0]
        if gender == "f" and word.endswith("o"):
            word = word[:-1] + "a"
        if not self.many:
            return word
        if word.endswith("z"):
            return word[:-1] + "ces"
        return word + ("s" if word[-1] in "aeo" else "es")

    @property
    def unseen(self):
        """Whether training never shows this adjective with this noun: one pair in eight."""
        return self.adjective is not None and (self.noun + self.adjective) % 8 == 0


@dataclass(frozen=True)
class Sentence:
    """What a sentence says: who does what to what, where, when, and whether it is so."""

    subject: str | Thing  # one of PRONOUNS, or somebody
    verb: int  # a place in VERBS
    past: bool
    negative: bool
    question: bool
    object: Thing
    preposition: int  # a place in PREPOSITIONS
    place: Thing | None

    def english(self):
        """Return it in English: *does the black cat not see the red house ?*"""
        base, with_he, past = VERBS[self.verb][:3]
        who = [self.subject] if self.subject in PRONOUNS else self.subject.english()
        third = self._person == 2
        helper = "did" if self.past else "does" if third else "do"
        never = ["not"] * self.negative
        if self.question:
            words = [helper, *who, *never, base]
        elif self.negative:
            words = [*who, helper, *never, base]
        else:
            words = [*who, past if self.past else with_he if third else base]
        return " ".join(words + self._rest("english", 0) + ["?" if self.question else "."])

    def spanish(self):
        """Return it in Spanish: *¿ no ve el gato negro la casa roja ?*"""
        pronoun = self.subject in PRONOUNS
        who = PRONOUNS[self.subject].split() if pronoun else self.subject.spanish()
        verb = ["no"] * self.negative + [VERBS[self.verb][3 + 4 * self.past + self._person]]
        words = ["¿", *verb, *who] if self.question else [*who, *verb]
        return " ".join(words + self._rest("spanish", 1) + ["?" if self.question else "."])

    @property
    def _person(self):
        """0 I, 1 you, 2 he, she, the cat, 3 the cats."""
        alone = {"I": 0, "you": 1, "he": 2, "she": 2}
        return alone[self.subject] if self.subject in alone else 2 + self.subject.many

    def _rest(self, language, side):
        words = getattr(self.object, language)()
        if self.place is None:
            return words
        return [*words, PREPOSITIONS[self.preposition][side], *getattr(self.place, language)()]

    @property
    def unseen(self):
        """Whether it holds a pair of noun and adjective that training never shows."""
        things = (self.subject, self.object, self.place)
        return any(isinstance(thing, Thing) and thing.unseen for thing in things)


def sentences(count, seed=0, unseen=False):
    """Return different sentences as `(English, Spanish)`, words and signs apart by a space.

    Args:
        count: int, how many.
        seed: int, of the draw.
        unseen: bool, whether each holds a pair of noun and adjective that is kept from training;
            if False, none does.
    """
    rng = np.random.default_rng(seed)
    found = {}
    while len(found) < count:
        drawn = _draw(rng)
        if drawn.unseen == unseen:
            found[drawn.english()] = drawn.spanish()
    return list(found.items())


def _draw(rng):
    subject = list(PRONOUNS)[rng.integers(4)]
    if rng.random() < 0.6:
        subject = _draw_thing(rng, 0, LIVING)
    past, negative, question, far = (rng.random(4) < (0.5, 0.25, 0.25, 0.5)).tolist()
    place = _draw_thing(rng, 0, len(NOUNS)) if far else None
    verb, preposition = int(rng.integers(len(VERBS))), int(rng.integers(len(PREPOSITIONS)))
    thing = _draw_thing(rng, LIVING, len(NOUNS))
    return Sentence(subject, verb, past, negative, question, thing, preposition, place)


def _draw_thing(rng, start, end):
    adjective = int(rng.integers(len(ADJECTIVES))) if rng.random() < 0.5 else None
    many, determiner = bool(rng.random() < 0.4), int(rng.integers(len(DETERMINERS)))
    return Thing(int(rng.integers(start, end)), many, determiner, adjective)
