"""Data: what the loaders give, and what bad files get."""

import hashlib
import re
import shutil

import numpy as np
import pytest

from coursekit import data


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A copy of the data that a test may spoil, in a process that has verified nothing."""
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    monkeypatch.setattr(data, "FOLDER", folder)
    monkeypatch.setattr(data, "verified", set())
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
    ends = [x_train[0], x_train[-1], x_test[0], x_test[-1]]
    assert [text[:9] for text in ends] == ["As a low ", "PROS: Aks", "We always", "Ron Howar"]
    assert [y_train[0], y_train[-1], y_test[0], y_test[-1]] == [1, 0, 1, 0]


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


def test_the_network_takes_pictures_of_any_size(recwarn):
    for rows, columns in ((31, 47), (64, 64)):
        output = data.network()(np.zeros((1, rows, columns, 3), "float32"))
        assert output.shape[1:3] == (-(-rows // 16), -(-columns // 16))
    assert not recwarn.list


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


@pytest.mark.parametrize(("load", "name"), [(data.photo, "unicorn"), (data.style, "chelsea")])
def test_an_unknown_picture(load, name, language):
    with pytest.raises(ValueError, match=rf"{name}.*(chelsea|night), ") as error:
        load(name)
    assert "\n" not in str(error.value)
