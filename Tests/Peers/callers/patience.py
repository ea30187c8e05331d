"""Callers who begin and do not go on, or take nothing of what they asked for: how long the router bears with them."""

import sys
import time
from collections.abc import Callable

from wire import END_STREAM, HEADERS, PREFACE, WINDOW_UPDATE, Peer, block, frame, headers, request, settings, word


def closes_at(port: int, first: bytes, bound: float) -> tuple[bool, str]:
    taken = Peer(port, first, acknowledges=False).seconds_to_close(bound + 3)
    if taken is None:
        return False, f"still open after {bound + 3:.0f} s"
    return bound - 0.2 <= taken <= bound + 1.5, f"closed after {taken:.1f} s"


def half_preface(port: int, bound: float) -> tuple[bool, str]:
    return closes_at(port, PREFACE[:12], bound)


def silence(port: int, bound: float) -> tuple[bool, str]:
    return closes_at(port, b"", bound)


def endless_head(port: int, bound: float) -> tuple[bool, str]:
    return closes_at(port, PREFACE + settings() + frame(HEADERS, END_STREAM, 1, block(request())), bound)


def no_window(port: int, bound: float) -> tuple[bool, str]:
    """A hundred answers for which there is no room: each is given up, and the connection good for the next request."""
    peer = Peer(port, PREFACE + settings((4, 0)))
    peer.send(b"".join(headers(stream, request("/apis")) for stream in range(1, 201, 2)))
    start = time.monotonic()
    is_given_up = peer.wait(bound + 4, lambda: len(peer.resets) == 100)
    taken = time.monotonic() - start
    peer.send(settings((4, 65_535)) + headers(201, request()))
    is_good = peer.wait(2, lambda: 201 in peer.ended)
    return is_given_up and is_good and taken >= bound - 0.2, f"{len(peer.resets)} given up after {taken:.1f} s"


def reads_nothing(port: int, bound: float) -> tuple[bool, str]:
    """All the windows there are, and nobody who empties the socket."""
    peer = Peer(port, PREFACE + settings((4, 0x7FFF_FFFF)) + frame(WINDOW_UPDATE, payload=word(0x7FFF_0000)))
    start, stream = time.monotonic(), 1
    while time.monotonic() - start < 1 and not peer.is_closed:
        peer.socket.settimeout(0.2)
        try:
            peer.socket.sendall(b"".join(headers(id, request("/metrics")) for id in range(stream, stream + 180, 2)))
        except OSError:
            break
        stream += 180
    time.sleep(bound + 2)
    taken = peer.seconds_to_close(5)
    return taken is not None, f"{'closed' if taken is not None else 'open'} after {time.monotonic() - start:.1f} s"


CALLERS: dict[str, Callable[[int, float], tuple[bool, str]]] = {
    "half-preface": half_preface,
    "silence": silence,
    "endless-head": endless_head,
    "no-window": no_window,
    "reads-nothing": reads_nothing,
}

if __name__ == "__main__":
    holds, seen = CALLERS[sys.argv[3]](int(sys.argv[1]), float(sys.argv[2]))
    print(seen)
    sys.exit(0 if holds else 1)
