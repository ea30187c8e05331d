"""An API server that goes wrong: passes everything on to the real one, but for what concerns MetricsSources, of which it
spoils a part by chance: lists and watches that are refused, watch streams that are cut in the middle of a line, end with
410, or bring events twice or in another order, and writes that conflict.

    api.py PORT API-SERVER-PORT PKI-FOLDER SEED COUNTS-FILE

How often it did what is written to COUNTS-FILE as JSON.
"""

import collections
import http.client
import http.server
import json
import os
import random
import socketserver
import ssl
import sys
import threading

RESOURCE = "/apis/metricsrouter.io.metricsrouter.io/v1alpha1/metricssources"
EXPIRED = {
    "type": "ERROR",
    "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
               "message": "too old resource version"},
}


class Faults:
    """Which fault comes next, and how many of each there were."""

    def __init__(self, seed: int, path: str) -> None:
        self.random, self.path = random.Random(seed), path
        self.counts: collections.Counter[str] = collections.Counter()
        self.lock = threading.Lock()

    def chance(self, percent: float, name: str) -> bool:
        with self.lock:
            happens = self.random.random() * 100 < percent
            if happens:
                self.counts[name] += 1
                with open(self.path + ".new", "w", encoding="utf-8") as file:
                    json.dump(self.counts, file)
                os.replace(self.path + ".new", self.path)
            return happens


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        # Here, in the connection's own thread, where a slow handshake holds up nobody else.
        self.request = tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def log_message(self, *_: object) -> None:
        pass

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith(RESOURCE) and self.is_refused():
            return
        upstream = http.client.HTTPSConnection("127.0.0.1", api_port, context=trusting, timeout=600)
        fields = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        upstream.request(self.command, self.path, body or None, fields)
        answer = upstream.getresponse()
        if self.path.startswith(RESOURCE) and "watch=" in self.path and answer.status == 200:
            self.watch(answer, upstream)
        else:
            self.answer(answer.status, answer.read(), answer.getheader("Content-Type", "application/json"))
        upstream.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def is_refused(self) -> bool:
        if self.command != "GET" and faults.chance(10, "409"):
            self.refuse(409, "Conflict")
        elif faults.chance(8, "429"):
            self.refuse(429, "TooManyRequests", {"Retry-After": "1"})
        elif faults.chance(4, "500"):
            self.refuse(500, "InternalError")
        elif self.command == "GET" and "watch=" in self.path and faults.chance(8, "410 at once"):
            self.refuse(410, "Expired")
        elif faults.chance(4, "connections reset"):
            self.close_connection = True
        else:
            return False
        return True

    def refuse(self, status: int, reason: str, fields: dict[str, str] | None = None) -> None:
        said = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": status,
                "message": f"injected {status}"}
        self.answer(status, json.dumps(said).encode(), "application/json", fields)

    def answer(self, status: int, body: bytes, kind: str, fields: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(fields or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def watch(self, answer: http.client.HTTPResponse, upstream: http.client.HTTPSConnection) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        held: bytes | None = None
        # Where nothing more comes, what is held back comes late but comes, and the stream ends as streams do.
        upstream.sock.settimeout(3)
        while line := self.next_line(answer):
            if faults.chance(3, "cut streams"):
                return self.chunk(line[: len(line) // 2])
            if faults.chance(2, "410 in the stream"):
                return self.chunk(json.dumps(EXPIRED).encode() + b"\n")
            if held is None and faults.chance(5, "events out of order"):
                held = line
                continue
            self.chunk(line)
            if faults.chance(8, "events twice"):
                self.chunk(line)
            if held is not None:
                self.chunk(held)
                held = None
        if held is not None:
            self.chunk(held)
        self.wfile.write(b"0\r\n\r\n")

    def next_line(self, answer: http.client.HTTPResponse) -> bytes:
        try:
            return answer.readline()
        except TimeoutError:
            return b""

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Connections that break are what it is for."""


if __name__ == "__main__":
    pki, api_port = sys.argv[3], int(sys.argv[2])
    faults = Faults(int(sys.argv[4]), sys.argv[5])
    trusting = ssl.create_default_context(cafile=f"{pki}/cluster-ca.crt")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(f"{pki}/serving.crt", f"{pki}/serving.key")
    faults.chance(0, "")
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
