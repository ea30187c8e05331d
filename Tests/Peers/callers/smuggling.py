"""Requests of HTTP/1.1 that two readers could understand differently, each with another one behind it: the first is
answered as it should be, the second by nobody. Those in Tests/Fixtures/Smuggling are sent too."""

import json
import pathlib
import sys

from wire import connect

SECOND = b"GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n"


def get(fields: bytes = b"", body: bytes = b"", target: bytes = b"/livez", version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + target + b" " + version + b"\r\nHost: a\r\n" + fields + b"\r\n" + body


ZERO = b"0\r\n\r\n"
REFUSED: dict[str, tuple[bytes, int]] = {
    "length and chunks": (get(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", ZERO), 400),
    "chunks and length": (get(b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", ZERO), 400),
    "two equal lengths": (get(b"Content-Length: 0\r\nContent-Length: 0\r\n"), 400),
    "two lengths": (get(b"Content-Length: 0\r\nContent-Length: 42\r\n"), 400),
    "a list of lengths": (get(b"Content-Length: 0, 0\r\n"), 400),
    "negative length": (get(b"Content-Length: -1\r\n"), 400),
    "signed length": (get(b"Content-Length: +0\r\n"), 400),
    "hexadecimal length": (get(b"Content-Length: 0x0\r\n"), 400),
    "length beyond 64 bits": (get(b"Content-Length: 18446744073709551616\r\n"), 400),
    "gzip and chunks": (get(b"Transfer-Encoding: gzip, chunked\r\n", ZERO), 501),
    "chunks twice": (get(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ZERO), 501),
    "chunks, misspelt": (get(b"Transfer-Encoding: xchunked\r\n", ZERO), 501),
    "chunks, identity": (get(b"Transfer-Encoding: chunked, identity\r\n", ZERO), 501),
    "chunks behind a vertical tab": (get(b"Transfer-Encoding: \x0bchunked\r\n", ZERO), 400),
    "space before colon": (get(b"Transfer-Encoding : chunked\r\n", ZERO), 400),
    "folded field": (get(b"Transfer-Encoding:\r\n chunked\r\n", ZERO), 400),
    "chunks in HTTP/1.0": (get(b"Transfer-Encoding: chunked\r\n", ZERO, version=b"HTTP/1.0"), 501),
    "bare LF": (get(b"X: 1\nY: 2\r\n"), 400),
    "bare CR": (get(b"X: 1\rY: 2\r\n"), 400),
    "LF LF": (b"GET /livez HTTP/1.1\nHost: a\n\n", 400),
    "NUL in a value": (get(b"X: \0\r\n"), 400),
    "NUL in a name": (get(b"X\0: 1\r\n"), 400),
    "no Host": (b"GET /livez HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (get(b"Host: b\r\n"), 400),
    "absolute form": (get(target=b"https://a/livez"), 400),
    "CONNECT": (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400),
    "fragment": (get(target=b"/livez#a"), 400),
    "space in the target": (get(target=b"/livez a"), 505),
    "HTTP/0.9": (b"GET /livez\r\n\r\n", 400),
    "HTTP/2.0": (get(version=b"HTTP/2.0"), 505),
    "preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "empty line first": (b"\r\n" + get(), 400),
    "head above 64 KiB": (get(b"X: " + b"x" * 65_536 + b"\r\n"), 431),
    # Answered, and closed: nobody needs to know where the body ends.
    "body of a length": (get(b"Content-Length: %d\r\n" % len(SECOND)), 200),
    "body that is too short": (get(b"Content-Length: 999\r\n"), 200),
    "body of chunks": (get(b"Transfer-Encoding: chunked\r\n", ZERO), 200),
    "expectation": (get(b"Expect: 100-continue\r\nContent-Length: 1\r\n", b"x"), 200),
    "HTTP/1.0": (get(version=b"HTTP/1.0"), 200),
    "close": (get(b"Connection: close\r\n"), 200),
    "POST": (b"POST /apis HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 405),
}

# The connection lives on: both are answered.
ANSWERED: dict[str, tuple[bytes, int]] = {
    "plain": (get(), 200),
    "upgrade to h2c": (get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), 200),
    "HTTP/1.0 with keep-alive": (get(b"Connection: keep-alive\r\n", version=b"HTTP/1.0"), 200),
    "path above 4 KiB": (get(target=b"/" + b"a" * 4096), 414),
    "encoded slash": (get(target=b"/apis%2Fcustom.metrics.k8s.io"), 400),
    "encoded NUL": (get(target=b"/apis/%00"), 400),
    "dot segment": (get(target=b"/apis/../livez"), 400),
    "empty segment": (get(target=b"/apis//custom.metrics.k8s.io"), 400),
    "HEAD": (b"HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n", 200),
}


def statuses(port: int, sent: bytes, limit: float) -> list[int]:
    """Of all that comes until the router closes, or for so long."""
    tls = connect(port, "http/1.1")
    received = b""
    try:
        tls.sendall(sent + SECOND)
        tls.settimeout(limit)
        while data := tls.recv(1 << 16):
            received += data
    except OSError:
        pass
    tls.close()
    return [int(part[2:5]) for part in received.split(b"HTTP/1.")[1:]]


def main(port: int) -> int:
    wrong = []
    refused = dict(REFUSED)
    corpus = pathlib.Path(__file__).parents[2] / "Fixtures/Smuggling/requests.json"
    for case in json.loads(corpus.read_text(encoding="utf-8")):
        refused["corpus: " + case["name"]] = (case["sent"].encode(), case["status"])
    for name, (sent, status) in refused.items():
        got = statuses(port, sent, 3)
        if got != [status]:
            wrong.append(f"{name}: {got} instead of {status} alone")
    for name, (sent, status) in ANSWERED.items():
        got = statuses(port, sent, 0.1)
        if got != [status, 200]:
            wrong.append(f"{name}: {got} instead of {status} and 200")
    print("\n".join(wrong) if wrong else f"{len(refused)} + {len(ANSWERED)} requests")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
