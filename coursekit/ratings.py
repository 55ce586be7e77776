"""Who rated what: files of ratings, checked line by line; invented people with known tastes."""

import csv
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit import data, words


@dataclass
class Ratings:
    """Ratings as columns of the same length, in the order of the file."""

    people: list  # str, each person's name once
    products: list  # str, each product's name once
    person: np.ndarray  # int32: whose rating it is, a place in `people`
    product: np.ndarray  # int32: of what, a place in `products`
    stars: np.ndarray  # float64
    time: np.ndarray | None  # int64, or None where the file has no times

    def table(self):
        """Return the array `(people, products)` of the ratings, with NaN where there is none."""
        table = np.full((len(self.people), len(self.products)), np.nan)
        table[self.person, self.product] = self.stars
        return table


# Invented people

MONTHS = 12
STEP = 30  # days of a month
TASTE, WINDOW, PICK = 0.66, 1.5, 0.7
TRAITS = 6  # numbers that say what somebody likes


@dataclass
class World:
    """Invented people who rate pictures of clothes, and the truth about them."""

    log: Ratings  # in the order of time; `time` counts days
    pictures: np.ndarray  # (products, 28, 28) in [0, 1]
    kinds: np.ndarray  # (products,), a place in KINDS
    first_day: np.ndarray  # (products,), the day on which each one came into the shop
    liking: np.ndarray  # (people, products): stars before noise and rounding
    noise: float  # standard deviation of what a mood adds to a liking

    @property
    def expected(self):
        """The stars that each person would give to each product, on average: the truth."""
        from scipy.special import ndtr  # a third of a second, which files need not wait

        edges = np.arange(1.5, 5)  # from here on, a liking is rounded to a star more
        return 1 + sum(ndtr((self.liking - edge) / self.noise) for edge in edges)

    def rate(self, person, product, rng):
        """Return the stars, from 1 to 5, that people give when they meet products."""
        mood = rng.normal(0, self.noise, np.shape(person))
        return np.clip(np.rint(self.liking[person, product] + mood), 1, 5)


def invent(seed=0, people=1000):
    """Invent people, their tastes and a year in a shop of 400 products.

    A product's qualities are 6 numbers: what shows in its picture (its kind, how dark and how
    large it is) makes up two thirds of their variance, and what does not show a third. A person's
    tastes are 6 numbers, too. The liking is 3.2 stars, plus a person's generosity, plus a product's
    quality, plus tastes times qualities; stars are the liking and a mood, rounded, from 1 to 5.

    Nobody rates what they have not met, and meeting is no accident: the shop shows some products
    far more often (a twentieth of them gets about a third of the ratings, as in MovieLens), good
    ones a little more often, and people pick what they expect to like. A quarter of the products
    come in during the year, a third of the people, too; some people rate ten times as much as
    others.

    Args:
        seed: int; the same one gives the same people.
        people: int, how many.

    Returns:
        A `World`.
    """
    rng = np.random.default_rng(seed)
    pictures, kinds = clothes()
    count = len(pictures)
    shown = _visible(pictures, kinds)
    shown = _standard(shown @ rng.normal(size=(shown.shape[1], TRAITS)))
    qualities = np.sqrt(2 / 3) * shown + np.sqrt(1 / 3) * rng.normal(size=(count, TRAITS))
    match = rng.normal(size=(people, TRAITS)) @ qualities.T / np.sqrt(TRAITS)
    better = rng.normal(size=count)
    liking = 3.2 + 0.45 * rng.normal(size=(people, 1)) + 0.5 * better + TASTE * match
    shop_window = WINDOW * (0.3 * better + np.sqrt(1 - 0.3**2) * rng.normal(size=count))
    first_month = np.where(rng.random(count) < 0.25, rng.integers(1, MONTHS - 1, count), 0)
    joined = np.where(rng.random(people) < 1 / 3, rng.integers(1, MONTHS - 1, people), 0)
    a_month = np.clip(rng.lognormal(np.log(3), 0.8, people), 1, 20)
    world = World(None, pictures, kinds, STEP * first_month, liking, 0.55)
    met = np.zeros(liking.shape, bool)
    visits = []
    for month in range(MONTHS):
        pull = shop_window + PICK * match + rng.gumbel(size=liking.shape)
        pull[met | (first_month > month)] = -np.inf
        times = np.minimum(rng.poisson(a_month), np.isfinite(pull).sum(axis=1)) * (joined <= month)
        order = np.argsort(-pull, axis=1)  # the largest of them are a draw without replacement
        person, place = np.nonzero(np.arange(count) < times[:, None])
        product = order[person, place]
        met[person, product] = True
        visits.append((STEP * month + rng.integers(0, STEP, len(person)), person, product))
    day, person, product = np.concatenate(visits, axis=1)
    order = np.lexsort((product, person, day))
    day, person, product = (
        day[order],
        person[order].astype(np.int32),
        product[order].astype(np.int32),
    )
    stars = world.rate(person, product, rng)
    names = [str(i) for i in range(people)], [str(i) for i in range(count)]
    world.log = Ratings(*names, person, product, stars, day)
    return world


def _visible(pictures, kinds):
    """Return what shows in pictures as columns: the kind, how dark and how large a product is."""
    ink = 1 - pictures
    dark = ink.sum(axis=(1, 2)) / (ink > 0.1).sum(axis=(1, 2))
    large = (ink > 0.1).mean(axis=(1, 2))
    return np.column_stack(
        [_standard(np.eye(10)[kinds]) / np.sqrt(3), _standard(dark), _standard(large)]
    )


def _standard(columns):
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


def clothes():
    """Return 400 pictures of clothes, 40 of each kind (Fashion-MNIST, Xiao et al., 2017).

    Returns:
        `pictures, kinds`: an array `(400, 28, 28)` with numbers from 0 to 1, and one `(400,)` of
        ints from 0 to 9, places in `KINDS`.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    with np.load(io.BytesIO(data._bytes("clothes.npz")), allow_pickle=False) as arrays:
        return 1 - arrays["pictures"] / np.float32(255), arrays["kinds"]


# Reading a file

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What stands above the first and the third column of a long file.
PERSON = {
    "user",
    "userid",
    "person",
    "name",
    "student",
    "persona",
    "usuario",
    "usuaria",
    "nombre",
    "alumno",
    "alumna",
}
STARS = {
    "rating",
    "stars",
    "score",
    "mark",
    "nota",
    "estrellas",
    "puntuación",
    "puntuacion",
    "valoración",
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
WHOLE = re.compile(r"\d{1,18}", re.ASCII)


def read(path, *, scale=(0, 10), encoding=None):
    """Read a file of ratings; nothing in it is left out.

    Two forms are known. In the long one each line is a rating: person, product, stars and, maybe,
    a time as a whole number; with a line of names above, such as `userId,movieId,rating`, or
    without (MovieLens's `u.data`, `ratings.dat`, `ratings.csv`; MovieTweetings). In the wide one
    the first line has the products, after a first cell that is not read, and each other line a
    person and their stars; an empty cell is a gap, and so is one that a line lacks at its end,
    where spreadsheets leave them out. A comma, a semicolon, a tab or `::` parts the cells; decimals
    have a point or a comma. A line with nothing in any cell is no line.

    Args:
        path: the file.
        scale: the lowest and the highest number that can be a rating.
        encoding: None for UTF-8, or UTF-16 where the bytes say so; else Mac Roman where lines end
            as on old Macs, and Windows-1252. Or a name that Python knows, such as "cp850".

    Returns:
        `Ratings`, people and products in the order in which they first appear.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file holds no ratings, or a line is malformed: its number and what was
            expected there.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(words.say("no_ratings_file", path=path))
    content = path.read_bytes()
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError(words.say("ratings_spreadsheet", path=path))
    # NumPy reads a million lines of digits at once; all else goes line by line.
    found = _read_digits(content, scale) or _read_lines(_decode(content, encoding), scale)
    if not len(found.stars):
        raise ValueError(words.say("no_ratings", path=path))
    return found


def _read_digits(content, scale):
    """Return the `Ratings` of a long file of digits, or None where a line is anything else."""
    head, _, rest = content.partition(b"\n")
    named = _is_header(re.split("::|[,\t]", head.decode("latin-1")))
    content = (rest if named else content).replace(b"::", b"\t").replace(b"\r\n", b"\n")
    content = content.strip(b"\n") + b"\n"
    part = b"\t" if b"\t" in content[:200] else b","
    columns = content.partition(b"\n")[0].count(part) + 1
    if columns not in (3, 4) or content.translate(None, b"0123456789.\n" + part):
        return None
    raw = np.frombuffer(content, np.uint8)  # below "0" there are dots and what ends a cell
    dots = raw == ord(".")
    ends = np.flatnonzero((raw < ord("0")) & ~dots)
    line = np.frombuffer(part * (columns - 1) + b"\n", np.uint8)
    if len(ends) % columns or (raw[ends].reshape(-1, columns) != line).any():
        return None
    starts = np.append(0, ends[:-1] + 1)
    if (starts == ends).any():
        return None
    in_stars = np.searchsorted(ends, np.flatnonzero(dots)) % columns == 2
    padded = (raw[starts] == ord("0")) & (raw[starts + 1] >= ord("0"))  # 007 is not 7
    if not in_stars.all() or padded.any() or dots[starts].any() or dots[ends - 1].any():
        return None
    try:
        with warnings.catch_warnings(action="error"):
            numbers = content.translate(bytes.maketrans(b"\t\n", b",,"))
            numbers = np.fromstring(numbers, sep=",").reshape(-1, columns)
    except (ValueError, Warning):  # a line that says what is wrong with it when read by itself
        return None
    if numbers.max() > 2**53:  # from here on, not every whole number is a float64
        return None
    (people, person), (products, product) = (_names(numbers[:, i].astype("int64")) for i in (0, 1))
    pairs = person.astype(np.int64) * len(products) + product
    pairs.sort()
    stars = numbers[:, 2].copy()
    if stars.min() < scale[0] or stars.max() > scale[1] or (pairs[1:] == pairs[:-1]).any():
        return None
    time = numbers[:, 3].astype(np.int64) if columns == 4 else None
    return Ratings(people, products, person, product, stars, time)


def _names(numbers):
    """Return the names in the order of their first lines and each line's place among them."""
    unique, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return [str(number) for number in unique[order]], rank[place]


def _decode(content, encoding):
    """Return the text of a file that a spreadsheet may have written."""
    if encoding is None:
        encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    if encoding is None and b"\0" in content[:200]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    if encoding is None:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            old_mac = b"\r" in content and b"\n" not in content
            encoding = "mac_roman" if old_mac else "cp1252"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _fault(line, "ratings_encoding", encoding=encoding)
    except LookupError:
        raise ValueError(words.say("unknown_encoding", encoding=encoding)) from None


def _read_lines(text, scale):
    """Return the `Ratings` of a text, or raise the ValueError that names the line."""
    rows = [(line, cells) for line, cells in _rows(text) if any(cells)]
    if not rows:
        return _gathered([], scale)
    head = rows[0][1]
    if _is_header(head) or _is_long(head, scale):
        lines = _long(rows[1:] if _is_header(head) else rows, len(head))
    else:
        lines = _wide(rows)
    return _gathered(lines, scale)


def _rows(text):
    """Yield the number and the cells of each line."""
    first = re.sub(r'"[^"]*"', "", text[:100_000].lstrip().split("\n")[0].split("\r")[0])
    part = max(("::", "\t", ";", ","), key=first.count)
    if found := re.match(r"sep=(.)\r?\n", text):  # Excel's own first line
        part = found[1]
    if part == "::":
        text, part = text.replace("::", "\t"), "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=part, strict=True)
    try:
        for cells in reader:
            if not (reader.line_num == 1 and found):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        _fault(reader.line_num, "ratings_quotes", error=error)


def _is_header(cells):
    """Return whether cells are the names above a long file."""
    names = [cell.strip(' "\r\ufeff').lower().replace("_", "") for cell in cells]
    return len(names) in (3, 4) and names[0].removeprefix("ï»¿") in PERSON and names[2] in STARS


def _is_long(cells, scale):
    """Return whether cells are a rating by themselves: products are not called 4.5."""
    if len(cells) not in (3, 4) or not all(cells) or not NUMBER.fullmatch(cells[2]):
        return False
    whole = len(cells) == 3 or WHOLE.fullmatch(cells[3])
    return bool(whole) and scale[0] <= float(cells[2].replace(",", ".")) <= scale[1]


def _long(rows, columns):
    for line, cells in rows:
        if len(cells) != columns:
            _fault(line, "ratings_cells", found=len(cells), wanted=columns)
        if not cells[0] or not cells[1]:
            _fault(line, "ratings_nameless")
        if columns == 4 and not WHOLE.fullmatch(cells[3]):
            _fault(line, "ratings_time", found=cells[3])
        yield line, *cells[:3], int(cells[3]) if columns == 4 else None


def _wide(rows):
    (top, head), *rest = rows
    while not head[-1]:
        head = head[:-1]
    products, lines = head[1:], {}
    if "" in products:
        _fault(top, "ratings_no_product", column=products.index("") + 2)
    if twice := [name for place, name in enumerate(products) if name in products[:place]]:
        _fault(top, "ratings_same_product", name=twice[0])
    yield from ((top, None, name, "", None) for name in products)
    for line, (name, *cells) in rest:
        if not name:
            _fault(line, "ratings_nameless")
        if lines.setdefault(name, line) != line:
            _fault(line, "ratings_same_person", name=name, first=lines[name])
        if any(cells[len(products) :]):
            _fault(line, "ratings_cells", found=len(cells) + 1, wanted=len(head))
        yield line, name, None, "", None
        yield from (
            (line, name, product, cell, None)
            for product, cell in zip(products, cells, strict=False)
            if cell
        )


def _gathered(lines, scale):
    """Return the `Ratings` of lines `(number, person, product, stars, time)`, all checked."""
    people, products, seen = {}, {}, {}
    person, product, stars, times = [], [], [], []
    for line, who, what, cell, time in lines:
        if who is not None:
            people.setdefault(who, len(people))
        if what is not None:
            products.setdefault(what, len(products))
        if who is None or what is None:  # a name without a rating
            continue
        number = float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else np.nan
        if not scale[0] <= number <= scale[1]:
            _fault(line, "ratings_number", found=cell, low=scale[0], high=scale[1], name=what)
        if (first := seen.setdefault((who, what), line)) != line:
            _fault(line, "ratings_twice", person=who, product=what, first=first)
        person.append(people[who])
        product.append(products[what])
        stars.append(number)
        times.append(time)
    time = np.array(times, np.int64) if times and times[0] is not None else None
    places = np.array(person, np.int32), np.array(product, np.int32)
    return Ratings(list(people), list(products), *places, np.array(stars, float), time)


def _fault(line, key, **values):
    raise ValueError(words.say("ratings_line", line=line, what=words.say(key, **values))) from None
