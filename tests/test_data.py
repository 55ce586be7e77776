"""Data: what the loaders give, and what bad files get."""

import hashlib
import re
import shutil
import zlib

import numpy as np
import pytest
from PIL import Image

from coursekit import data


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A copy of the data that a test may spoil, in a process that has verified nothing."""
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    monkeypatch.setattr(data, "FOLDER", folder)
    monkeypatch.setattr(data, "_verified", set())
    return folder


def test_mnist_is_all_of_mnist():
    x_train, y_train, x_test, y_test = data.mnist()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train.shape == (60000,) and y_test.shape == (10000,)
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    assert np.bincount(y_train).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert hashlib.md5(x_test.tobytes()).hexdigest() == hashlib.md5(data.mnist()[2]).hexdigest()


def test_each_call_gives_arrays_of_its_own():
    changed = data.mnist()[2]
    before = int(changed[0, 14, 14])
    changed[0, 14, 14] = before + 1
    assert data.mnist()[2][0, 14, 14] == before


def test_reviews():
    x_train, y_train, x_test, y_test = data.reviews()
    assert (len(x_train), len(x_test)) == (20000, 5000)
    assert y_train.dtype == y_test.dtype == np.uint8
    labels = np.concatenate([y_train, y_test])
    assert np.bincount(labels).tolist() == [12500, 12500]
    assert all(isinstance(text, str) and len(text) > 20 for text in x_train + x_test)


def test_no_review_stands_on_both_sides():
    x_train, _, x_test, _ = data.reviews()

    def beginning(text):  # a review that was edited and posted again is the same review
        return " ".join(re.findall(r"\w+", text.lower())[:30])

    held_out = {beginning(text) for text in x_test}
    assert len(held_out) == 5000
    assert not held_out & {beginning(text) for text in x_train}


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut", "rocket"])
def test_photos(name):
    photo = data.photo(name)
    assert photo.shape[0] == 256 and photo.shape[2] == 3 and photo.dtype == np.float32
    assert 0 <= photo.min() < 0.1 and 0.8 < photo.max() <= 1


@pytest.mark.parametrize("name", ["night", "windows", "woodcut", "points", "circles"])
def test_styles(name):
    style = data.style(name)
    assert style.shape == (320, 400, 3) and style.dtype == np.float32
    assert 0 <= style.min() < 0.1 and 0.9 < style.max() <= 1


def test_the_sum_is_computed_once_per_process(own_folder, monkeypatch):
    data.mnist()

    def no_second_time(content):
        raise AssertionError("hashed again")

    monkeypatch.setattr(data.hashlib, "sha256", no_second_time)
    data.mnist()


def test_a_missing_file(own_folder, language):
    (own_folder / "mnist.npz").unlink()
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz") as error:
        data.mnist()
    assert "\n" not in str(error.value)


def test_an_altered_file(own_folder, language):
    path = own_folder / "mnist.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"mnist\.npz.*SHA-256"):
        data.mnist()


def test_an_unknown_photo(language):
    with pytest.raises(ValueError, match=r"unicorn\.jpg.*chelsea\.jpg"):
        data.photo("unicorn")


def test_each_file_has_a_card_with_its_sum():
    cards = (data.FOLDER / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in data.FOLDER.iterdir()} - {"README.md"}
    assert files == set(data.FILES)
    for name, sha256 in data.FILES.items():
        assert hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() == sha256
        card = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", cards, re.S | re.M)[1]
        assert sha256 in card
        for part in ("**Origin**", "**Licence**", f"prepare_data.py {name}"):
            assert part in card, (name, part)


# A learner's own pictures


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
    picture = data.picture(path)
    assert picture.shape == (30, 40, 3) and picture.dtype == np.float32
    assert picture[:, 0].max() < 0.1 and picture[:, -1].min() > 0.9


def test_sixteen_bits_keep_their_greys(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.linspace(0, 65535, 1200).reshape(30, 40).astype("uint16")).save(path)
    picture = data.picture(path)
    assert len(np.unique(picture)) > 1000 and np.isclose(picture.max(), 1)


def test_transparent_becomes_white(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(path)
    assert data.picture(path).min() == 1


def test_a_photo_taken_sideways_is_turned_upright(tmp_path):
    image = gradient("RGB")
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    picture = data.picture(tmp_path / "turned.jpg")
    assert picture.shape == (40, 30, 3) and picture[0].mean() < 0.1 < 0.9 < picture[-1].mean()


def test_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "two.gif", save_all=True, append_images=frames[1:])
    assert np.allclose(data.picture(tmp_path / "two.gif")[0, 0], [1, 0, 0], atol=0.02)


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
        data.picture(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert not recwarn.list


# Pictures to keep


@pytest.mark.parametrize("suffix", ["png", "jpg", "WEBP"])
def test_a_saved_picture_comes_back(suffix, tmp_path):
    picture = data.photo("rocket")
    path = tmp_path / f"rocket.{suffix}"
    data.save_picture(picture, path)
    assert np.abs(data.picture(path) - picture).mean() < (0.002 if suffix == "png" else 0.03)


def test_saving_replaces_nothing_without_being_told_to(tmp_path, language):
    path = tmp_path / "kept.png"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match=r"kept\.png.*overwrite=True") as error:
        data.save_picture(np.zeros((10, 10, 3)), path)
    assert path.read_bytes() == b"precious" and "\n" not in str(error.value)
    data.save_picture(np.zeros((10, 10, 3)), path, overwrite=True)
    assert data.picture(path).max() == 0


@pytest.mark.parametrize(
    ("shape", "name", "kind"),
    [
        ((10, 10), "a.png", ValueError),
        ((10, 10, 4), "a.png", ValueError),
        ((10, 10, 3), "a.txt", ValueError),
        ((10, 10, 3), "a", ValueError),
        ((10, 10, 3), "nowhere/a.png", FileNotFoundError),
    ],
)
def test_what_can_not_be_saved_gets_one_sentence(shape, name, kind, tmp_path, language):
    with pytest.raises(kind) as error:
        data.save_picture(np.zeros(shape), tmp_path / name)
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())
