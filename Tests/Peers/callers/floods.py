"""Floods of frames that cost the router more than their sender: each ends its connection, and hurts nobody else."""

import sys
import time
from collections.abc import Callable, Iterator

from good_client import GoodClient
from wire import (
    ACK, CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PREFACE, PRIORITY, RST_STREAM, WINDOW_UPDATE,
    Peer, block, frame, headers, integer, request, settings, word,
)

# A metric whose source never answers: what is asked for it stays open.
STALL = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/web-0/stall"
SECONDS = 8.0
MEBIBYTES = 32
MILLISECONDS = 100.0
BATCH = 200


def rapid_reset() -> Iterator[bytes]:
    for index in range(100_000):
        stream = 2 * index + 1
        yield headers(stream, request()) + frame(RST_STREAM, 0, stream, word(CANCEL))


def continuation() -> Iterator[bytes]:
    yield frame(HEADERS, END_STREAM, 1, block(request()))
    for index in range(100_000):
        yield frame(CONTINUATION, 0, 1, block([(f"x-{index}", "y" * 1000)]))


def empty_continuation() -> Iterator[bytes]:
    yield frame(HEADERS, END_STREAM, 1, block(request()))
    for _ in range(100_000):
        yield frame(CONTINUATION, 0, 1)


def table_bomb() -> Iterator[bytes]:
    """A field of 4 KB put into the table, then mentioned by one byte each time: 60 MB out of 16 KB."""
    mention = bytes([0x80 | 62])
    for index in range(2_000):
        stream = 2 * index + 1
        first = b"\x40" + integer(1) + b"x" + integer(3900) + b"v" * 3900 if index == 0 else b""
        yield frame(HEADERS, END_STREAM | END_HEADERS, stream, block(request()) + first + mention * 12_000)


def ping() -> Iterator[bytes]:
    for _ in range(100_000):
        yield frame(PING, payload=bytes(8))


def ping_ack() -> Iterator[bytes]:
    for _ in range(100_000):
        yield frame(PING, ACK, payload=bytes(8))


def settings_flood() -> Iterator[bytes]:
    for _ in range(100_000):
        yield settings((4, 65_535))


def empty_data() -> Iterator[bytes]:
    yield headers(1, request(STALL), END_HEADERS)
    for _ in range(100_000):
        yield frame(DATA, 0, 1)


def priority() -> Iterator[bytes]:
    for index in range(100_000):
        yield frame(PRIORITY, 0, 2 * (index % 5000) + 1001, word(1) + b"\x10")


def malformed_requests() -> Iterator[bytes]:
    for index in range(100_000):
        yield headers(2 * index + 1, request() + [("connection", "x")])


def provoked_resets() -> Iterator[bytes]:
    """Requests to work on, each reset by the router itself, for a window that grows too far."""
    for index in range(100_000):
        stream = 2 * index + 1
        yield headers(stream, request(STALL)) + frame(WINDOW_UPDATE, 0, stream, word(0x7FFF_FFFF))


# Those that come again on another connection, and how many frames they are in all.
AGAIN = {"rapid-reset": 100_000}
FLOODS: dict[str, Callable[[], Iterator[bytes]]] = {
    "rapid-reset": rapid_reset,
    "provoked-resets": provoked_resets,
    "malformed-requests": malformed_requests,
    "continuation": continuation,
    "empty-continuation": empty_continuation,
    "table-bomb": table_bomb,
    "ping": ping,
    "ping-ack": ping_ack,
    "settings": settings_flood,
    "empty-data": empty_data,
    "priority": priority,
}


def resident(process: int) -> int:
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def pour(peer: Peer, flood: Iterator[bytes]) -> int:
    """How many frames were sent before the router closed, or the time was over."""
    count, batch, end = 0, b"", time.monotonic() + SECONDS
    for data in flood:
        batch += data
        count += 1
        if count % BATCH == 0:
            if not peer.send(batch) or time.monotonic() > end:
                return count
            for _ in peer.frames(0):
                pass
            batch = b""
    peer.send(batch)
    return count


def main(port: int, process: int, name: str) -> int:
    before = resident(process)
    with GoodClient(port) as good:
        peer = Peer(port, PREFACE + settings())
        count = pour(peer, FLOODS[name]())
        is_closed = peer.seconds_to_close(3.0) is not None
        end = time.monotonic() + SECONDS
        while is_closed and name in AGAIN and count < AGAIN[name] and time.monotonic() < end:
            count += pour(Peer(port, PREFACE + settings()), FLOODS[name]())
        time.sleep(0.3)
        grown = (resident(process) - before) / 1024
    slowest = good.milliseconds(0.98)
    print(f"{'closed' if is_closed else 'open'} after {count}, +{max(grown, 0):.0f} MiB, others <= {slowest:.0f} ms")
    is_good = is_closed and grown <= MEBIBYTES and slowest <= MILLISECONDS and good.failures == 0
    return 0 if is_good else 1


if __name__ == "__main__":
    # Of the few answers that fit into a flood the slowest counts: a machine that does other things too may need another try.
    sys.exit(0 if any(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]) == 0 for _ in range(3)) else 1)
