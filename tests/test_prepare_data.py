"""The makers of the data: each file has one, and what the project draws is drawn again."""

import hashlib

import pytest

from coursekit import data
from tools import prepare_data
from tools.project import HERE, MAKERS


def test_the_registry_has_each_file_and_its_sum():
    files = {path.name for path in data.FOLDER.iterdir()} - {"README.md", "registry.toml"}
    assert files == set(data.REGISTRY)
    for name, entry in data.REGISTRY.items():
        assert hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() == entry["sha256"]
        assert {"kind", "what", "origin", "licence", "maker"} <= set(entry)
        assert entry["maker"] in prepare_data.MAKERS


def test_service_and_slides_have_the_files_of_their_cards():
    binary = {".zip", ".onnx", ".gz", ".mjs"}
    found = [path for folder in MAKERS for path in (HERE.root / folder).rglob("*")]
    made = {path.relative_to(HERE.root).as_posix() for path in found if path.suffix in binary}
    assert made == set(HERE.made)
    for name, entry in HERE.made.items():
        assert hashlib.sha256((HERE.root / name).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("name", ["night.jpg", "circles.jpg"])
def test_what_the_project_draws_is_drawn_again(name, tmp_path):
    entry = data.REGISTRY[name]
    content = prepare_data.MAKERS[entry["maker"]](tmp_path, name, entry)
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
