"""Metrics adapters over plain HTTP that are slow, wrong or gone in ways of their own; and somebody who asks for their metrics."""

import http.server
import json
import math
import random
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request

CUSTOM, EXTERNAL = "custom.metrics.k8s.io", "external.metrics.k8s.io"
HOSTILE = "<img src=x onerror=document.title='owned'>"
INJECTION = "<script>document.title='owned'</script>no such <b>series</b>"


class Adapter:
    """Lists `custom` (resource/metric) and `external` names. `latency` is in milliseconds, `failing` the part of its answers that
    are errors."""

    def __init__(self, custom=(), external=(), latency=10.0, failing=0.0):
        self.custom, self.external = list(custom), list(external)
        self.latency, self.failing = latency, failing
        self.random = random.Random(7)
        self.begun = time.monotonic()
        adapter = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, body = adapter.answer(self.path.split("?")[0])
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.is_down = False
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        parts = path.strip("/").split("/")
        if len(parts) < 3 or parts[0] != "apis":
            return 404, {"kind": "Status", "message": "no such path"}
        group, version = parts[1:3]
        is_external = group == EXTERNAL
        if len(parts) == 3:
            names = self.external if is_external else self.custom
            return 200, {
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}",
                "resources": [self.entry(name, is_external) for name in names]}
        # A wave of some minutes, and chance.
        wave = 1 + 0.45 * math.sin((time.monotonic() - self.begun) / 38)
        time.sleep(self.latency * wave * self.random.uniform(0.6, 1.5) / 1000)
        if self.random.random() < self.failing:
            return 500, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 500, "message": INJECTION}
        value = {"timestamp": "2026-01-02T03:04:05Z", "value": str(self.random.randint(1, 900))}
        if is_external:
            item = {"metricName": parts[-1], "metricLabels": {}, **value}
            return 200, {"kind": "ExternalMetricValueList", "apiVersion": f"{group}/{version}", "metadata": {}, "items": [item]}
        item = {"describedObject": {"kind": "Pod", "namespace": "default", "name": "web-0", "apiVersion": "/v1"},
                "metric": {"name": parts[-1], "selector": None}, **value}
        return 200, {"kind": "MetricValueList", "apiVersion": f"{group}/{version}", "metadata": {}, "items": [item]}

    @staticmethod
    def entry(name, is_external):
        kind = "ExternalMetricValueList" if is_external else "MetricValueList"
        is_namespaced = not name.startswith(("nodes/", "namespaces/"))
        return {"name": name, "singularName": "", "namespaced": is_namespaced, "kind": kind, "verbs": ["get"]}

    def stop(self):
        """Nobody listens there any more."""
        if not self.is_down:
            self.is_down = True
            self.server.shutdown()
            self.server.server_close()


class Traffic(threading.Thread):
    """Asks the router for `paths` in turns, some each second."""

    def __init__(self, port, paths, pause=0.06):
        super().__init__(daemon=True)
        self.base, self.paths, self.pause, self.is_over = f"https://127.0.0.1:{port}", paths, pause, False
        self.trust = ssl.create_default_context()
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE

    def run(self):
        count = 0
        while not self.is_over:
            path = self.paths[count % len(self.paths)]
            count += 1
            try:
                urllib.request.urlopen(self.base + path, timeout=5, context=self.trust).read()
            except (OSError, urllib.error.URLError):
                pass
            time.sleep(self.pause)

    def stop(self):
        self.is_over = True
        self.join()


class Forwarder(threading.Thread):
    """Passes connections on to another port, as `kubectl port-forward` does: the browser's Host names a port that is not the
    server's."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to = to
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                near.close()
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    def copy(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
