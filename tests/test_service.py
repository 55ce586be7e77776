"""The service: clients that nobody here wrote, bad input, slow clients, many clients."""

import asyncio
import base64
import contextlib
import http.client
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import types
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
import yaml

for needed in ("fastapi", "hypothesis", "prometheus_client", "uvicorn"):
    pytest.importorskip(needed, reason="the extra 'service' is not installed")

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from uvicorn import Config
from uvicorn.server import ServerState

from service import guard
from service.__main__ import MODEL, loopback
from service.app import LONGEST, MOST, create_app
from service.gather import Busy, Gatherer
from service.local import Local
from service.model import ModelError, Reader, unpack

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / ".venv" / "clients"  # `make test-clients` puts the official clients there
if CLIENTS.is_dir():
    sys.path.append(str(CLIENTS))
TEXTS = ["A wonderful, touching film.", "Awful. The worst plot I have ever seen!", "It is a film"]


# Without a network: a reader that counts the words "good"


class Counting:
    """In place of a Keras model: the share of the words of each row that is number 2."""

    passes = ()

    def predict_on_batch(self, rows):
        self.passes = (*self.passes, len(rows))
        return ((rows == 2).sum(axis=1) / (rows > 0).sum(axis=1))[:, None]


@pytest.fixture(scope="module")
def reader():
    rules = {"drop": "<[^<>]*>", "word": "[a-zà-ÿ]+", "length": 200}
    return Reader(Counting(), ["", "?", "good", "bad"], rules)


@pytest.fixture(scope="module")
def client(reader):
    with TestClient(create_app(reader), raise_server_exceptions=False) as client:
        yield client


def analyze(text="good", **more):
    return {"text": text, "features": {"sentiment": {}}} | more


def predict(*texts):
    return {"instances": list(texts)}


PATHS = {"/v1/analyze": analyze, "/v1/models/sentiment:predict": predict}
BAD = {
    "nothing": b"",
    "not JSON": b"text=good",
    "half of JSON": b'{"text": "good", "features"',
    "a number": b"7",
    "a list": b'["good"]',
    "no text": b'{"features": {"sentiment": {}}}',
    "no features": b'{"text": "good"}',
    "another field": json.dumps(analyze(html="<p>good</p>")).encode(),
    "a feature that it lacks": b'{"text": "good", "features": {"emotion": {}}}',
    "a text that is a number": json.dumps(analyze(7)).encode(),
    "a text that is null": json.dumps(analyze(None)).encode(),
    "an empty text": json.dumps(analyze("")).encode(),
    "no letters": json.dumps(analyze("12 345 !?")).encode(),
    "control characters": json.dumps(analyze("\0\x07\x1b\x7f")).encode(),
    "another script": json.dumps(analyze("很好的电影 отличный фильм ممتاز")).encode(),
    "another language": json.dumps(analyze("muy buena", language="es")).encode(),
    "10 000 words": json.dumps(analyze("a " * 10_000)).encode(),
    "invalid UTF-8": b'{"text": "\xff\xfe", "features": {"sentiment": {}}}',
    "half a character": b'{"text": "\\ud800", "features": {"sentiment": {}}}',
    "very deep": b"[" * 100_000,
    "a huge number": b'{"instances": 1' + b"0" * 50_000 + b"}",
    "instances that are no list": b'{"instances": "good"}',
    "no instances": b'{"instances": []}',
    "an instance that is a list": b'{"instances": [["good"]]}',
    "one bad instance": b'{"instances": ["good", ""]}',
    "too many instances": json.dumps(predict(*["good"] * (MOST + 1))).encode(),
    "columns": b'{"inputs": ["good"]}',
    "10 MB": json.dumps(analyze("good " * 2_000_000)).encode(),
}


def is_sentence(response, path):
    """Whether a refusal is a short sentence in the dialect of its path."""
    body = response.json()
    code = {} if ":predict" in path else {"code": response.status_code}
    return set(body) == {"error", *code} and 5 < len(body["error"]) < 200 and "\n" not in str(body)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_bad_input_gets_a_4xx_with_a_sentence(client, path, body):
    response = client.post(path, content=body)
    assert 400 <= response.status_code < 500, response.text
    assert is_sentence(response, path), response.text
    assert "good" not in response.text


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/models/other:predict", "/v1/analyze/x", "/../x", "/%00"]
)
def test_what_is_not_served_gets_a_sentence(client, path):
    response = client.post(path, json=analyze())
    assert 400 <= response.status_code < 500
    assert is_sentence(response, path)


def test_a_length_that_lies_gets_a_4xx(client):
    for length in ("-1", "x", "99999999999999999999"):
        response = client.post("/v1/analyze", content=b"{}", headers={"Content-Length": length})
        assert 400 <= response.status_code < 500


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_is_read_or_refused(client, text):
    for path, request in PATHS.items():
        response = client.post(path, json=request(text))
        assert response.status_code in (200, 422)
        if response.status_code == 422:
            assert is_sentence(response, path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "features", "sentiment", "instances", "language", "x"]), inner
        )
    ),
)


@settings(max_examples=200, deadline=None)
@given(content=st.one_of(st.binary(max_size=300), ANYTHING.map(lambda o: json.dumps(o).encode())))
def test_no_body_breaks_it(client, content):
    for path in PATHS:
        response = client.post(path, content=content)
        assert response.status_code == 200 or 400 <= response.status_code < 500
        assert response.status_code == 200 or is_sentence(response, path)


def test_both_dialects_give_the_same_answer(client):
    texts = ["good bad", "Good, good BAD <i>film</i>", "bad"]
    predictions = client.post("/v1/models/sentiment:predict", json=predict(*texts)).json()
    assert predictions == {"predictions": [0.5, 0.5, 0.0]}
    for text, probability in zip(texts, predictions["predictions"], strict=True):
        answer = client.post("/v1/analyze", json=analyze(text, return_analyzed_text=True)).json()
        assert answer["sentiment"]["document"]["score"] == 2 * probability - 1
        assert answer["analyzed_text"] == text
    assert client.get("/v1/models/sentiment").json()["ready"] is True


def test_a_batch_is_one_pass(client, reader):
    client.post("/v1/models/sentiment:predict", json=predict(*["good"] * MOST))
    assert reader.network.passes[-1] == MOST


def test_limits_admit_what_they_promise(client):
    word = "good " * (LONGEST // 5)
    assert client.post("/v1/analyze", json=analyze(word)).status_code == 200
    body = json.dumps(predict(*[word] * 16))
    assert len(body) < guard.LARGEST
    assert client.post("/v1/models/sentiment:predict", content=body).status_code == 200


def test_metrics_count_and_hold_no_text(client):
    client.post("/v1/analyze", json=analyze("secretword good"))
    client.get("/secretpath")
    text = client.get("/metrics").text
    assert 'requests_total{path="/v1/analyze",status="200"}' in text
    assert 'path="other",status="404"' in text
    assert "batch_texts_bucket" in text
    assert "secret" not in text


def test_an_error_inside_tells_nothing(reader, caplog):
    class Broken(Counting):
        def predict_on_batch(self, rows):
            if rows.shape[1] == 3:  # the passes before any request are shorter
                raise RuntimeError("secretword")
            return super().predict_on_batch(rows)

    app = create_app(Reader(Broken(), ["", "?"], reader.rules))
    with TestClient(app) as client:
        response = client.post("/v1/analyze", json=analyze("secretword " * 3))
    assert response.status_code == 500
    assert is_sentence(response, "")
    assert "secret" not in response.text + caplog.text
    assert "RuntimeError at /v1/analyze" in caplog.text


def test_who_comes_when_too_many_wait_is_asked_to_come_again(client, monkeypatch):
    monkeypatch.setattr(Gatherer, "ask", lambda self, texts: failing(Busy("too many wait")))
    response = client.post("/v1/analyze", json=analyze())
    assert response.status_code == 503 and response.headers["Retry-After"] == "1"
    assert response.json()["error"] == "too many wait"


async def failing(error):
    raise error


def test_a_key_is_asked_for_and_compared(reader):
    basic = base64.b64encode(b"apikey:k3y").decode()
    with TestClient(create_app(reader, key="k3y")) as client:
        for value in ("", "Bearer k3", "Bearer ñ", "Basic ?", f"Basic {basic[:-4]}"):
            header = {"Authorization": value.encode("latin-1")}
            assert client.post("/v1/analyze", json=analyze(), headers=header).status_code == 401
            assert client.get("/metrics", headers=header).status_code == 401
        for value in ("Bearer k3y", f"Basic {basic}"):
            header = {"Authorization": value}
            assert client.post("/v1/analyze", json=analyze(), headers=header).status_code == 200
        assert client.get("/health").status_code == 200


def test_the_documentation_comes_from_here(client):
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for name in ("swagger/swagger-ui-bundle.js", "swagger/swagger-ui.css", "openapi.json"):
        assert name in page
        assert client.get(f"/{name}").status_code == 200


def test_the_page_is_served_too(client):
    assert "page.js" in client.get("/").text
    assert client.get("/page.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/digits.onnx").status_code == 200
    assert client.get("/../app.py").status_code == 404


def test_only_this_machine_is_served_without_a_key():
    assert loopback("127.0.0.1") and loopback("::1") and loopback("localhost")
    assert not any(map(loopback, ("0.0.0.0", "::", "192.168.1.2", "example.org")))
    with pytest.raises(RuntimeError, match="Without a key"):
        Local("open", "--host", "0.0.0.0")


# Gathering


def gathered(most, waiting=1024, requests=40):
    """Return the answers to some requests at once, and the sizes of the passes."""
    sizes = []

    async def ask():
        gatherer = Gatherer(lambda batch: [10 * x for x in batch], most, waiting, sizes.append)
        running = asyncio.create_task(gatherer.run())
        asked = [gatherer.ask([n, n + 0.5][: 1 + n % 2]) for n in range(requests)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        running.cancel()
        return answers

    return asyncio.run(ask()), sizes


@pytest.mark.parametrize("most", [1, 2, 7, 64])
def test_each_request_gets_its_own_answers(most):
    answers, sizes = gathered(most)
    assert answers == [[10 * n, 10 * n + 5][: 1 + n % 2] for n in range(40)]
    assert sum(sizes) == 60
    assert max(sizes) <= max(most, 2)  # a request is never cut in two
    assert len(sizes) <= (40 if most == 1 else 60 / (most - 1) + 2)


def test_more_than_may_wait_is_refused():
    answers, _ = gathered(64, waiting=10)
    assert sum(isinstance(answer, Busy) for answer in answers) > 20


def test_whoever_leaves_does_not_disturb_the_others():
    async def ask():
        gatherer = Gatherer(lambda batch: batch)
        first = asyncio.create_task(gatherer.ask([1]))
        second = asyncio.create_task(gatherer.ask([2]))
        await asyncio.sleep(0)
        first.cancel()
        running = asyncio.create_task(gatherer.run())
        answer = await second
        running.cancel()
        return answer

    assert asyncio.run(ask()) == [2]


# The model file


def test_padding_and_company_change_no_answer(real):
    sequences = [real.encode(text) for text in TEXTS]
    together = real.opinions(sequences)
    alone = [real.opinions([sequence])[0] for sequence in sequences]
    assert np.allclose(together, alone, atol=1e-5)
    assert together[0] > 0.5 > together[1]


def test_the_cleaning_is_the_lesson_s(real):
    assert len(real.encode("It ISN’T bad...<br />Café, 10/10!")) == 4
    assert np.array_equal(real.encode("GOOD"), real.encode("good"))
    assert len(real.encode("good " * 300)) == 200


def altered(path, name, change):
    """Write a copy of the model file in which one part is changed."""
    with zipfile.ZipFile(MODEL) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == name:
                content = change(content)
            if content is not None:
                new.writestr(part, content)


def test_a_model_file_that_is_missing_or_altered_is_refused(tmp_path):
    whole, path = MODEL.read_bytes(), tmp_path / "model.zip"
    with pytest.raises(ModelError, match="no such"):
        unpack(path)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for content in (b"", b"hello", whole[:-100], whole[100:], bytes(flipped)):
        path.write_bytes(content)
        with pytest.raises(ModelError):
            unpack(path)
    changes = [
        (name, lambda old: None) for name in ("network.keras", "vocabulary.txt", "card.json")
    ]
    changes += [("card.json", lambda old: b"{}"), ("vocabulary.txt", lambda old: old + b"\n")]
    for name, change in changes:
        altered(path, name, change)
        with pytest.raises(ModelError):
            unpack(path)
    with pytest.raises(ModelError):
        unpack(tmp_path)


def test_it_refuses_to_start_with_a_sentence(tmp_path):
    command = [sys.executable, "-m", "service", "--port", "0", "--model", tmp_path / "none.zip"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert "no such model file" in result.stderr
    assert "Traceback" not in result.stderr and not result.stdout


# The real one, in a process of its own


@pytest.fixture(scope="module")
def real():
    return Reader.load(MODEL)


@pytest.fixture(scope="module")
def service():
    local = Local("test")
    yield local
    local.stop()
    local.said.seek(0)
    assert "secretword" not in local.said.read()


def post(service, path, body, **headers):
    host = service.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_its_answer_is_that_of_the_reader(service, real):
    status, body = post(service, "/v1/models/sentiment:predict", json.dumps(predict(*TEXTS)))
    expected = real.opinions([real.encode(text) for text in TEXTS])
    assert status == 200
    assert np.allclose(body["predictions"], expected, atol=2e-6)


def test_ten_megabytes_are_refused_and_the_sender_hears_it(service):
    for path in PATHS:
        assert post(service, path, b" " * 10_000_000)[0] == 413
    assert post(service, "/v1/analyze", json.dumps(analyze()))[0] == 200


def watson(service, key=None):
    """Return IBM's client, as its documentation makes one; only its address is ours."""
    clients = pytest.importorskip("ibm_watson", reason="make test-clients installs it")
    from ibm_cloud_sdk_core.authenticators import BasicAuthenticator, NoAuthAuthenticator

    who = BasicAuthenticator("apikey", key) if key else NoAuthAuthenticator()
    client = clients.NaturalLanguageUnderstandingV1(version="2022-04-07", authenticator=who)
    client.set_service_url(service.address)
    return client


def test_the_official_watson_client_works_unchanged(service, real):
    client = watson(service)
    from ibm_watson.natural_language_understanding_v1 import Features, SentimentOptions

    features = Features(sentiment=SentimentOptions())

    def ask(text):
        return client.analyze(text=text, features=features).get_result()

    answer = ask(TEXTS[0])
    assert answer["sentiment"]["document"]["label"] == "positive"
    assert answer["usage"]["text_characters"] == len(TEXTS[0])
    with ThreadPoolExecutor(8) as pool:
        scores = [a["sentiment"]["document"]["score"] for a in pool.map(ask, TEXTS * 4)]
    expected = 2 * real.opinions([real.encode(text) for text in TEXTS]) - 1
    assert np.allclose(scores, np.tile(expected, 4), atol=1e-5)


def test_the_official_watson_client_reports_our_error(service):
    client = watson(service)
    from ibm_cloud_sdk_core import ApiException
    from ibm_watson.natural_language_understanding_v1 import Features, SentimentOptions

    with pytest.raises(ApiException, match="no words") as raised:
        client.analyze(text=" ", features=Features(sentiment=SentimentOptions()))
    assert raised.value.status_code == 422


def test_the_official_watson_client_sends_the_key():
    local = Local("with a key", key="k3y")
    try:
        client = watson(local, "k3y")
        from ibm_watson.natural_language_understanding_v1 import Features, SentimentOptions

        features = Features(sentiment=SentimentOptions())
        assert client.analyze(text="good", features=features).get_status_code() == 200
        assert post(local, "/v1/analyze", json.dumps(analyze()))[0] == 401
    finally:
        local.stop()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_as_the_documentation_of_tensorflow_serving_writes_it(service):
    url = f"{service.address}/v1/models/sentiment:predict"
    body = '{"instances": ["A wonderful film!", "Awful."]}'
    said = subprocess.run(["curl", "-s", "-d", body, "-X", "POST", url], capture_output=True)
    first, second = json.loads(said.stdout)["predictions"]
    assert first > 0.5 > second


def test_a_client_that_hangs_or_hangs_up_stops_nobody(service):
    host, port = service.address.removeprefix("http://").split(":")
    head = b"POST /v1/analyze HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
    slow = [socket.create_connection((host, int(port))) for _ in range(20)]
    for place, connection in enumerate(slow):
        connection.sendall(head if place % 2 else head[:-2] + b"X-Slow: ")
    for _ in range(3):
        for connection in slow:
            connection.sendall(b"a")
        start = time.perf_counter()
        assert post(service, "/v1/analyze", json.dumps(analyze("secretword good")))[0] == 200
        assert time.perf_counter() - start < 2
        time.sleep(0.3)
    for connection in slow:
        connection.close()
    assert post(service, "/v1/analyze", json.dumps(analyze()))[0] == 200


def test_a_request_that_never_ends_is_refused(reader):
    app = create_app(reader, patience=0.2)

    async def ask():
        sent, scope = [], {"type": "http", "method": "POST", "path": "/v1/analyze",
                           "query_string": b"", "headers": []}  # fmt: skip

        async def receive():
            await asyncio.sleep(0.05)
            return {"type": "http.request", "body": b" ", "more_body": True}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)
        return sent

    start, body = asyncio.run(ask())
    assert start["status"] == 408
    assert b"too long" in body["body"]


@contextlib.asynccontextmanager
async def hasty(reader, patience=0.5):
    """The application behind a server that waits half a second for the head of a request."""
    protocol = type("Hasty", (guard.Punctual,), {"patience": patience})
    config = Config(create_app(reader), http=protocol, access_log=False)
    make = asyncio.get_running_loop().create_server
    server = await make(lambda: protocol(config, ServerState(), {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[:2]


HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("before", "start"),
    [(b"", b""), (b"", HEAD + b"X-Slow: "), (HEAD + b"\r\n", HEAD + b"X-Slow: ")],
    ids=["says nothing", "a byte at a time", "a byte at a time, after an answer"],
)
def test_whoever_does_not_finish_the_head_of_a_request_is_hung_up_on(reader, before, start):
    async def ask():
        async with hasty(reader) as address:
            incoming, outgoing = await asyncio.open_connection(*address)
            if before:
                outgoing.write(before)
                await incoming.readuntil(b'"ok"}')
            clock = time.perf_counter()
            outgoing.write(start)
            reading = asyncio.create_task(incoming.read())
            while not reading.done():
                assert time.perf_counter() - clock < 10, "the connection stays open"
                if start:
                    outgoing.write(b"a")
                await asyncio.sleep(0.02)
            assert not reading.exception() or isinstance(reading.exception(), OSError)
            outgoing.close()
            return time.perf_counter() - clock

    assert 0.4 < asyncio.run(ask()) < 3


def test_whoever_takes_longer_than_a_head_may_for_the_rest_is_served(reader):
    """A slow body is the guard's business; the next head has its own time."""

    async def ask():
        async with hasty(reader) as address:
            incoming, outgoing = await asyncio.open_connection(*address)
            for _ in range(3):
                outgoing.write(b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
                for byte in b"slow":
                    await asyncio.sleep(0.2)
                    outgoing.write(bytes([byte]))
                assert b" 405 " in await incoming.readuntil(b"}")
                await asyncio.sleep(0.3)
            outgoing.close()

    asyncio.run(ask())


def test_it_ends_with_the_process_that_started_it():
    code = "from service.local import Local; import os; print(Local('x').process.pid, flush=True)"
    code += "; os._exit(1)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    pid = int(result.stdout)
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    pytest.fail("the service outlives whoever started it")


# More than one machine


def models(name):
    """Return the classes of a client, without what else its package would load."""
    package = name.partition(".")[0]
    found = importlib.util.find_spec(package)
    if not found:
        pytest.skip("make test-clients installs it")
    sys.modules.setdefault(package, importlib.util.module_from_spec(found))  # it does not run
    return importlib.import_module(name)


def read_by_kserve(part, kind):
    """Read a part of a file with the class that KServe's own client has for it, or raise.

    What is Kubernetes' own, a container for instance, is read by the class of its client.
    """
    kserve, kubernetes = models("kserve.models"), models("kubernetes.client.models")
    if kind.startswith("list["):
        return [read_by_kserve(item, kind[5:-1]) for item in part]
    if kind in ("int", "str"):
        assert type(part).__name__ == kind, f"{part!r} is no {kind}"
        return part
    if not hasattr(kserve, kind):
        return getattr(kubernetes, kind).model_validate(part)
    known = getattr(kserve, kind)
    names = {key: name for name, key in known.attribute_map.items()}
    assert set(part) <= set(names), f"{kind} has no {set(part) - set(names)}"
    read = {names[key]: read_by_kserve(value, known.openapi_types[names[key]])
            for key, value in part.items()}  # fmt: skip
    return known(**read)


@pytest.fixture
def manifest():
    path = ROOT / "service" / "scale" / "inference_service.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_official_kserve_client_reads_our_file(manifest):
    read = read_by_kserve(manifest, "V1beta1InferenceService")
    assert (read.api_version, read.kind) == ("serving.kserve.io/v1beta1", "InferenceService")
    (container,) = read.spec.predictor.containers
    assert container.command[:3] == ["python", "-m", "service"]
    assert container.readiness_probe.http_get.port == container.ports[0].container_port


WRONG = {
    "a misspelt field": ("spec.predictor.minReplica", 1),
    "a number in quotes": ("spec.predictor.minReplicas", "1"),
    "no predictor": ("spec.predictor", None),
    "a container without a name": ("spec.predictor.containers.0.name", None),
    "a command that is no list": ("spec.predictor.containers.0.command", "python -m service"),
    "a port in quotes": ("spec.predictor.containers.0.ports.0.containerPort", "8080"),
    "a secret without its key": (
        "spec.predictor.containers.0.env.0.valueFrom.secretKeyRef.key",
        None,
    ),
    "a probe without a port": ("spec.predictor.containers.0.readinessProbe.httpGet.port", None),
    "a misspelt resource": ("spec.predictor.containers.0.resources.limit", {}),
}


@pytest.mark.parametrize(("path", "value"), WRONG.values(), ids=WRONG)
def test_the_official_kserve_client_refuses_what_is_wrong(manifest, path, value):
    *places, last = [int(place) if place.isdigit() else place for place in path.split(".")]
    part = manifest
    for place in places:
        part = part[place]
    if value is None:
        del part[last]
    else:
        part[last] = value
    with pytest.raises((AssertionError, ValueError)):
        read_by_kserve(manifest, "V1beta1InferenceService")


@pytest.fixture
def ray(tmp_path, monkeypatch):
    """A Ray of two processors on this machine, which ends with the test."""
    # Ray gives its agents 15 seconds to start, and ends where they take longer (its issue 65983).
    # JupyterLab brings a package that reads a grammar in each process of Ray, for 3 of them: they
    # all do without.
    (tmp_path / "rfc3987_syntax.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    monkeypatch.setenv("RAY_worker_niceness", "0")  # else replicas get what nobody else wants
    import ray

    quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
    ray.init("local", num_cpus=2, **quiet)
    yield ray
    ray.shutdown()


@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="the extra 'scale' is missing")
def test_two_replicas_on_ray_serve_answer_as_one(real, ray):
    from ray import serve

    from service.scale.ray_serve import application

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": port})
        serve.run(application, route_prefix="/")
        running = serve.status().applications["default"].deployments["Sentiment"]
        assert running.replica_states == {"RUNNING": 2}
        cluster = types.SimpleNamespace(address=f"http://127.0.0.1:{port}")
        expected = real.opinions([real.encode(text) for text in TEXTS])
        for _ in range(6):
            status, body = post(
                cluster, "/v1/models/sentiment:predict", json.dumps(predict(*TEXTS))
            )
            assert status == 200
            assert np.allclose(body["predictions"], expected, atol=2e-6)
        assert post(cluster, "/v1/analyze", b"{}")[0] == 400
    finally:
        serve.shutdown()
