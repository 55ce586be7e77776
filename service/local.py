"""Starts the service from a notebook or a test, on a free port, and always stops it."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

running = {}  # name: Local; a second one of the same name takes the place of the first


class Local:
    """A service in a process of its own, which ends with the process that started it.

    Args:
        name: str; whoever starts another of this name stops this one.
        *arguments: str, for `python -m service`.
        key: str that it shall ask for, or None.

    Raises:
        RuntimeError: with the service's own sentence, if it refuses to start.
    """

    def __init__(self, name, *arguments, key=None):
        if name in running:
            running[name].stop()
        command = [sys.executable, "-m", "service", "--port", "0", "--with-input", *arguments]
        root = str(Path(__file__).parent.parent)
        # Without a GPU: whoever starts it holds that one's memory, and these networks are small.
        settings = {"PYTHONPATH": root, "SERVICE_KEY": key or "", "CUDA_VISIBLE_DEVICES": "-1"}
        environment = {**os.environ, **settings}
        # Its standard input is a pipe of ours: it ends when we end, whatever ends us.
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.said}
        self.process = subprocess.Popen(command, env=environment, text=True, **pipes)
        running[name] = self
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if not found:
            self.stop()
            self.said.seek(0)
            raise RuntimeError(self.said.read().strip().split("\n")[-1])
        self.address = found[0]
        self.wait()

    def wait(self, seconds=60):
        """Wait until it answers: its first pass through the network takes a while."""
        for _ in range(10 * seconds):
            try:
                return urllib.request.urlopen(f"{self.address}/health", timeout=seconds).close()
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the service does not answer")

    def stop(self):
        """Stop it, if it still runs."""
        if self.process.poll() is None:
            try:
                self.process.communicate(timeout=20)  # closes its input and waits
            except subprocess.TimeoutExpired:
                self.process.kill()
