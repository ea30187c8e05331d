"""A backend of HTTP/2 that answers each metric in another way that no backend should. Its log tells what it was asked."""

import socketserver
import ssl
import sys
import time
from collections.abc import Callable

import hpack
from hyperframe.frame import Frame

from wire import (
    CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, NO_ERROR, PREFACE, PUSH, REFUSED_STREAM, RST_STREAM,
    Fields, block, frame, headers, settings, word,
)

JSON: Fields = [(":status", "200"), ("content-type", "application/json")]
BODY = b'{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}'
HALF = BODY[:20]
asked: dict[str, int] = {}


class Backend(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        try:
            tls: ssl.SSLSocket = context.wrap_socket(self.request, server_side=True)
            self.tls, self.received, self.decoder = tls, b"", hpack.Decoder()
            self.tls.sendall(settings((3, 100)))
            while data := self.tls.recv(1 << 16):
                self.received += data
                self.received = self.received.removeprefix(PREFACE)
                self.read_frames()
        except (OSError, ssl.SSLError):
            pass

    def read_frames(self) -> None:
        while len(self.received) >= 9:
            parsed, length = Frame.parse_frame_header(memoryview(self.received[:9]))
            if len(self.received) < 9 + length:
                return
            parsed.parse_body(memoryview(self.received[9 : 9 + length]))
            self.received = self.received[9 + length :]
            if parsed.type == HEADERS:
                path = dict(self.decoder.decode(parsed.data))[":path"]
                self.answer(parsed.stream_id, path.partition("?")[0].rpartition("/")[2])

    def answer(self, stream: int, metric: str) -> None:
        asked[metric] = asked.get(metric, 0) + 1
        print("asked", metric, flush=True)
        ANSWERS.get(metric, fine)(self, stream)

    def send(self, *frames: bytes) -> None:
        self.tls.sendall(b"".join(frames))


def fine(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON, END_HEADERS), frame(DATA, END_STREAM, stream, BODY))


def refused(backend: Backend, stream: int) -> None:
    backend.send(frame(RST_STREAM, 0, stream, word(REFUSED_STREAM)))


def refused_once(backend: Backend, stream: int) -> None:
    (refused if asked["refused-once"] == 1 else fine)(backend, stream)


def gone_before(backend: Backend, stream: int) -> None:
    if asked["gone-before"] > 1:
        return fine(backend, stream)
    backend.send(frame(GOAWAY, payload=word(0) + word(NO_ERROR)))
    backend.tls.close()


def gone_midway(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON, END_HEADERS), frame(DATA, 0, stream, HALF))
    backend.send(frame(GOAWAY, payload=word(stream) + word(NO_ERROR)))
    time.sleep(0.1)
    backend.tls.close()


def gone_gently(backend: Backend, stream: int) -> None:
    backend.send(frame(GOAWAY, payload=word(stream) + word(NO_ERROR)))
    fine(backend, stream)


def stall(backend: Backend, stream: int) -> None:
    return


def trickle(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON, END_HEADERS))
    for _ in range(100):
        backend.send(frame(DATA, 0, stream, b" "))
        time.sleep(0.1)


def unknown_frames(backend: Backend, stream: int) -> None:
    """Nobody has to know them (RFC 9113 section 5.5), and nobody has to read them for ever."""
    many = frame(0xBE) * 5000
    end = time.monotonic() + 4
    while time.monotonic() < end:
        backend.send(many)


def hints(backend: Backend, stream: int) -> None:
    many = headers(stream, [(":status", "103")], END_HEADERS) * 500
    end = time.monotonic() + 4
    while time.monotonic() < end:
        backend.send(many)


def frame_on_no_stream(backend: Backend, stream: int) -> None:
    backend.send(frame(DATA, 0, 0, b"x"))


def frame_too_large(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON, END_HEADERS), frame(DATA, 0, stream, bytes(20_000)))


def broken_table(backend: Backend, stream: int) -> None:
    backend.send(frame(HEADERS, END_HEADERS, stream, b"\xff\xff\xff\xff\xff"))


def large_head(backend: Backend, stream: int) -> None:
    encoded = block(JSON + [(f"x-{i}", "v" * 3900) for i in range(20)])
    parts = [encoded[i : i + 16_000] for i in range(0, len(encoded), 16_000)]
    backend.send(frame(HEADERS, 0, stream, parts[0]))
    for part in parts[1:]:
        backend.send(frame(CONTINUATION, END_HEADERS if part is parts[-1] else 0, stream, part))


def table_bomb(backend: Backend, stream: int) -> None:
    literal = b"\x40\x01x\x7f\xbd\x1d" + b"v" * 3900
    backend.send(frame(HEADERS, END_HEADERS, stream, block(JSON) + literal + b"\xbe" * 12_000))


def too_short(backend: Backend, stream: int) -> None:
    length = [("content-length", str(len(BODY) + 1))]
    backend.send(headers(stream, JSON + length, END_HEADERS), frame(DATA, END_STREAM, stream, BODY))


def too_long(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON + [("content-length", "2")], END_HEADERS), frame(DATA, END_STREAM, stream, BODY))


def reset_after_head(backend: Backend, stream: int) -> None:
    backend.send(headers(stream, JSON, END_HEADERS), frame(RST_STREAM, 0, stream, word(CANCEL)))


def reset_without_error(backend: Backend, stream: int) -> None:
    """All of the answer, but for its end."""
    backend.send(headers(stream, JSON, END_HEADERS), frame(DATA, 0, stream, BODY))
    backend.send(frame(RST_STREAM, 0, stream, word(NO_ERROR)))


def push(backend: Backend, stream: int) -> None:
    """Which no client of ours has asked for; then the answer itself."""
    asked_for = block([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")])
    backend.send(frame(PUSH, END_HEADERS, stream, word(2) + asked_for))
    fine(backend, stream)


def plain(fields: Fields, body: bytes = BODY) -> Callable[[Backend, int], None]:
    def answer(backend: Backend, stream: int) -> None:
        backend.send(headers(stream, fields, END_HEADERS), frame(DATA, END_STREAM, stream, body))

    return answer


ANSWERS: dict[str, Callable[[Backend, int], None]] = {
    "refused": refused,
    "refused-once": refused_once,
    "gone-before": gone_before,
    "gone-midway": gone_midway,
    "gone-gently": gone_gently,
    "stall": stall,
    "trickle": trickle,
    "unknown-frames": unknown_frames,
    "hints": hints,
    "frame-on-no-stream": frame_on_no_stream,
    "frame-too-large": frame_too_large,
    "broken-table": broken_table,
    "large-head": large_head,
    "table-bomb": table_bomb,
    "too-short": too_short,
    "too-long": too_long,
    "reset-after-head": reset_after_head,
    "reset-without-error": reset_without_error,
    "push": push,
    "upper-case": plain(JSON + [("X-A", "b")]),
    "no-status": plain(JSON[1:]),
    "status-101": plain([(":status", "101")]),
    "redirect": plain([(":status", "302"), ("location", "https://elsewhere/")]),
    "not-json": plain([(":status", "200"), ("content-type", "text/html")], b"<html>"),
    "half-json": plain(JSON, HALF),
    "error-500": plain([(":status", "500"), ("content-type", "text/plain")], b"no such metric"),
    "busy": plain([(":status", "429"), ("retry-after", "7"), ("content-type", "text/plain")], b"later"),
}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    if sys.argv[1:] == ["metrics"]:
        sys.exit(print("fine", *ANSWERS))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    context.set_alpn_protocols(["h2"])
    Server(("127.0.0.1", int(sys.argv[1])), Backend).serve_forever()
