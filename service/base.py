"""What every application here has: one thread that computes, health, and refusals in sentences."""

import asyncio
import contextlib

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from service.gather import Busy
from service.guard import Refused, answer


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


def application(title, gatherer, warm_up):
    """Return an application without a dialect.

    Args:
        title: str, the name on the page of its documentation.
        gatherer: a `service.gather.Gatherer`; it runs as long as the application does.
        warm_up: function of nothing; it runs first, so that no client waits for slow first passes.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app):
        warm_up()
        running = asyncio.create_task(gatherer.run())
        yield
        running.cancel()

    app = FastAPI(title=title, docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.get("/health")
    async def health():
        return {"status": "ok"}

    @app.exception_handler(Refused)
    async def refused(request: Request, error):
        return answer(request.url.path, error)

    @app.exception_handler(Busy)
    async def busy(request: Request, error):
        return answer(request.url.path, Refused(503, str(error), **{"Retry-After": "1"}))

    @app.exception_handler(HTTPException)
    async def not_served(request: Request, error):
        unread = error.status_code == 400  # FastAPI could not even decode the body
        sentence = "the body is not JSON in UTF-8" if unread else error.detail.lower()
        return answer(request.url.path, Refused(error.status_code, sentence))

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error):
        return answer(request.url.path, Refused(400, sentence_of(error.errors()[0])))

    return app


def sentence_of(error):
    """Return what is wrong with a request, without any of its content."""
    if error["type"] == "json_invalid":
        return "the body is not JSON"
    place = ".".join(str(part) for part in error["loc"][1:]) or "the body"
    return f"{place}: {error['msg'][:1].lower()}{error['msg'][1:]}"
