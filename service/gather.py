"""Gathers what arrives together, texts or pictures, into one pass through the network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


class Busy(Exception):
    """More waits than the service promises to read."""


class Gatherer:
    """One queue, one thread that computes.

    While the thread reads one batch, requests gather in the queue; all that wait (up to `most`
    texts) form the next batch. Nobody waits for a batch to fill: a text that comes alone leaves
    alone.

    Args:
        answer: function from a list of sequences to as many numbers; it runs in the thread.
        most: int, the largest number of texts in a pass; 1 turns gathering off.
        waiting: int, how many texts may wait.
        note: called with the number of texts of each pass.
    """

    def __init__(self, answer, most=64, waiting=1024, note=lambda count: None):
        self.answer, self.most, self.waiting, self.note = answer, most, waiting, note
        self.queue, self.count = asyncio.Queue(), 0
        self.thread = ThreadPoolExecutor(1)

    async def ask(self, sequences):
        """Return the answers to the sequences of one request, which share a pass."""
        if self.count + len(sequences) > self.waiting:
            raise Busy("too many requests wait; try again")
        self.count += len(sequences)
        answers = asyncio.get_running_loop().create_future()
        self.queue.put_nowait((sequences, answers))
        return await answers

    async def run(self):
        """Answer what comes, for ever."""
        left = None  # a request that did not fit into the last batch
        while True:
            requests = [left or await self.queue.get()]
            size, left = len(requests[0][0]), None
            while left is None and not self.queue.empty():
                left = self.queue.get_nowait()
                if size + len(left[0]) <= self.most:
                    requests.append(left)
                    size, left = size + len(left[0]), None
            await self.pass_on(requests, size)

    async def pass_on(self, requests, size):
        """Read the texts of some requests in one pass and hand each request its answers."""
        self.note(size)
        self.count -= size
        batch = [sequence for sequences, _ in requests for sequence in sequences]
        loop = asyncio.get_running_loop()
        try:
            results = list(await loop.run_in_executor(self.thread, self.answer, batch))
        except Exception as error:
            results = error
        for sequences, answers in requests:
            if isinstance(results, Exception):
                settle = answers.set_exception, results
            else:
                settle = answers.set_result, results[: len(sequences)]
                results = results[len(sequences) :]
            if not answers.done():  # else whoever asked has left
                settle[0](settle[1])
