"""The service with a classifier of pictures: the one file of lesson 10, in a process of its own."""

import base64
import io
import json
import urllib.request

import numpy as np
import pytest

for needed in ("fastapi", "prometheus_client", "uvicorn"):
    pytest.importorskip(needed, reason="the extra 'service' is not installed")

from PIL import Image
from starlette.testclient import TestClient

from coursekit import folders
from service.local import Local
from service.model import ModelError
from service.pictures import LARGEST, MOST, Classifier, create_app

PREDICT = "/v1/models/pictures:predict"
NAMES = ["llaves de casa", "taza", "año/ñandú 1.0"]


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def photo(red, green=0, blue=0, shape=(40, 60)):
    return png(np.full((*shape, 3), (red, green, blue), np.uint8))


def asked(*files):
    return {"instances": [{"b64": base64.b64encode(file).decode()} for file in files]}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A network that sees how red, green or blue a picture is, saved as lesson 10 saves its own."""
    from keras import Model, layers

    picture = layers.Input((None, None, 3))
    mean = layers.GlobalAveragePooling2D()(layers.Resizing(16, 16)(picture))
    output = layers.Dense(3, "softmax")
    probability = output(mean)
    output.set_weights([8 * np.eye(3), np.zeros(3)])
    path = tmp_path_factory.mktemp("own") / "mine.keras"
    Model(picture, {name: probability[:, k] for k, name in enumerate(NAMES)}).save(path)
    return path


@pytest.fixture(scope="module")
def client(saved):
    with TestClient(create_app(Classifier.load(saved))) as client:
        yield client


def test_each_picture_gets_the_probability_of_each_class(client):
    answer = client.post(PREDICT, json=asked(photo(255), photo(0, 255), photo(0, 0, 255)))
    assert answer.status_code == 200
    found = answer.json()["predictions"]
    assert [max(each, key=each.get) for each in found] == NAMES
    assert all(set(each) == set(NAMES) and abs(sum(each.values()) - 1) < 1e-5 for each in found)


def test_the_middle_counts_as_it_does_in_a_folder(client, tmp_path):
    wide = np.zeros((50, 150, 3), np.uint8)
    wide[:, 50:100, 0] = np.arange(50) * 5  # red in the middle
    wide[:, 100:, 2] = 255
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for number in range(10):
            wide[0, 75, 1] = number + 20 * (name == "two")  # none is there twice
            (tmp_path / name / f"{number}.png").write_bytes(png(wide))
    square = folders.read(tmp_path).pictures[-1]
    expected = np.exp(8 * square.mean(axis=(0, 1)))
    found = client.post(PREDICT, json=asked(png(wide))).json()["predictions"][0]
    assert np.allclose([found[name] for name in NAMES], expected / expected.sum(), atol=0.02)


@pytest.mark.parametrize(
    "body",
    [
        {"instances": []},
        {"instances": ["text"]},
        {"instances": [{"b64": "?"}]},
        {"instances": [{"b64": ""}]},
        {"instances": [{"b64": 7}]},
        asked(b"no picture"),
        asked(photo(9)[:60]),
        asked(photo(9, shape=(3, 3))),
        asked(photo(9), photo(9)[:-30]),
        asked(*[photo(9)] * (MOST + 1)),
        asked(photo(9), b"x" * 300_000),
        asked(png(np.zeros((4000, LARGEST // 4000 + 1), np.uint8))),
    ],
)
def test_bad_pictures_get_a_4xx_with_a_sentence(client, body):
    answer = client.post(PREDICT, json=body)
    assert 400 <= answer.status_code < 500
    assert list(answer.json()) == ["error"] and 10 < len(answer.json()["error"]) < 200


def test_a_body_that_is_no_text_gets_a_sentence(client):
    answer = client.post(
        PREDICT, content=b'{"instances": "\xff"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json() == {"error": "the body is not JSON in UTF-8"}


def test_a_key_is_asked_for(saved):
    with TestClient(create_app(Classifier.load(saved), key="k3y")) as client:
        assert client.post(PREDICT, json=asked(photo(9))).status_code == 401
        header = {"Authorization": "Bearer k3y"}
        assert client.post(PREDICT, json=asked(photo(9)), headers=header).status_code == 200


def test_a_fresh_process_serves_the_file(saved, client):
    service = Local("pictures", "--model", str(saved))
    try:
        body = json.dumps(asked(photo(200, 100, 50), photo(30, 60, 90))).encode()
        with urllib.request.urlopen(service.address + PREDICT, body, timeout=60) as answer:
            elsewhere = json.load(answer)["predictions"]
    finally:
        service.stop()
    here = client.post(PREDICT, content=body).json()["predictions"]
    for one, other in zip(here, elsewhere, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_what_holds_no_classes_is_refused(tmp_path):
    from keras import Sequential, layers

    nameless = tmp_path / "nameless.keras"
    Sequential([layers.Input((4,)), layers.Dense(2)]).save(nameless)
    (tmp_path / "text.keras").write_text("text")
    for name in ("nameless.keras", "text.keras", "missing.keras"):
        with pytest.raises(ModelError):
            Classifier.load(tmp_path / name)
    with pytest.raises(RuntimeError, match="can't start"):
        Local("broken", "--model", str(nameless))
