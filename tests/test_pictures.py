"""Pictures: a learner's own, read and kept, and what is no picture."""

import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from coursekit import data, pictures, words


def gradient(mode):
    ramp = np.tile(np.linspace(0, 255, 40, dtype="uint8"), (30, 1))
    return Image.fromarray(ramp).convert(mode)


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        ("RGB", "jpg"), ("L", "jpg"), ("CMYK", "jpg"), ("RGB", "png"), ("L", "png"), ("1", "png"),
        ("P", "png"), ("RGBA", "png"), ("LA", "png"), ("RGB", "webp"), ("RGB", "bmp"),
    ],
)  # fmt: skip
def test_any_mode_becomes_rgb(mode, suffix, tmp_path):
    path = tmp_path / f"picture.{suffix}"
    gradient(mode).save(path)
    picture = pictures.read(path)
    assert picture.shape == (30, 40, 3) and picture.dtype == np.float32
    assert picture[:, 0].max() < 0.1 and picture[:, -1].min() > 0.9


@pytest.mark.parametrize(("kind", "white"), [("uint8", 255), ("uint16", 65535)])
def test_each_grey_is_kept(kind, white, tmp_path):
    path = tmp_path / "ramp.png"
    ramp = np.linspace(0, white, 1200).reshape(30, 40).astype(kind)
    Image.fromarray(ramp).save(path)
    picture = pictures.read(path)
    assert picture.dtype == np.float32
    assert np.array_equal(picture, np.repeat((ramp / np.float32(white))[..., None], 3, axis=2))


def test_transparent_becomes_white(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(path)
    assert pictures.read(path).min() == 1


def test_a_photo_taken_sideways_is_turned_upright(tmp_path):
    image = gradient("RGB")
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    picture = pictures.read(tmp_path / "turned.jpg")
    assert picture.shape == (40, 30, 3) and picture[0].mean() < 0.1 < 0.9 < picture[-1].mean()


def test_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "two.gif", save_all=True, append_images=frames[1:])
    assert np.allclose(pictures.read(tmp_path / "two.gif")[0, 0], [1, 0, 0], atol=0.02)


def bad_truncated(folder):
    whole = folder / "whole.jpg"
    gradient("RGB").resize((400, 300)).save(whole)
    (folder / "bad").write_bytes(whole.read_bytes()[:2000])


def bad_text(folder):
    (folder / "bad").write_text("this is no picture")


def bad_empty(folder):
    (folder / "bad").write_bytes(b"")


def bad_tiny(folder):
    Image.new("RGB", (1, 1)).save(folder / "bad", "PNG")


def bad_bomb(folder):
    """A small file that claims 100,000 × 100,000 pixels."""

    def chunk(kind, content):
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    size = (100_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + bytes([8, 2, 0, 0, 0]))
    body = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    (folder / "bad").write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)


def bad_large(folder):
    Image.new("1", (8000, 8000)).save(folder / "bad", "PNG")


def bad_folder(folder):
    (folder / "bad").mkdir()


def bad_nothing(folder):
    """Leave no file at all."""


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (bad_truncated, ValueError),
        (bad_text, ValueError),
        (bad_empty, ValueError),
        (bad_tiny, ValueError),
        (bad_bomb, ValueError),
        (bad_large, ValueError),
        (bad_folder, IsADirectoryError),
        (bad_nothing, FileNotFoundError),
    ],
)
def test_what_is_no_picture_gets_one_sentence(spoil, kind, tmp_path, language, recwarn):
    spoil(tmp_path)
    path = tmp_path / "bad"
    with pytest.raises(kind) as error:
        pictures.read(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert not recwarn.list


def test_the_least_side(tmp_path, language):
    path = tmp_path / "small.png"
    for size in ((8, 9), (9, 8)):
        Image.new("RGB", size).save(path)
        assert pictures.read(path).shape == (*size[::-1], 3)
    for size in ((7, 9), (9, 7)):
        Image.new("RGB", size).save(path)
        with pytest.raises(ValueError) as error:
            pictures.read(path)
        columns, rows = size
        known = {"path": path, "rows": rows, "columns": columns, "least": 8}
        assert str(error.value) == words.say("tiny_picture", **known)


def test_the_largest_picture(tmp_path, monkeypatch):
    def taken(image):
        raise KeyError("to the end it would fill 600 MB")

    monkeypatch.setattr(ImageOps, "exif_transpose", taken)
    path = tmp_path / "wide.png"
    Image.new("1", (10_000_000, 5)).save(path)
    with pytest.raises(KeyError):
        pictures.read(path)
    Image.new("1", (16_666_667, 3)).save(path)  # one pixel more
    with pytest.raises(ValueError) as error:
        pictures.read(path)
    assert str(error.value) == words.say("huge_picture", path=path, limit=50)


def test_an_error_calls_a_picture_by_its_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"imagen mine:"):
        pictures.read(tmp_path / "nothing.jpg", "mine")


# Pictures to keep


@pytest.mark.parametrize("suffix", ["png", "jpg", "WEBP"])
def test_a_saved_picture_comes_back(suffix, tmp_path):
    picture = data.photo("rocket")
    path = tmp_path / f"rocket.{suffix}"
    pictures.save(picture, path)
    assert np.abs(pictures.read(path) - picture).mean() < (0.002 if suffix == "png" else 0.03)


def test_saved_pixels_are_rounded_and_clipped(tmp_path):
    greys = np.array([-1, 0, 0.4 / 255, 0.6 / 255, 100 / 255, 254.6 / 255, 1, 1.5])
    picture = np.broadcast_to(greys[:, None, None], (8, 8, 3))
    pictures.save(picture, tmp_path / "greys.png")
    found = np.asarray(Image.open(tmp_path / "greys.png"))
    assert found[:, 0, 0].tolist() == [0, 0, 0, 1, 100, 255, 255, 255]
    assert np.ptp(found, axis=(1, 2)).max() == 0


def test_a_jpeg_is_kept_at_quality_95(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "wanted.jpg", quality=95)
    pictures.save(np.zeros((8, 8, 3)), tmp_path / "found.jpg")
    wanted, found = (Image.open(tmp_path / f"{name}.jpg") for name in ("wanted", "found"))
    assert found.quantization == wanted.quantization


def test_saving_replaces_nothing_without_being_told_to(tmp_path, language):
    path = tmp_path / "kept.png"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match=r"kept\.png.*overwrite=True") as error:
        pictures.save(np.zeros((10, 10, 3)), path)
    assert path.read_bytes() == b"precious" and "\n" not in str(error.value)
    pictures.save(np.zeros((10, 10, 3)), path, overwrite=True)
    assert pictures.read(path).max() == 0


@pytest.mark.parametrize(
    ("shape", "name", "kind", "key"),
    [
        ((10, 10), "a.png", ValueError, "bad_shape"),
        ((10, 10, 4), "a.png", ValueError, "bad_shape"),
        ((3, 3, 10), "a.png", ValueError, "bad_shape"),
        ((10, 10, 3), "a.txt", ValueError, "bad_suffix"),
        ((10, 10, 3), "a", ValueError, "bad_suffix"),
        ((10, 10, 3), "nowhere/a.png", FileNotFoundError, "no_folder"),
    ],
)
def test_what_can_not_be_saved_gets_one_sentence(
    shape, name, kind, key, tmp_path, language, monkeypatch
):
    monkeypatch.setattr(words, "said", set())
    with pytest.raises(kind) as error:
        pictures.save(np.zeros(shape), tmp_path / name)
    assert words.said == {key} and "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


# Digits and letters


def test_a_smaller_picture_holds_means():
    picture = np.arange(24.0).reshape(4, 6)
    smaller = pictures.resize(picture, 2, 3)
    assert smaller.dtype == np.float32
    assert np.allclose(smaller, picture.reshape(2, 2, 3, 2).mean(axis=(1, 3)))


def page(rows, columns, *inks):
    """Return a light page with rectangles of ink: top, left, height, width, darkness."""
    paper = np.full((rows, columns), 0.9)
    for top, left, height, width, darkness in inks:
        paper[top : top + height, left : left + width] -= darkness
    return paper


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        # twice as high as wide: 20 × 10, in the middle
        (page(60, 50, (3, 30, 40, 20, 0.8)), [(4, 9, 20, 10, 255)]),
        # thinner than a pixel: one pixel wide
        (page(150, 9, (20, 7, 100, 1, 0.8)), [(4, 14, 20, 1, 255)]),
        (page(9, 150, (7, 20, 1, 100, 0.8)), [(14, 4, 1, 20, 255)]),
        # what is half as dark is paper, what is darker than that is lighter ink
        (
            page(40, 40, (0, 0, 2, 2, 0.4), (10, 10, 20, 10, 0.8), (10, 20, 20, 10, 0.6)),
            [(4, 5, 20, 10, 255), (4, 15, 20, 10, 191.25)],
        ),
        # with its centre of mass in the middle it would leave the page: it stops at the edge
        (
            page(30, 30, (5, 5, 1, 20, 0.8), (6, 5, 19, 1, 0.8)),
            [(8, 8, 1, 20, 255), (9, 8, 19, 1, 255)],
        ),
        (
            page(30, 30, (24, 5, 1, 20, 0.8), (5, 24, 19, 1, 0.8)),
            [(19, 0, 1, 20, 255), (0, 19, 19, 1, 255)],
        ),
    ],
)
def test_a_photo_becomes_a_digit_of_mnist(picture, wanted):
    found = pictures.like_mnist(picture)
    assert found.shape == (28, 28) and found.dtype == np.float32
    assert np.allclose(found, 0.9 - page(28, 28, *wanted), atol=1e-3)


def test_an_empty_page_has_no_digit():
    assert not pictures.like_mnist(page(20, 20)).any()


def test_letters_are_centred_like_digits():
    letters = pictures.letters()
    assert letters.shape == (6 * 4 * 15, 28, 28) and letters.dtype == np.float32
    assert letters.min() == 0 and 0.9 < letters.max() <= 1
    places = np.indices((28, 28)).reshape(2, -1)
    masses = letters.reshape(360, -1)
    centres = (masses @ places.T) / masses.sum(axis=1, keepdims=True)
    assert np.abs(centres - 13.5).max() <= 0.51
    for letter in letters:
        rows, columns = np.nonzero(letter)
        assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    assert len(np.unique(masses, axis=0)) == 360, "no typeface stands for another"
    # T in each of the four angles of the first typeface: its stem leans from right to left
    stems = [np.polyfit(*np.nonzero(letters[15 * angle + 9][8:] > 0.5), 1)[0] for angle in range(4)]
    assert np.allclose(np.degrees(np.arctan(stems)), [-15, -5, 5, 15], atol=2)
