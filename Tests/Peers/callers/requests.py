"""Requests of HTTP/2 that are not as they should be: refused one by one, and the connection good for the next."""

import sys

from wire import (
    DATA, END_HEADERS, END_STREAM, PREFACE, WINDOW_UPDATE, Fields, Peer, frame, headers, request, settings, word,
)

PSEUDO: Fields = request()
# What each is answered: a reset of its stream, or a status.
REQUESTS: dict[str, tuple[Fields, str]] = {
    "duplicate :path": (PSEUDO + [(":path", "/apis")], "reset"),
    "duplicate :method": ([(":method", "GET")] + PSEUDO, "reset"),
    "no :path": (PSEUDO[:3], "reset"),
    "no :method": (PSEUDO[1:], "reset"),
    "no :scheme": ([PSEUDO[0]] + PSEUDO[2:], "reset"),
    "no :authority": ([PSEUDO[0], PSEUDO[1], PSEUDO[3]], "reset"),
    "empty :path": (PSEUDO[:3] + [(":path", "")], "reset"),
    "pseudo behind regular": (PSEUDO[:3] + [("accept", "*/*"), PSEUDO[3]], "reset"),
    "unknown pseudo": (PSEUDO + [(":protocol", "websocket")], "reset"),
    ":status": (PSEUDO + [(":status", "200")], "reset"),
    "upper case": (PSEUDO + [("Accept", "*/*")], "reset"),
    "connection": (PSEUDO + [("connection", "keep-alive")], "reset"),
    "keep-alive": (PSEUDO + [("keep-alive", "1")], "reset"),
    "proxy-connection": (PSEUDO + [("proxy-connection", "x")], "reset"),
    "transfer-encoding": (PSEUDO + [("transfer-encoding", "chunked")], "reset"),
    "upgrade": (PSEUDO + [("upgrade", "h2c")], "reset"),
    "te: gzip": (PSEUDO + [("te", "gzip")], "reset"),
    "CR LF in a value": (PSEUDO + [("x", "a\r\nb: c")], "reset"),
    "NUL in a value": (PSEUDO + [("x", "a\0")], "reset"),
    "CR LF in a name": (PSEUDO + [("x\r\ny", "a")], "reset"),
    "wrong content-length": (PSEUDO + [("content-length", "7")], "reset"),
    "path without /": (request("healthz"), "reset or 400"),
    "path with space": (request("/healthz x"), "reset or 400"),
    "path with #": (request("/healthz#x"), "400"),
    "path beyond ASCII": (request("/\u00e9"), "reset or 400"),
    "absolute path": (request("https://router/healthz"), "reset or 400"),
    "asterisk": (request("*"), "reset or 400"),
    "path of 4097 bytes": (request("/" + "a" * 4096), "414"),
    "encoded slash": (request("/apis%2Fcustom.metrics.k8s.io"), "400"),
    "dot segment": (request("/apis/../healthz"), "400"),
    "CONNECT": ([(":method", "CONNECT"), (":authority", "a:443")], "reset or 400"),
    "field section above 64 KiB": (PSEUDO + [(f"x-{i}", "v" * 3900) for i in range(4)], "200"),
    "te: trailers": (PSEUDO + [("te", "trailers")], "200"),
    "HEAD": (request(method="HEAD"), "200"),
    "POST": (request("/apis", "POST"), "405"),
}


def each() -> list[str]:
    """What went otherwise than expected."""
    wrong: list[str] = []
    port = int(sys.argv[1])
    for name, (fields, expected) in REQUESTS.items():
        peer = Peer(port)
        peer.send(headers(1, fields) + headers(3, request()))
        peer.wait(3, lambda: 3 in peer.ended and (1 in peer.ended or 1 in peer.resets))
        got = peer.statuses.get(1) or ("reset" if 1 in peer.resets else "nothing")
        if got not in expected.split(" or ") or peer.statuses.get(3) != "200":
            wrong.append(f"{name}: {got} instead of {expected}, then {peer.statuses.get(3)}")
        peer.socket.close()
    return wrong


def large() -> list[str]:
    """A field section above 64 KiB in several frames: 431, and the connection lives on."""
    peer = Peer(int(sys.argv[1]))
    encoded = headers(1, request() + [(f"x-{i}", "v" * 3900) for i in range(20)])[9:]
    parts = [encoded[i : i + 16_000] for i in range(0, len(encoded), 16_000)]
    data = frame(1, END_STREAM, 1, parts[0])
    for part in parts[1:]:
        data += frame(9, END_HEADERS if part is parts[-1] else 0, 1, part)
    peer.send(data + headers(3, request()))
    peer.wait(3, lambda: {1, 3} <= peer.ended)
    is_good = peer.statuses.get(1) == "431" and peer.statuses.get(3) == "200"
    return [] if is_good else [f"{peer.statuses} {peer.resets} {peer.goaways}"]


def trailers() -> list[str]:
    """Fields behind a body are read over, were they those of a front proxy."""
    peer = Peer(int(sys.argv[1]))
    peer.send(headers(1, request(), END_HEADERS) + headers(1, [("x-remote-user", "root")]) + headers(3, request()))
    peer.wait(3, lambda: {1, 3} <= peer.ended)
    is_good = peer.statuses.get(1) == "200" and peer.statuses.get(3) == "200"
    return [] if is_good else [f"{peer.statuses} {peer.resets}"]


def body() -> list[str]:
    """A body of GET is not read: the answer comes before its end, and a reset without an error behind it."""
    peer = Peer(int(sys.argv[1]))
    peer.send(headers(1, request(), END_HEADERS) + frame(DATA, 0, 1, b"x" * 100) + headers(3, request()))
    peer.wait(3, lambda: {1, 3} <= peer.ended and 1 in peer.resets)
    is_good = peer.statuses.get(1) == "200" and peer.statuses.get(3) == "200" and peer.resets == {1: 0}
    return [] if is_good else [f"{peer.statuses} {peer.resets}"]


def overflow() -> list[str]:
    """Windows beyond 2^31-1: of a stream, its reset; of the connection, its end."""
    peer = Peer(int(sys.argv[1]), PREFACE + settings((4, 0)))
    peer.send(headers(1, request("/apis")) + frame(WINDOW_UPDATE, 0, 1, word(0x7FFF_FFFF)) * 2 + headers(3, request()))
    peer.wait(3, lambda: 1 in peer.resets)
    wrong = [] if peer.resets.get(1) == 3 else [f"stream: {peer.resets}"]
    peer.send(frame(WINDOW_UPDATE, payload=word(0x7FFF_FFFF)))
    is_closed = peer.seconds_to_close(3) is not None
    if not is_closed or not peer.goaways or peer.goaways[-1][1] != 3:
        wrong.append(f"connection: closed {is_closed}, {peer.goaways}")
    return wrong


def too_many() -> list[str]:
    """A hundred streams wait for room; the next is refused, and they are answered when room comes."""
    peer = Peer(int(sys.argv[1]), PREFACE + settings((4, 0)))
    data = b"".join(headers(stream, request("/apis")) for stream in range(1, 203, 2))
    peer.send(data)
    peer.wait(3, lambda: 201 in peer.resets)
    peer.send(settings((4, 65_535)))
    peer.wait(3, lambda: len(peer.ended) == 100)
    is_good = peer.resets == {201: 7} and len(peer.ended) == 100
    return [] if is_good else [f"{len(peer.ended)} answered, {peer.resets}, {peer.goaways}"]


def bad_preface() -> list[str]:
    wrong = []
    for first in [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", PREFACE[:-4] + b"XX\r\n", frame(4), b"\0" * 100]:
        peer = Peer(int(sys.argv[1]), first, acknowledges=False)
        taken = peer.seconds_to_close(1)
        if taken is None or peer.statuses:
            wrong.append(f"{first[:20]!r}: closed after {taken}, {peer.statuses}")
    return wrong


KINDS = {
    "each": each, "large": large, "trailers": trailers, "body": body, "overflow": overflow, "too-many": too_many,
    "bad-preface": bad_preface,
}

if __name__ == "__main__":
    found = KINDS[sys.argv[2]]()
    print("\n".join(found) if found else f"{len(REQUESTS)} requests" if sys.argv[2] == "each" else "")
    sys.exit(1 if found else 0)
