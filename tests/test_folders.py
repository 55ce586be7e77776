"""Folders of pictures: the course's drawings, and a learner's own with all that goes wrong."""

import csv
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from coursekit import data, folders


@pytest.fixture(scope="module")
def drawings():
    return folders.drawings()


@pytest.fixture
def own(tmp_path):
    """A folder with two classes of ten pictures."""
    rng = np.random.default_rng(0)
    for name, colour in (("cat", 40), ("dog", 200)):
        (tmp_path / "own" / name).mkdir(parents=True)
        for number in range(10):
            noise = rng.integers(colour - 40, colour + 40, (30, 40, 3), dtype="uint8")
            Image.fromarray(noise).save(tmp_path / "own" / name / f"{number}.png")
    return tmp_path / "own"


def test_drawings(drawings):
    assert drawings.pictures.shape == (275, 128, 128, 3)
    assert drawings.pictures.dtype == np.float32
    assert drawings.pictures.min() == 0 and drawings.pictures.max() == 1
    assert drawings.classes == ["bird", "bug", "building", "fruit", "mammal", "vehicle"]
    assert np.bincount(drawings.labels).tolist() == [35, 43, 45, 50, 53, 49]
    for picture in drawings.pictures:  # each fills the square but for a margin of white
        ink = np.argwhere(picture.min(axis=2) < 1)
        assert ink.min() >= 4 and ink.max() < 124
        assert np.ptp(ink, axis=0).max() >= 118


def test_each_drawing_has_its_author_and_its_file():
    with zipfile.ZipFile(io.BytesIO(data._bytes("drawings.zip"))) as archive:
        table = io.StringIO(archive.read("authors.csv").decode("utf-8"))
        names = set(archive.namelist()) - {"authors.csv"}
    rows = list(csv.DictReader(table))
    assert {row["file"] for row in rows} == names
    assert all(row["author"] and row["drawing"].endswith(".png") for row in rows)
    assert len({row["drawing"] for row in rows}) == 275


def test_no_drawing_is_there_twice(drawings):
    small = drawings.pictures.reshape(275, 16, 8, 16, 8, 3).mean(axis=(2, 4)).reshape(275, -1)
    for one in range(275):
        near = np.abs(small - small[one]).mean(axis=1) < 0.02
        assert set(drawings.groups[near]) == {drawings.groups[one]}


def test_a_split_deals_out_each_class_and_keeps_groups_whole(drawings):
    largest_groups = [
        np.bincount(drawings.groups[drawings.labels == label]).max() for label in range(6)
    ]
    for seed in range(20):
        parts = drawings.split(seed=seed)
        assert sorted(np.concatenate(parts)) == list(range(275))
        groups = [set(drawings.groups[part]) for part in parts]
        assert not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])
        for label, largest in enumerate(largest_groups):
            found = [np.sum(drawings.labels[part] == label) for part in parts]
            wanted = np.array([0.6, 0.2, 0.2]) * np.sum(drawings.labels == label)
            assert np.abs(found - wanted).max() <= largest
    assert len(np.unique(drawings.groups)) < 275


def test_a_split_is_the_same_each_time_and_another_with_another_seed(drawings):
    first, again, other = (drawings.split(seed=seed)[0].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_a_part_may_be_split_again(drawings):
    most, rest = drawings.split((0.8, 0.2))
    parts = drawings.split((0.75, 0.25), among=most, seed=3)
    assert sorted(np.concatenate(parts)) == most.tolist()
    assert not set(drawings.groups[parts[0]]) & set(drawings.groups[parts[1]])
    assert not set(rest) & set(np.concatenate(parts))


def test_own_pictures(own, capsys):
    found = folders.read(own, side=32)
    assert found.classes == ["cat", "dog"] and np.bincount(found.labels).tolist() == [10, 10]
    assert found.pictures.shape == (20, 32, 32, 3)
    assert found.pictures[:10].mean() < 0.3 < 0.6 < found.pictures[10:].mean()
    assert found.files[0] == "cat/0.png"
    assert len(set(found.groups)) == 20
    assert capsys.readouterr().out == ""


def test_a_file_that_is_no_picture_is_named_and_left_out(own, capsys, language):
    (own / "cat" / "notes.txt").write_text("no picture")
    (own / "dog" / "cut.png").write_bytes((own / "dog" / "0.png").read_bytes()[:200])
    found = folders.read(own)
    assert len(found.labels) == 20
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and "cat/notes.txt" in lines[0] and "dog/cut.png" in lines[1]


def test_a_picture_that_stands_twice_counts_once(own, capsys, language):
    (own / "dog" / "copy.png").write_bytes((own / "cat" / "3.png").read_bytes())
    assert len(folders.read(own).labels) == 20
    (line,) = capsys.readouterr().out.splitlines()
    assert "dog/copy.png" in line and "cat/3.png" in line


def test_what_systems_hide_is_not_read(own, capsys):
    for name in (".DS_Store", "cat/Thumbs.db", "cat/._1.png", "__MACOSX/x.png", ".git/config"):
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).write_bytes(b"?")
    (own / "read me.txt").write_text("a file beside the classes")
    assert folders.read(own).classes == ["cat", "dog"]
    assert capsys.readouterr().out == ""


def test_a_folder_inside_a_class_is_a_group(own):
    (own / "cat" / "Tom").mkdir()
    for number in (2, 3, 4):
        (own / "cat" / f"{number}.png").rename(own / "cat" / "Tom" / f"{number}.png")
    found = folders.read(own)
    groups = {file: group for file, group in zip(found.files, found.groups, strict=True)}
    assert len({groups[f"cat/Tom/{number}.png"] for number in (2, 3, 4)}) == 1
    assert len(set(found.groups)) == 18


def test_the_middle_square_counts(own):
    wide = np.zeros((40, 120, 3), "uint8")
    wide[:, 40:80] = (255, 0, 0)
    Image.fromarray(wide).save(own / "cat" / "0.png")
    square = folders.read(own, side=40).pictures[0]
    assert np.allclose(square[:, 2:-2], [1, 0, 0], atol=0.02)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_large_photo_is_the_same_as_a_small_one(mode, own):
    ramp = np.tile(np.linspace(0, 255, 1600, dtype="uint8"), (1200, 1))
    image = Image.fromarray(ramp).convert(mode)
    exif = image.getexif()
    exif[0x0112] = 6  # taken sideways
    image.save(own / "cat" / "0.png" if mode != "CMYK" else own / "cat" / "0.tif", exif=exif)
    image.save(own / "cat" / "large.jpg", exif=exif, quality=95)
    if mode == "CMYK":
        (own / "cat" / "0.png").unlink()
    found = folders.read(own, side=64)
    whole, large = (
        found.pictures[found.files.index(f"cat/{name}")]
        for name in ("0.tif" if mode == "CMYK" else "0.png", "large.jpg")
    )
    assert np.abs(whole - large).mean() < 0.02
    assert whole[0].mean() < 0.3 < 0.7 < whole[-1].mean()


@pytest.mark.parametrize("inside", ["nothing", "one"])
def test_too_few_classes(inside, tmp_path, language):
    (tmp_path / "own").mkdir()
    if inside == "one":
        (tmp_path / "own" / "cat").mkdir()
    with pytest.raises(ValueError, match=r"own.*2") as error:
        folders.read(tmp_path / "own")
    assert "\n" not in str(error.value)


def test_too_few_pictures(own, language):
    (own / "dog" / "4.png").unlink()
    with pytest.raises(ValueError, match=r"dog.* 9 .*10") as error:
        folders.read(own)
    assert "\n" not in str(error.value)


def test_no_folder(own, language):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        folders.read(own / "nowhere")
    with pytest.raises(NotADirectoryError, match=r"0.png"):
        folders.read(own / "cat" / "0.png")


def test_a_contact_sheet_has_a_row_for_each_class(own, monkeypatch):
    shown = []
    monkeypatch.setattr(
        folders.plots, "images", lambda *given, **named: shown.append((given, named))
    )
    folders.read(own, side=16).sheet(each=4)
    ((pictures, titles), named) = shown[0]
    assert pictures.shape == (8, 16, 16, 3) and named["columns"] == 4
    assert titles == ["cat", "", "", "", "dog", "", "", ""]
