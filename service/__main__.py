"""Starts the service: `python -m service --help`."""

import argparse
import ipaddress
import os
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from coursekit.quiet import quiet_tensorflow
from service.app import MOST, create_app
from service.guard import Punctual
from service.model import ModelError, Reader

MODEL = Path(__file__).parent / "sentiment.zip"
KEY = "SERVICE_KEY"
HINT = """\
The service answers on {address} (Ctrl+C stops it).
  the page that reads digits  {address}/
  documentation               {address}/docs
  to try it                   curl -d '{{"instances": ["A wonderful film!"]}}' \
{address}/v1/models/sentiment:predict"""
PICTURES = """\
The service answers on {address} (Ctrl+C stops it).
  to try it  curl -d '{{"instances": [{{"b64": "..."}}]}}' {address}/v1/models/pictures:predict"""


def main():
    parser = argparse.ArgumentParser(prog="python -m service", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help=f"others ask for a key in ${KEY}")
    parser.add_argument("--port", type=int, default=8000, help="0: any that is free")
    parser.add_argument("--model", default=MODEL, help="the file that lesson 07 or 10 writes")
    parser.add_argument("--most", type=int, default=MOST, help="texts gathered; 1: no gathering")
    parser.add_argument("--with-input", action="store_true", help="stop when standard input ends")
    asked = parser.parse_args()
    key = os.environ.get(KEY) or None
    quiet_tensorflow()
    if key is None and not loopback(asked.host):
        sys.exit(f"Without a key only this machine is served: set {KEY}, or leave out --host.")
    try:
        app, hint = served(asked, key)
        listening = socket.create_server((asked.host, asked.port))
    except (ModelError, OSError) as error:
        sys.exit(f"The service can't start: {error}")
    # An answer leaves at once, not when the client has confirmed the piece before it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        app, http=Punctual, log_level="warning", access_log=False, limit_concurrency=512
    )
    server = uvicorn.Server(config)
    if asked.with_input:
        threading.Thread(target=stop_at_end_of_input, args=[server], daemon=True).start()
    host, port = listening.getsockname()[:2]
    print(hint.format(address=f"http://{host}:{port}"), flush=True)
    server.run(sockets=[listening])


def served(asked, key):
    """Return the application that the file asks for, and what to say when it starts."""
    if Path(asked.model).suffix != ".keras":
        return create_app(Reader.load(asked.model), key=key, most=asked.most), HINT
    from service import pictures  # only who serves pictures waits for Pillow

    return pictures.create_app(pictures.Classifier.load(asked.model), key=key), PICTURES


def loopback(host):
    """Return whether an address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def stop_at_end_of_input(server):
    """Stop when whoever started the service closes its standard input, or dies."""
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
