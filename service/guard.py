"""What happens to a request before the application sees it: its key, its size, its time."""

import asyncio
import base64
import logging
import secrets
import time

from starlette.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

LARGEST = 256_000  # bytes of a request
DROPPED = 32_000_000  # bytes that are read to the end before a request is refused
PATIENCE = 10.0  # seconds in which its head must have come, and then its body
PROTECTED = ("/v1/", "/metrics")

log = logging.getLogger("service")


class Refused(Exception):
    """A request that gets a 4xx or 5xx with a sentence."""

    def __init__(self, status, sentence, **headers):
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


def answer(path, refused):
    """Return a refusal in the dialect of its path: Watson's has the code in its body, too."""
    body = {"error": refused.sentence}
    if ":predict" not in path:
        body["code"] = refused.status
    return JSONResponse(body, refused.status, refused.headers)


class Guard:
    """ASGI middleware: it admits a request, reads it whole, and turns mishaps into sentences.

    Nothing of a text is kept or logged: neither body nor query, only path, status and time.

    Args:
        app: the application.
        key: str that `/v1/` and `/metrics` ask for, or None.
        note: called with path, status and seconds of each request.
        patience: float, seconds that a client has to send its request.
    """

    def __init__(self, app, key=None, note=lambda *measured: None, patience=PATIENCE):
        self.app, self.key, self.note, self.patience = app, key, note, patience

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        start, status, path = time.perf_counter(), 499, scope["path"]  # 499: the client hung up

        async def watched(message):
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            self.admit(path, dict(scope["headers"]))
            body = await asyncio.wait_for(whole_body(receive), self.patience)
            await self.app(as_json(scope), replay(body, receive), watched)
        except Hangup:
            pass
        except Refused as refused:
            await answer(path, refused)(scope, receive, watched)
        except TimeoutError:
            slow = Refused(408, "the request took too long to arrive", Connection="close")
            await answer(path, slow)(scope, receive, watched)
        except Exception as error:  # its message could hold a piece of a text
            log.error("%s at %s", type(error).__name__, path)
            if status == 499:
                broken = Refused(500, "the service made a mistake; the text was not at fault")
                await answer(path, broken)(scope, receive, watched)
        finally:
            self.note(path, status, time.perf_counter() - start)

    def admit(self, path, headers):
        """Raise `Refused` unless the request has the key, if one is asked for."""
        if self.key is None or not path.startswith(PROTECTED):
            return
        given = key_in(headers.get(b"authorization", b"").decode("latin-1"))
        if not secrets.compare_digest(given.encode(), self.key.encode()):
            raise Refused(401, "this service asks for its key", **{"WWW-Authenticate": "Basic"})


def key_in(header):
    """Return the key in `Bearer KEY` or, as Watson's clients send it, `Basic` of `apikey:KEY`."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return value
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except ValueError:
        return ""


class Hangup(Exception):
    """The client left before its request was whole."""


async def whole_body(receive):
    """Return the body of a request, at most LARGEST bytes.

    What comes beyond is read and dropped, up to DROPPED bytes: a client that is still sending
    would not hear the answer.
    """
    body, size, more = b"", 0, True
    while more and size <= DROPPED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Hangup
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        body = body + piece if size <= LARGEST else b""
    if size > LARGEST:
        raise Refused(413, f"a request has at most {LARGEST} bytes", Connection="close")
    return body


def as_json(scope):
    """Return the scope of a request with a JSON body, whatever it says: plain curl says a form."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
    return {**scope, "headers": [*headers, (b"content-type", b"application/json")]}


def replay(body, receive):
    """Return a `receive` that gives the whole body first, then what else comes."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message():
        return messages.pop() if messages else await receive()

    return next_message


class Punctual(H11Protocol):
    """Uvicorn's HTTP, which also hangs up where the head of a request takes too long to come.

    The application, and with it the guard, only hears of a request when its head is whole; until
    then uvicorn itself waits for ever.
    """

    patience, due = PATIENCE, None

    def connection_made(self, transport):
        super().connection_made(transport)
        self.watch()

    def data_received(self, data):
        super().data_received(data)
        self.watch()

    def watch(self):
        """Set the clock while a head is on its way, and stop it when a request has begun."""
        waiting = self.cycle is None or self.cycle.response_complete
        if waiting and self.due is None:
            self.due = self.loop.call_later(self.patience, self.timeout_keep_alive_handler)
        elif not waiting and self.due is not None:
            self.due.cancel()
            self.due = None
