"""The application: one network behind two dialects, its health, its metrics and its page."""

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import prometheus_client as prometheus
from fastapi import Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from pydantic import Field
from swagger_ui_bundle import swagger_ui_path

from service.base import Strict, application
from service.gather import Gatherer
from service.guard import Guard, Refused

WEB = Path(__file__).parent / "web"
LONGEST, MOST = 15_000, 64  # characters of a text, texts of a request
Text = Annotated[str, Field(max_length=LONGEST)]


class Sentiment(Strict):
    document: Literal[True] = True


class Features(Strict):
    sentiment: Sentiment


class Analyze(Strict):
    """What Watson's Natural Language Understanding takes, as far as this service goes."""

    text: Text
    features: Features
    language: Literal["en"] = "en"
    return_analyzed_text: bool = False


class Predict(Strict):
    """What TensorFlow Serving's REST takes for a model whose input is a text."""

    instances: Annotated[list[Text], Field(min_length=1, max_length=MOST)]
    signature_name: Literal["serving_default"] = "serving_default"


class Meters:
    """What is worth watching: times, sizes, and two hints that texts have changed."""

    def __init__(self):
        self.registry = prometheus.CollectorRegistry()
        kinds = prometheus.Counter, prometheus.Histogram
        count, histogram = (lambda *a, k=k, **b: k(*a, registry=self.registry, **b) for k in kinds)
        self.requests = count("requests", "Requests by answer", ["path", "status"])
        self.seconds = histogram("request_seconds", "Seconds of a request", ["path"])
        powers = [2**power for power in range(8)]
        self.batch = histogram("batch_texts", "Texts in one pass", buckets=powers)
        tenths = [tenth / 10 for tenth in range(1, 11)]
        self.unknown = histogram("unknown_words", "Share of words not known", buckets=tenths)
        self.positive = histogram("probability", "Probability of positive", buckets=tenths)

    def request(self, known, path, status, seconds):
        path = path if path in known else "other"  # else a scanner makes a meter for each path
        self.requests.labels(path, status).inc()
        self.seconds.labels(path).observe(seconds)


def create_app(reader, *, key=None, most=MOST, patience=10.0):
    """Return the application that serves a `Reader`.

    Args:
        reader: a `service.model.Reader`, or anything with its `encode` and `opinions`.
        key: str that `/v1/` and `/metrics` ask for, or None.
        most: int, texts of different requests in one pass; 1 turns gathering off.
        patience: float, seconds that a client has to send its request.
    """
    meters = Meters()
    gatherer = Gatherer(reader.opinions, most, note=meters.batch.observe)

    def warm_up():
        for count in (2, 1):  # TensorFlow traces the first two shapes
            reader.opinions([np.ones(count, "int32")] * count)

    app = application("Sentiment of film reviews", gatherer, warm_up)

    async def read(texts):
        """Return the probability of being positive of each text."""
        sequences = [reader.encode(text) for text in texts]
        for place, sequence in enumerate(sequences):
            if not len(sequence):
                raise Refused(422, f"text {place + 1} has no words that the network can read")
        answers = await gatherer.ask(sequences)
        for sequence, probability in zip(sequences, answers, strict=True):
            meters.unknown.observe(float((sequence == 1).mean()))
            meters.positive.observe(probability)
        return answers

    @app.post("/v1/analyze", tags=["IBM Watson Natural Language Understanding"])
    async def analyze(asked: Analyze, version: str = ""):
        (probability,) = await read([asked.text])
        label = "positive" if probability > 0.5 else "negative"
        document = {"score": round(2 * probability - 1, 6), "label": label}
        said = {"analyzed_text": asked.text} if asked.return_analyzed_text else {}
        usage = {"text_units": 1, "text_characters": len(asked.text), "features": 1}
        return {"usage": usage, "language": "en", "sentiment": {"document": document}} | said

    @app.post("/v1/models/sentiment:predict", tags=["TensorFlow Serving, KServe"])
    async def predict(asked: Predict):
        return {"predictions": [round(answer, 6) for answer in await read(asked.instances)]}

    @app.get("/v1/models/sentiment", tags=["TensorFlow Serving, KServe"])
    async def model():
        status = {"error_code": "OK", "error_message": ""}
        version = {"version": "1", "state": "AVAILABLE", "status": status}
        return {"name": "sentiment", "ready": True, "model_version_status": [version]}

    @app.get("/metrics")
    async def metrics():
        text = prometheus.generate_latest(meters.registry)
        return Response(text, media_type=prometheus.CONTENT_TYPE_LATEST)

    @app.get("/docs", include_in_schema=False)
    async def docs():
        return get_swagger_ui_html(openapi_url="openapi.json", title=app.title,
            swagger_js_url="swagger/swagger-ui-bundle.js", swagger_favicon_url="",
            swagger_css_url="swagger/swagger-ui.css")  # fmt: skip

    known = {"/"} | {route.path for route in app.routes}
    app.mount("/swagger", StaticFiles(directory=swagger_ui_path))
    app.mount("/", StaticFiles(directory=WEB, html=True))
    app.add_middleware(Guard, key=key, patience=patience,
                       note=lambda *measured: meters.request(known, *measured))  # fmt: skip
    return app
