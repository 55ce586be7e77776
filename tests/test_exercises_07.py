"""Lesson 07: its exercises take right answers and refuse wrong ones."""

from pathlib import Path

import numpy as np
import pytest

import coursekit as ck
from tools.notebooks import in_language
from tools.source import read

SOURCE = Path(__file__).parent.parent / "notebooks" / "source" / "07_production.py"

ASK = "def ask(text):\n    "
EXPLAIN = "def explain(question):\n    "
LABEL = "def label(p, doubt):\n    "
DRIFTED = "def drifted(shares, usual):\n    "
ERROR = "error = np.std(usual) / np.sqrt(len(shares))\n    "
RIGHT = {
    "bytes_of_weights": [
        "bytes_of_weights = 4 * (160_000 + 3136 + 17)",
        "bytes_of_weights = 652612.0",
    ],
    "ask(text)": [
        ASK + "return post(predict_address, {'instances': [text]})[1]['predictions'][0]",
        ASK + "return (post(watson_address, {'text': text})[1]['score'] + 1) / 2",
    ],
    "explain(question)": [
        EXPLAIN
        + "ok = isinstance(question, dict) and isinstance(question.get('instances'), list)\n"
        "    ok = ok and 1 <= len(question['instances']) <= 64\n"
        "    ok = ok and all(type(t) is str and len(t) <= 15_000 for t in question['instances'])\n"
        "    return '' if ok else 'send a dictionary with a list of texts'",
    ],
    "label(*case)": [
        LABEL
        + "return 'neutral' if abs(p - 0.5) < doubt else 'positive' if p > 0.5 else 'negative'",
        LABEL + "if p >= 0.5 + doubt:\n        return 'positive'\n"
        "    return 'negative' if p <= 0.5 - doubt else 'neutral'",
    ],
    "alarms(drifted)": [
        DRIFTED + ERROR + "return abs(np.mean(shares) - np.mean(usual)) > 4 * error",
        DRIFTED + ERROR + "return bool(((shares.mean() - usual.mean()) / error) ** 2 > 16)",
    ],
}
WRONG = {
    "bytes_of_weights": [
        "bytes_of_weights = 160_000 + 3136 + 17",
        "bytes_of_weights = 4 * 160_000",
        "bytes_of_weights = '652612'",
    ],
    "ask(text)": [
        ASK + "return 0.5",
        ASK + "return post(predict_address, {'instances': [text]})",
        ASK + "return post(watson_address, {'text': text})[1]['score']",
        ASK + "return text['predictions']",
    ],
    "explain(question)": [
        EXPLAIN + "return ''",
        EXPLAIN + "return 'this request is wrong in some way'",
        EXPLAIN + "return '' if 'instances' in question else 'there are no instances in it'",
        EXPLAIN + "return '' if isinstance(question, dict) else 'this is no dictionary at all'",
    ],
    "label(*case)": [
        LABEL + "return 'positive' if p > 0.5 else 'negative'",
        LABEL
        + "return 'neutral' if abs(p - 0.5) <= doubt else 'positive' if p > 0.5 else 'negative'",
        LABEL + "return 'neutral' if abs(p - 0.5) < 0.1 else 'positive' if p > 0.5 else 'negative'",
    ],
    "alarms(drifted)": [
        DRIFTED + ERROR + "return np.mean(shares) - np.mean(usual) > 4 * error",
        DRIFTED + "return abs(np.mean(shares) - np.mean(usual)) > 4 * np.std(usual)",
        DRIFTED + "return abs(np.mean(shares) - np.mean(usual)) > 0.004",
        DRIFTED + "return True",
    ],
}
EMPTY = {
    "bytes_of_weights": ["bytes_of_weights = ..."],
    "ask(text)": [ASK + "return ..."],
    "explain(question)": [EXPLAIN + "return ..."],
    "label(*case)": [LABEL + "return ..."],
    "alarms(drifted)": [DRIFTED + "return ..."],
}


class Network:
    @staticmethod
    def count_params():
        return 160_000 + 3136 + 17


def post(address, question):
    """In place of the service: a probability that depends on the length of the text."""
    if address == "watson":
        return 200, {"score": 2 / len(question["text"]) - 1}
    return 200, {"predictions": [1 / len(text) for text in question["instances"]]}


@pytest.fixture(scope="module")
def lesson():
    """The names that the checks need, and the cells of the checks."""
    names = {"ck": ck, "np": np, "network": Network, "post": post, "predict_address": "predict"}
    names |= {"watson_address": "watson", "samples": ["one", "three", "a longer one"]}
    checks = {}
    for cell in read(SOURCE).cells:
        if cell.cell_type == "code" and "check" in cell.metadata.get("tags", []):
            code = in_language(cell.source, "en")
            (name,) = (key for key in RIGHT if key in cell.source)
            checks[name] = compile(code, name, "exec")
    assert set(checks) == set(RIGHT)
    return names, checks


def test_each_check_knows_right_from_wrong(said, mark):
    assert said[0].startswith(mark)
