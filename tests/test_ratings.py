"""Files of ratings: each form, each malformed line; and the invented people, as documented."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit import ratings, words

WIDE = ";Ñandú;El mar\nJosé;4,5;\nMaría;;3\n"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a text, or bytes, as a file of ratings."""

    def read(content, **options):
        path = tmp_path / "ratings.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ratings.read(path, **options)

    return read


def triples(found):
    """Return the ratings as a set of `(person, product, stars)`."""
    places = zip(found.person, found.product, found.stars, strict=True)
    return {(found.people[u], found.products[i], float(stars)) for u, i, stars in places}


@pytest.mark.parametrize(
    ("text", "expected", "times"),
    [
        (
            "196\t242\t3\t881250949\n186\t302\t3\t891717742\n",
            {("196", "242", 3), ("186", "302", 3)},
            [881250949, 891717742],
        ),
        (
            "1::1193::5::978300760\r\n1::661::3::978302109",
            {("1", "1193", 5), ("1", "661", 3)},
            [978300760, 978302109],
        ),
        (
            "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
            {("1", "31", 2.5), ("1", "1029", 3)},
            [1260759144, 1260759179],
        ),
        (
            "1::0114508::8::1381006850\n2::0208092::10::1580466617\n",
            {("1", "0114508", 8), ("2", "0208092", 10)},
            [1381006850, 1580466617],
        ),
        ("persona;producto;nota\nAna;Dune;4,5\n", {("Ana", "Dune", 4.5)}, None),
        (
            'Ana,"Dune, part 2",4\nLuis,Emma,5\n',
            {("Ana", "Dune, part 2", 4), ("Luis", "Emma", 5)},
            None,
        ),
        ("7,2,4\n007,2,5\n", {("7", "2", 4), ("007", "2", 5)}, None),
    ],
    ids=["u.data", "ratings.dat", "ratings.csv", "MovieTweetings", "header", "quotes", "zeros"],
)
def test_the_long_form(read, text, expected, times):
    found = read(text)
    assert triples(found) == expected
    assert (found.time is None) if times is None else (found.time.tolist() == times)


@pytest.mark.parametrize(
    "content",
    [
        WIDE,
        "\ufeff" + WIDE,
        WIDE.encode("utf-16"),
        WIDE.encode("utf-16-le"),
        WIDE.encode("utf-16-be"),
        WIDE.encode("cp1252"),
        WIDE.replace("\n", "\r\n").encode("cp1252"),
        WIDE.replace("\n", "\r").encode("mac_roman"),
        WIDE.replace(";", "\t"),
        WIDE.replace(",", ".").replace(";", ","),
        "sep=;\n" + WIDE,
        WIDE + ";;\n\n",
        WIDE.replace("4,5;", "4,5"),  # spreadsheets leave out what is empty at the end
        WIDE.replace("Ñandú", '"Ñandú"').replace("4,5", '"4,5"'),
    ],
    ids=range(14),
)
def test_the_wide_form(read, content):
    found = read(content)
    assert (found.people, found.products) == (["José", "María"], ["Ñandú", "El mar"])
    np.testing.assert_array_equal(found.table(), [[4.5, np.nan], [np.nan, 3]])


def test_a_name_without_ratings_stays(read):
    found = read(";a;b\nAna;1;\nLeo;;\n")
    assert (found.people, found.products) == (["Ana", "Leo"], ["a", "b"])


def test_an_encoding_by_name(read):
    assert read(WIDE.encode("cp850"), encoding="cp850").people == ["José", "María"]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("1\t2\t3\t4\n1\t3\t4\n", 2, "3 cells, expected 4"),
        ("1\t2\t3\t4\n1\t3\t4\t5\t6\n", 2, "5 cells, expected 4"),
        ("1\t2\t3\t4\n1\t3\t\t4\n", 2, "'' is no rating of 3; expected a number from 0 to 10"),
        ("1\t2\t3\n1\t3\t\n", 2, "'' is no rating of 3; expected a number from 0 to 10"),
        ("1\t2\t3\t4\n1\t3\t11\t4\n", 2, "'11' is no rating of 3; expected a number from 0 to 10"),
        ("1\t2\t3\t4\n1\t3\tfour\t4\n", 2, "'four' is no rating of 3"),
        ("1\t2\t3\t4\n1\t3\tnan\t4\n", 2, "'nan' is no rating of 3"),
        ("1\t2\t3\t4\n1\t3\t1.5.2\t4\n", 2, "'1.5.2' is no rating of 3"),
        ("1\t2\t3\t4\n1\t3\t3\t4.5\n", 2, "time is '4.5'; expected a whole number"),
        ("1\t2\t3\t4\n\t3\t3\t4\n", 2, "name of the person or of the product is missing"),
        ("1,2,3\n1,2,4\n", 2, "1 rated 2 on line 1 already"),
        ("userId,movieId,rating\n1,2,3\n1,2,4\n", 3, "1 rated 2 on line 2 already"),
        (";a;b\nx;1;2\ny;1;2;3\n", 3, "4 cells, expected 3"),
        (";a;b\nx;1;2\n;1;2\n", 3, "name of the person or of the product is missing"),
        (";a;b\nx;1;2\n\nx;1;2\n", 4, "x is on line 2 already"),
        (";a;;b\nx;1;2;3\n", 1, "column 3 has no name"),
        (";a;a\nx;1;2\n", 1, "the product a stands twice"),
        (";a;b\nx;1;-\n", 2, "'-' is no rating of b"),
        (";a;b\nx;1;-1\n", 2, "'-1' is no rating of b"),
        (";a;b\nx;1;1e1\n", 2, "'1e1' is no rating of b"),
        (';a;b\nx;1;"2\n', 2, "quotes do not close"),
        (b";a;b\nx\x81;1;2\n", 2, "no text in cp1252"),
    ],
)
def test_a_malformed_line(read, text, line, expected):
    words.use("en")
    try:
        with pytest.raises(ValueError, match=f"^Line {line}: ") as error:
            read(text)
    finally:
        words.use("es")
    assert expected in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("", "no_ratings"),
        ("\n \n", "no_ratings"),
        (";a;b\n", "no_ratings"),
        (b"PK\x03\x04", "ratings_spreadsheet"),
    ],
)
def test_what_holds_no_ratings(read, content, key, tmp_path, language):
    with pytest.raises(ValueError) as error:
        read(content)
    assert str(error.value) == words.say(key, path=tmp_path / "ratings.csv")


def test_a_missing_file_and_an_unknown_encoding(read, tmp_path, language):
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        ratings.read(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="klingon"):
        read("é;a\nx;1\n".encode("cp1252"), encoding="klingon")


def test_another_scale(read):
    assert triples(read("Ana,Dune,85\n", scale=(0, 100))) == {("Ana", "Dune", 85)}
    with pytest.raises(ValueError, match="0"):
        read("Ana,Dune,0\n", scale=(1, 5))


LINES = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.integers(0, 10**9),
        st.sampled_from(["0", "3", "4.5", "10"]),
        st.integers(0, 10**14),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda line: line[:2],
)


@given(LINES, st.sampled_from(["\t", ",", "::"]), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_of_reading_digits_agree(lines, part, end):
    text = end.join(part.join(map(str, line)) for line in lines)
    quick = ratings._read_digits(text.encode(), (0, 10))
    slow = ratings._read_lines(text, (0, 10))
    assert (quick.people, quick.products) == (slow.people, slow.products)
    for column in ("person", "product", "stars", "time"):
        np.testing.assert_array_equal(getattr(quick, column), getattr(slow, column))


@given(LINES, st.data())
def test_the_quick_way_never_takes_a_spoilt_file(lines, data):
    """A character that is put in somewhere is refused, or is read as the careful way reads it."""
    text = "\n".join("\t".join(map(str, line)) for line in lines)
    place = data.draw(st.integers(0, len(text)))
    text = text[:place] + data.draw(st.sampled_from(list("\t\n.,-x 0"))) + text[place:]
    if (quick := ratings._read_digits(text.encode(), (0, 10))) is not None:
        assert triples(quick) == triples(ratings._read_lines(text, (0, 10)))


# Invented people


@pytest.fixture(scope="module", params=[0, 7])
def world(request):
    return ratings.invent(seed=request.param)


def test_the_same_seed_gives_the_same_people():
    one, two, other = (ratings.invent(seed=seed, people=50) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.log.stars, two.log.stars)
    assert len(one.log.stars) != len(other.log.stars) or (one.log.stars != other.log.stars).any()


def test_their_ratings(world):
    log = world.log
    assert set(np.unique(log.stars)) == {1, 2, 3, 4, 5}
    assert 3.3 < log.stars.mean() < 3.9 and 0.9 < log.stars.std() < 1.2
    assert (np.diff(log.time) >= 0).all() and log.time.min() >= 0 and log.time.max() < 360
    pairs = log.person.astype(int) * len(log.products) + log.product
    assert len(np.unique(pairs)) == len(pairs), "nobody rates the same product twice"
    assert (log.time >= world.first_day[log.product]).all(), "nobody rates what is not there yet"


def test_few_products_get_many_ratings(world):
    counts = np.sort(np.bincount(world.log.product, minlength=400))[::-1]
    assert 0.33 < counts[:40].sum() / counts.sum() < 0.5
    people = np.bincount(world.log.person, minlength=1000)
    low, high = np.percentile(people, [10, 90])
    assert high > 5 * low


def test_people_meet_what_they_like(world):
    met = world.expected[world.log.person, world.log.product].mean()
    assert met > world.expected.mean() + 0.2


def test_the_truth_is_the_mean_of_what_they_rate(world):
    rng = np.random.default_rng(0)
    person, product = np.arange(300) % 1000, np.arange(300) % 400
    drawn = [world.rate(person, product, rng) for _ in range(400)]
    np.testing.assert_allclose(np.mean(drawn, axis=0), world.expected[person, product], atol=0.15)


def test_pictures_tell_a_part_of_the_tastes(world):
    """Products of one kind are liked by the same people, but by far not in the same way."""
    liking = world.liking - world.liking.mean(axis=0) - world.liking.mean(axis=1, keepdims=True)
    alike = np.corrcoef(liking.T)
    same = world.kinds[:, None] == world.kinds
    np.fill_diagonal(alike, np.nan)
    assert np.nanmean(alike[same]) > 0.3 > 0.05 > np.nanmean(alike[~same])
    assert np.nanmean(alike[same]) < 0.8


def test_clothes():
    pictures, kinds = ratings.clothes()
    assert pictures.shape == (400, 28, 28) and pictures.min() >= 0 and pictures.max() <= 1
    assert np.bincount(kinds).tolist() == [40] * 10
    assert pictures[:, 0].mean() > 0.8, "the background is white"
