"""The same application on Ray Serve: `serve run service.scale.ray_serve:application`.

Each replica loads the model once and gathers the requests that reach it; Ray shares requests out
among replicas, on this machine or on a cluster, and starts a replica again that dies. Ray gives
its own agents 15 seconds to start: on a slow machine, install it apart from JupyterLab, which makes
each of its processes slower by seconds.
"""

from ray import serve

from service.__main__ import MODEL
from service.app import create_app
from service.model import Reader


@serve.deployment(num_replicas=2, max_ongoing_requests=256)
@serve.ingress(lambda: create_app(Reader.load(MODEL)))
class Sentiment:
    """One replica: the whole application."""


application = Sentiment.bind()
