"""Loads the one file that travels: a network, its vocabulary and the rules of its cleaning."""

import hashlib
import json
import re
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PARTS = ("network.keras", "vocabulary.txt")


class ModelError(Exception):
    """A model file that can not be served; its text is a sentence that says why."""


class Reader:
    """A network that reads reviews, with all that a text needs on its way into it.

    Args:
        network: a Keras model, from rows of word numbers `(texts, words)` to probabilities
            `(texts, 1)`; 0 is padding, which its mask skips.
        vocabulary: list of str; a word's place is its number, 1 is any other word.
        rules: dict: `drop` and `word`, two regular expressions, and `length`, how many of the
            last words the network reads.
    """

    def __init__(self, network, vocabulary, rules):
        self.network, self.rules = network, rules
        self.number_of = {word: number for number, word in enumerate(vocabulary)}

    @classmethod
    def load(cls, path):
        """Return the reader in a file, or raise `ModelError` where it is missing or altered."""
        import keras  # seconds: not before the file is known to be whole

        card, parts = unpack(path)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.keras"
            file.write_bytes(parts["network.keras"])
            try:
                network = keras.models.load_model(file, compile=False)
            except Exception as error:
                raise ModelError(f"{path}: Keras can't load its network ({error}).") from None
        return cls(network, parts["vocabulary.txt"].decode().split("\n"), card)

    def encode(self, text):
        """Return the numbers of the last words of a text, an int32 array, empty if none is left."""
        text = re.sub(self.rules["drop"], " ", text.lower().replace("’", "'"))
        words = re.findall(self.rules["word"], text)[-self.rules["length"] :]
        return np.array([self.number_of.get(word, 1) for word in words], "int32")

    def opinions(self, sequences):
        """Return the probability of being positive of each sequence, in one pass."""
        rows = np.zeros((len(sequences), max(map(len, sequences))), "int32")
        for row, sequence in zip(rows, sequences, strict=True):
            row[len(row) - len(sequence) :] = sequence
        return np.asarray(self.network.predict_on_batch(rows))[:, 0].astype(float)


def unpack(path):
    """Return the card of a model file and its parts, dicts, once each has its SHA-256."""
    try:
        with zipfile.ZipFile(path) as archive:
            card = json.loads(archive.read("card.json"))
            parts = {name: archive.read(name) for name in PARTS}
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such model file.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ModelError(f"{path}: this is no whole model file ({error}).") from None
    for name, content in parts.items():
        if hashlib.sha256(content).hexdigest() != card.get("sha256", {}).get(name):
            raise ModelError(f"{path}: its {name} is not the one that was saved.")
    return card, parts
