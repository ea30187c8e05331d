"""Callers who do as they are told, while the router drains: over HTTP/2 they open no stream after GOAWAY, over HTTP/1.1
they close where it says so. Not one of their requests fails."""

import http.client
import ssl
import sys
import threading
import time

import h2.config
import h2.connection
import h2.events

from wire import connect

AT_ONCE = 20


class Count:
    def __init__(self) -> None:
        self.answered = 0
        self.failed: list[str] = []


def over_http2(port: int, path: str, count: Count) -> None:
    tls = connect(port)
    state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    state.initiate_connection()
    open_streams: set[int] = set()
    last: int | None = None
    try:
        while last is None or open_streams:
            while last is None and len(open_streams) < AT_ONCE:
                stream = state.get_next_available_stream_id()
                fields = [(":method", "GET"), (":scheme", "https"), (":authority", "router"), (":path", path)]
                state.send_headers(stream, fields, end_stream=True)
                open_streams.add(stream)
            tls.sendall(state.data_to_send())
            data = tls.recv(1 << 16)
            if not data:
                break
            # The library refuses all that comes behind GOAWAY, so that what it says of it is read here.
            data, said = cut_goaway(data)
            last = said if said is not None else last
            for event in state.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    status = dict(event.headers).get(b":status", dict(event.headers).get(":status"))
                    if status not in (b"200", "200"):
                        count.failed.append(f"h2 status {status}")
                elif isinstance(event, h2.events.DataReceived):
                    state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    open_streams.discard(event.stream_id)
                    count.answered += 1
                elif isinstance(event, h2.events.StreamReset):
                    count.failed.append(f"h2 reset {event.error_code}")
                    open_streams.discard(event.stream_id)
    except OSError as error:
        count.failed.append(f"h2 {error}")
    count.failed += ["h2 stream without an answer"] * len(open_streams)
    if last is None:
        count.failed.append("h2 closed without GOAWAY")


def cut_goaway(data: bytes) -> tuple[bytes, int | None]:
    """Takes a GOAWAY out of whole frames; what it says the last stream is. Frames of the router come in whole records."""
    kept, rest, last = b"", data, None
    while len(rest) >= 9:
        length = 9 + int.from_bytes(rest[:3], "big")
        if rest[3] == 7 and len(rest) >= length:
            last = int.from_bytes(rest[9:13], "big")
        else:
            kept += rest[:length]
        rest = rest[length:]
    return kept + rest, last


def over_http1(port: int, path: str, count: Count) -> None:
    client = http.client.HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=10)
    while True:
        try:
            client.request("GET", path)
            answer = client.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            count.failed.append(f"h1 {error!r}")
            return
        if answer.status != 200:
            count.failed.append(f"h1 status {answer.status}")
        count.answered += 1
        if answer.getheader("connection") == "close":
            return
        time.sleep(0.002)


def main(port: int, path: str) -> int:
    counts = [Count() for _ in range(12)]
    threads = []
    for index, count in enumerate(counts):
        target = over_http2 if index % 2 == 0 else over_http1
        threads.append(threading.Thread(target=target, args=(port, path, count), daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    failed = [text for count in counts for text in count.failed]
    failed += ["still running"] * sum(thread.is_alive() for thread in threads)
    answered = sum(count.answered for count in counts)
    print(f"{answered} answered, {len(failed)} failed", *sorted(set(failed))[:5], sep="\n  ")
    return 0 if not failed and answered > 100 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
