"""A caller who keeps one connection and asks again and again: how long each answer took, and that each was 200."""

import http.client
import multiprocessing
import ssl
import time
from multiprocessing.connection import Connection

PAUSE = 0.01


def ask(port: int, path: str, pipe: Connection) -> None:
    context = ssl._create_unverified_context()
    client = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    times: list[float] = []
    failures = 0
    # Securing the connection is no answer.
    client.connect()
    pipe.send("ready")
    while not pipe.poll():
        start = time.monotonic()
        try:
            client.request("GET", path)
            answer = client.getresponse()
            answer.read()
            failures += answer.status != 200
        except (OSError, http.client.HTTPException):
            failures += 1
            client.close()
        times.append(time.monotonic() - start)
        time.sleep(PAUSE)
    pipe.send((times, failures))


class GoodClient:
    """`with GoodClient(port) as client:` - in a process of its own, so that nothing here slows it down."""

    def __init__(self, port: int, path: str = "/apis") -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=ask, args=(port, path, theirs), daemon=True)
        self.times: list[float] = [0.0]
        self.failures = 0

    def __enter__(self) -> "GoodClient":
        self.process.start()
        self.pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.send("stop")
        self.times, self.failures = self.pipe.recv()
        self.process.join(10)

    def milliseconds(self, share: float) -> float:
        """Within which that share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
