"""Both sides of HTTP/2 as bytes: frames that may break any rule, and what a peer answers to them."""

import socket
import ssl
import time
from collections.abc import Iterator

import hpack
from hyperframe.frame import Frame

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, REFUSED_STREAM, CANCEL = 0, 1, 3, 7, 8
Fields = list[tuple[str, str]]


def frame(kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def block(fields: Fields) -> bytes:
    """Literals that change no table: the same bytes mean the same on every connection."""
    encoded = b""
    for name, value in fields:
        encoded += b"\x00" + integer(len(name.encode())) + name.encode() + integer(len(value.encode())) + value.encode()
    return encoded


def integer(value: int) -> bytes:
    if value < 127:
        return bytes([value])
    encoded, rest = bytearray([127]), value - 127
    while rest >= 128:
        encoded.append(rest % 128 + 128)
        rest //= 128
    return bytes(encoded + bytes([rest]))


def headers(stream: int, fields: Fields, flags: int = END_STREAM | END_HEADERS) -> bytes:
    return frame(HEADERS, flags, stream, block(fields))


def request(path: str = "/healthz", method: str = "GET") -> Fields:
    return [(":method", method), (":scheme", "https"), (":authority", "router"), (":path", path)]


def settings(*entries: tuple[int, int]) -> bytes:
    return frame(SETTINGS, payload=b"".join(k.to_bytes(2, "big") + v.to_bytes(4, "big") for k, v in entries))


def word(value: int) -> bytes:
    return value.to_bytes(4, "big")


def connect(port: int, protocol: str = "h2", receive_buffer: int = 0) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    plain = socket.socket()
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.settimeout(10)
    plain.connect(("127.0.0.1", port))
    return context.wrap_socket(plain)


class Peer:
    """One connection of HTTP/2 to the router, and what has come on it."""

    def __init__(self, port: int, first: bytes = PREFACE + settings(), acknowledges: bool = True) -> None:
        self.socket = connect(port)
        self.received = b""
        self.is_closed = False
        self.acknowledges = acknowledges
        self.decoder = hpack.Decoder(max_header_list_size=1 << 20)
        self.statuses: dict[int, str] = {}
        self.resets: dict[int, int] = {}
        self.ended: set[int] = set()
        self.goaways: list[tuple[int, int]] = []
        if first:
            self.send(first)

    def send(self, data: bytes) -> bool:
        """False once the router has closed, or no longer reads."""
        try:
            self.socket.settimeout(5)
            self.socket.sendall(data)
            return True
        except OSError:
            self.is_closed = True
            return False

    def frames(self, seconds: float) -> Iterator[Frame]:
        """What comes within that time, or until the router closes."""
        deadline = time.monotonic() + seconds
        while True:
            yield from self._cut()
            left = deadline - time.monotonic()
            if self.is_closed or left <= 0:
                return
            self._fill(left)

    def _fill(self, seconds: float) -> None:
        self.socket.settimeout(seconds)
        try:
            data = self.socket.recv(1 << 18)
            self.received += data
            self.is_closed = not data
        except TimeoutError:
            pass
        except OSError:
            self.is_closed = True

    def _cut(self) -> Iterator[Frame]:
        while len(self.received) >= 9:
            parsed, length = Frame.parse_frame_header(memoryview(self.received[:9]))
            if len(self.received) < 9 + length:
                return
            parsed.parse_body(memoryview(self.received[9 : 9 + length]))
            self.received = self.received[9 + length :]
            self._note(parsed)
            yield parsed

    def _note(self, parsed: Frame) -> None:
        if parsed.type == HEADERS:
            self.statuses[parsed.stream_id] = dict(self.decoder.decode(parsed.data)).get(":status", "")
        elif parsed.type == RST_STREAM:
            self.resets[parsed.stream_id] = parsed.error_code
        elif parsed.type == GOAWAY:
            self.goaways.append((parsed.last_stream_id, parsed.error_code))
        elif parsed.type == SETTINGS and "ACK" not in parsed.flags and self.acknowledges:
            self.send(frame(SETTINGS, ACK))
        if "END_STREAM" in parsed.flags and parsed.type in (DATA, HEADERS):
            self.ended.add(parsed.stream_id)

    def wait(self, seconds: float, until) -> bool:
        """Whether `until()` held within that time."""
        if until():
            return True
        for _ in self.frames(seconds):
            if until():
                return True
        return bool(until())

    def seconds_to_close(self, limit: float) -> float | None:
        start = time.monotonic()
        for _ in self.frames(limit):
            pass
        return time.monotonic() - start if self.is_closed else None
