"""Pictures in folders, a folder for each class: the course's drawings and the learner's own."""

import hashlib
import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit import data, pictures, plots, words

LEAST = 10  # pictures of a class: with fewer there is nothing to test with
NOT_PICTURES = {"thumbs.db", "desktop.ini"}  # what systems leave in folders of pictures


@dataclass
class Pictures:
    """Pictures with their classes.

    Attributes:
        pictures: float32 array `(count, side, side, 3)`, RGB in [0, 1].
        labels: int array `(count,)`, places in `classes`.
        classes: list of str, the names of the folders, in alphabetical order.
        groups: int array `(count,)`: pictures that are nearly the same share a number.
        files: list of str, such as `"bird/bird_001.png"`.
    """

    pictures: np.ndarray
    labels: np.ndarray
    classes: list
    groups: np.ndarray
    files: list

    def split(self, shares=(0.6, 0.2, 0.2), *, among=None, seed=0):
        """Deal the pictures out into parts, each class alike, and never tear a group apart.

        Args:
            shares: floats, how much of each class each part should get.
            among: int array, the places of the pictures to deal out; None for all.
            seed: int, for another deal.

        Returns:
            list of int arrays, the places of the pictures in each part.
        """
        rng, parts = np.random.default_rng(seed), [[] for _ in shares]
        among = np.arange(len(self.labels)) if among is None else np.asarray(among)
        for label in range(len(self.classes)):
            mine = among[self.labels[among] == label]
            wanted = np.array(shares, float) * len(mine)
            for group in rng.permutation(np.unique(self.groups[mine])):
                members = mine[self.groups[mine] == group]
                part = int(np.argmax(wanted))  # the part that lacks most
                wanted[part] -= len(members)
                parts[part].extend(members)
        return [np.sort(np.array(part, int)) for part in parts]

    def sheet(self, each=8):
        """Show some pictures of each class, a row for each.

        Args:
            each: int, how many; no more than the smallest class has.
        """
        each = min(each, np.bincount(self.labels).min())
        rows = [np.flatnonzero(self.labels == label) for label in range(len(self.classes))]
        places = np.concatenate(
            [row[np.linspace(0, len(row) - 1, each, dtype=int)] for row in rows]
        )
        titles = [name if place == 0 else "" for name in self.classes for place in range(each)]
        alt = words.say("alt_sheet", each=each, classes=", ".join(self.classes))
        plots.images(self.pictures[places], titles, columns=each, alt=alt, jpeg=True)


def drawings(side=128):
    """Return the 275 drawings of the course: birds, bugs, buildings, fruit, mammals, vehicles.

    Args:
        side: int, pixels.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    return _read(zipfile.Path(io.BytesIO(data._bytes("drawings.zip"))), side)


def read(path, side=128):
    """Read the learner's own pictures from a folder that holds a folder for each class.

    A file that is no picture, and one that stands twice, is left out with a sentence. Of each
    picture, the square in its middle counts. Pictures in a folder inside that of their class
    form a group, which `Pictures.split` keeps together: photos of one and the same thing.

    Args:
        path: str or Path of the folder.
        side: int, pixels of the squares.

    Returns:
        Pictures: what was read.

    Raises:
        FileNotFoundError, NotADirectoryError: if there is no such folder, or it is a file.
        ValueError: if it has fewer than two classes, or a class has fewer than 10 pictures.
    """
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(words.say("no_class_folder", path=path))
    if not root.is_dir():
        raise NotADirectoryError(words.say("no_class_folder", path=path))
    return _read(root, side)


def square(picture, side=128):
    """Return the middle of a picture as a square, as `read` takes it from a file.

    Args:
        picture: float array `(rows, columns, 3)` in [0, 1].
        side: int, pixels of the square.

    Returns:
        A float32 array `(side, side, 3)` in [0, 1].
    """
    from PIL import Image, ImageOps

    image = Image.fromarray((picture * 255).round().astype(np.uint8))
    image = ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)
    return np.asarray(image, np.float32) / 255


def _read(root, side):
    folders = [entry for entry in _entries(root) if entry.is_dir()]
    if len(folders) < 2:
        raise ValueError(words.say("few_classes", path=root.name, found=len(folders)))
    squares, labels, groups, files, first = [], [], [], [], {}
    for label, folder in enumerate(folders):
        for group, name, file in _files(folder, folder.name):
            content = file.read_bytes()
            digest = hashlib.sha256(content).digest()
            if digest in first:
                words.tell(words.say("same_picture", path=name, first=first[digest]))
                continue
            try:
                squares.append(
                    square(pictures.read(io.BytesIO(_smaller(content, side)), name), side)
                )
            except ValueError as error:
                words.tell(words.say("left_out", error=error))
                continue
            first[digest] = name
            labels.append(label)
            groups.append(group)
            files.append(name)
        if labels.count(label) < LEAST:
            count = labels.count(label)
            raise ValueError(words.say("few_pictures", name=folder.name, found=count, least=LEAST))
    groups = np.unique(groups, return_inverse=True)[1]
    classes = [folder.name for folder in folders]
    return Pictures(np.stack(squares), np.array(labels), classes, groups, files)


def _entries(folder):
    """Return what a folder holds, by name, without what systems hide in it."""
    found = [entry for entry in folder.iterdir() if not entry.name.startswith((".", "__"))]
    found = [entry for entry in found if entry.name.lower() not in NOT_PICTURES]
    return sorted(found, key=lambda entry: entry.name)


def _files(folder, name, top=True):
    """Yield the group, the name and the path of each file in a folder and those inside it."""
    for entry in _entries(folder):
        inner = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, inner, top=False)
        else:
            yield (inner if top else name), inner, entry


def _smaller(content, side):
    """Return a large JPEG decoded at a half, a quarter or an eighth of its size: far faster."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content)) as image:
                if image.format != "JPEG" or min(image.size) < 4 * side:
                    return content
                image.draft(image.mode, (2 * side, 2 * side))
                smaller = io.BytesIO()
                ImageOps.exif_transpose(image).save(smaller, "TIFF")
                return smaller.getvalue()
    except Exception:  # whatever is wrong with it, `pictures.read` says so
        return content
