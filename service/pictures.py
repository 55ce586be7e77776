"""Serves a classifier of pictures, the one file that lesson 10 writes.

A request is TensorFlow Serving's for a model that takes files, one in base64 for each picture; an
answer gives each class its probability. What happens before, key, size and time, is guard.py's.
"""

import asyncio
import base64
import io
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from coursekit import folders, pictures
from service.base import Strict, application
from service.gather import Gatherer
from service.guard import Guard, Refused
from service.model import ModelError

MOST = 16  # pictures of a request, and of a pass
LARGEST = 8_000_000  # pixels of a picture
SIDE = 128  # pixels of the square that becomes of a picture, as in `coursekit.folders.read`


class File(Strict):
    b64: str


class Predict(Strict):
    """What TensorFlow Serving's REST takes for a model whose input is a file."""

    instances: Annotated[list[File], Field(min_length=1, max_length=MOST)]
    signature_name: Literal["serving_default"] = "serving_default"


class Classifier:
    """A network from pictures `(count, rows, columns, 3)` in [0, 1] to {name: probability}."""

    def __init__(self, network):
        self.network = network

    @classmethod
    def load(cls, path):
        """Return the classifier in a file, or raise `ModelError` where it holds none."""
        import keras

        try:
            network = keras.models.load_model(path, compile=False)
        except Exception as error:
            raise ModelError(f"{path}: Keras can't load it ({error}).") from None
        if not isinstance(getattr(network, "output", None), dict):  # a Sequential may have none
            raise ModelError(f"{path}: its answers have no names of classes.")
        return cls(network)

    def answers(self, squares):
        """Return for each square picture a dict from classes to probabilities."""
        found = self.network.predict_on_batch(np.stack(squares))
        rows = zip(*(np.asarray(values).tolist() for values in found.values()), strict=True)
        return [dict(zip(found, row, strict=True)) for row in rows]


def square(file, place):
    """Return the middle of a picture, or raise `Refused` where a file is none."""
    from PIL import Image

    try:
        content = base64.b64decode(file, validate=True)
        with Image.open(io.BytesIO(content)) as image:  # its head alone: a small file may be huge
            pixels = image.width * image.height
        if pixels > LARGEST:
            raise Refused(422, f"picture {place} has more than {LARGEST} pixels")
        picture = pictures.read(io.BytesIO(content), f"picture {place}")
    except (ValueError, OSError, Image.DecompressionBombError):
        raise Refused(422, f"picture {place} can't be read: send a whole JPEG or PNG") from None
    return folders.square(picture, SIDE)


def create_app(classifier, *, key=None):
    """Return the application that serves a `Classifier`, or anything with its `answers`."""
    gatherer = Gatherer(classifier.answers, MOST)

    def warm_up():
        classifier.answers([np.ones((SIDE, SIDE, 3), "float32")])

    app = application("Classifier of pictures", gatherer, warm_up)

    @app.post("/v1/models/pictures:predict")
    async def predict(asked: Predict):
        squares = [
            await asyncio.to_thread(square, file.b64, place)
            for place, file in enumerate(asked.instances, 1)
        ]
        return {"predictions": await gatherer.ask(squares)}

    app.add_middleware(Guard, key=key)
    return app
