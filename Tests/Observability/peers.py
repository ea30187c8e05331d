"""Whom the router deals with in this test, each on a port of its own: metrics adapters over plain HTTP, and the reviews of
an API server.

    peers.py REVIEWS STEADY NEXT SLOW PARTIAL FRAGILE - ports of the loopback

steady, next   answer every metric that they list; `next` says the same until `POST /differ` has it say something else
slow           answers after 300 ms
partial        lists metrics and does not know them when it is asked
fragile        answers what it lists but one metric, until `POST /break`; from then on it hangs up

The reviews: the token `prometheus` is that of a Prometheus, `jane` of an autoscaler; any other is nobody's.
"""

import http.server
import json
import sys
import threading
import time

LISTS = {
    "steady": ["pods/foo", "pods/requests", "pods/rare"], "next": ["pods/foo", "pods/requests", "pods/rare"], "slow": ["pods/slow"], "partial": ["pods/rare", "pods/nowhere"],
    "fragile": ["pods/fragile", "pods/nowhere"],
}
# Listed, and not known to whoever is asked.
UNKNOWN = "nowhere"
broken = threading.Event()
differing = threading.Event()


class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    name = ""

    def log_message(self, *_):
        pass

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Adapter(Peer):
    def do_POST(self):
        {"/break": broken, "/differ": differing}[self.path].set()
        self.answer(200, {})

    def do_GET(self):
        if self.name == "fragile" and broken.is_set():
            self.close_connection = True
            return
        path = self.path.split("?")[0].strip("/").split("/")
        if len(path) == 3:
            return self.answer(200, self.resources(path[1], path[2]))
        resource, metric = path[-3], path[-1]
        if self.name == "slow":
            time.sleep(0.3)
        if self.name == "partial" or metric == UNKNOWN or f"{resource}/{metric}" not in LISTS[self.name]:
            return self.answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound",
                                     "message": f"{metric} is not known", "code": 404})
        self.answer(200, self.values(path[2], metric))

    def resources(self, group, version):
        names = LISTS[self.name] if group == "custom.metrics.k8s.io" else []
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}", "resources": [
            {"name": name, "singularName": "", "namespaced": True, "kind": "MetricValueList", "verbs": ["get"]} for name in names]}

    def values(self, version, metric):
        value = "15" if self.name == "next" and differing.is_set() else "10"
        identity = {"metricName": metric} if version == "v1beta1" else {"metric": {"name": metric}}
        return {"kind": "MetricValueList", "apiVersion": f"custom.metrics.k8s.io/{version}", "metadata": {}, "items": [
            {"describedObject": {"kind": "Pod", "namespace": "default", "name": "web-0", "apiVersion": "/v1"}, **identity,
             "timestamp": "2024-01-02T03:04:05Z", "value": value}]}


class Reviews(Peer):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/tokenreviews"):
            token = review["spec"]["token"]
            review["status"] = {"authenticated": token in ("prometheus", "jane"), "user": {"username": token}}
        else:
            of_telemetry = review["spec"].get("nonResourceAttributes", {}).get("path") == "/metrics"
            review["status"] = {"allowed": of_telemetry == (review["spec"]["user"] == "prometheus")}
        self.answer(201, review)


def serve(port, base, name):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), type(name, (base,), {"name": name}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    ports = [int(port) for port in sys.argv[1:]]
    serve(ports[0], Reviews, "reviews")
    for port, name in zip(ports[1:], LISTS, strict=True):
        serve(port, Adapter, name)
    threading.Event().wait()


main()
