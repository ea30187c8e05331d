"""A backend of HTTP/1.1 that answers each metric in another way that two readers could understand differently."""

import socketserver
import ssl
import sys
import time
from collections.abc import Callable

BODY = b'{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
TYPE = b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)


def ok(fields: bytes, body: bytes = BODY, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return status + b"\r\n" + TYPE + fields + b"\r\n" + body


ANSWERS: dict[str, bytes] = {
    "h1-cl-te": ok(LENGTH + CHUNKED, CHUNKS),
    "h1-cl-twice": ok(LENGTH + LENGTH),
    "h1-cl-list": ok(b"Content-Length: %d, %d\r\n" % (len(BODY), len(BODY))),
    "h1-cl-negative": ok(b"Content-Length: -1\r\n"),
    "h1-cl-hex": ok(b"Content-Length: 0x60\r\n"),
    "h1-cl-huge": ok(b"Content-Length: 99999999999999999999\r\n"),
    "h1-cl-beyond": ok(b"Content-Length: 17000000\r\n"),
    "h1-unframed": ok(b""),
    "h1-te-gzip": ok(b"Transfer-Encoding: gzip, chunked\r\n", CHUNKS),
    "h1-te-10": ok(CHUNKED, CHUNKS, b"HTTP/1.0 200 OK"),
    "h1-folded": ok(b"X: 1\r\n 2\r\n" + LENGTH),
    "h1-bare-lf": ok(LENGTH).replace(b"\r\n", b"\n"),
    "h1-bare-cr": ok(b"X: 1\r2\r\n" + LENGTH),
    "h1-nul": ok(b"X: \0\r\n" + LENGTH),
    "h1-space": ok(b"X : 1\r\n" + LENGTH),
    "h1-09": BODY + b"\r\n",
    "h1-http2": ok(LENGTH, status=b"HTTP/2.0 200 OK"),
    "h1-101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "h1-chunk-hex": ok(CHUNKED, b"0x60\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "h1-chunk-long": ok(CHUNKED, b"2\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "h1-large-head": ok(b"X: " + b"x" * 66_000 + b"\r\n" + LENGTH),
    "h1-redirect": ok(LENGTH + b"Location: https://elsewhere/\r\n", status=b"HTTP/1.1 302 Found"),
    "h1-truncated": ok(b"Content-Length: %d\r\n" % (len(BODY) + 1)),
    "h1-cut-chunks": ok(CHUNKED, CHUNKS[:-5]),
    "h1-last": ok(LENGTH + b"Connection: close\r\n"),
    "h1-close": b"",
    "h1-garbage": bytes(range(256)) * 8,
    "h1-500": ok(LENGTH, status=b"HTTP/1.1 500 Internal Server Error"),
    "h1-busy": ok(LENGTH, status=b"HTTP/1.1 429 Too Many Requests"),
}


def hints(tls: ssl.SSLSocket) -> None:
    end = time.monotonic() + 4
    while time.monotonic() < end:
        tls.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 500)


def stall(tls: ssl.SSLSocket) -> None:
    time.sleep(4)


def trickle(tls: ssl.SSLSocket) -> None:
    tls.sendall(ok(LENGTH, b""))
    for _ in range(40):
        tls.sendall(b" ")
        time.sleep(0.1)


def fine(tls: ssl.SSLSocket) -> None:
    tls.sendall(ok(LENGTH))


SCRIPTS: dict[str, Callable[[ssl.SSLSocket], None]] = {"h1-hints": hints, "h1-stall": stall, "h1-trickle": trickle}


class Backend(socketserver.BaseRequestHandler):
    """One connection; what ends an answer without saying so is ended by closing."""

    def handle(self) -> None:
        try:
            tls: ssl.SSLSocket = context.wrap_socket(self.request, server_side=True)
            received = b""
            while data := tls.recv(1 << 16):
                received += data
                while b"\r\n\r\n" in received:
                    head, _, received = received.partition(b"\r\n\r\n")
                    metric = head.split(b" ")[1].partition(b"?")[0].rpartition(b"/")[2].decode()
                    print("asked", metric, flush=True)
                    if metric in ANSWERS:
                        tls.sendall(ANSWERS[metric])
                        return tls.close()
                    SCRIPTS.get(metric, fine)(tls)
        except (OSError, ssl.SSLError):
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    if sys.argv[1:] == ["metrics"]:
        sys.exit(print("h1-fine", *ANSWERS, *SCRIPTS))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    context.set_alpn_protocols(["http/1.1"])
    Server(("127.0.0.1", int(sys.argv[1])), Backend).serve_forever()
