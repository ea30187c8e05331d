"""Controller and server without a cluster, between adapters of every kind, and somebody who asks."""

import json
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import backends

SERVICES = ("checkout", "catalog", "basket", "payment", "search", "shipping", "profile", "reviews")
SERIES = ("http_requests_per_second", "http_errors_per_second", "latency_p99_seconds", "queue_depth", "cpu_usage", "open_connections")


class Landscape:
    """`ports` are three free ones, `folder` one of its own."""

    def __init__(self, products, folder, ports):
        self.products, self.folder = products, folder
        self.secure_port, self.status_port, self.health_port = ports
        self.snapshot = os.path.join(folder, "routing-table.json")
        self.processes, self.traffic = {}, []
        shared = [f"pods/{service}_{series}" for service in SERVICES for series in SERIES]
        self.adapters = {
            "prometheus": backends.Adapter(
                shared + ["deployments.apps/replicas_wanted", "nodes/disk_pressure"], latency=14),
            "keda": backends.Adapter(external=[f"s{number}-kafka-{name}-lag" for number, name in enumerate(SERVICES)], latency=31),
            "datadog": backends.Adapter(
                external=["nginx.requests", "redis.keys", "s0-kafka-checkout-lag"], latency=85, failing=0.12),
            "cloudwatch": backends.Adapter(external=["sqs-orders-visible", "sqs-refunds-visible"], latency=60),
            "legacy-prometheus": backends.Adapter(shared[:30] + ["pods/" + backends.HOSTILE], latency=22),
            "next-prometheus": backends.Adapter(shared[:12], latency=9),
        }

    def source(self, name, priority, kind, more=""):
        os.makedirs(os.path.join(self.folder, "sources"), exist_ok=True)
        path = os.path.join(self.folder, "sources", name + ".yaml")
        with open(path + ".next", "w") as manifest:
            manifest.write(
                "apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1\nkind: MetricsSource\n"
                f"metadata: {{name: {name}}}\nspec:\n  priority: {priority}\n  metricTypes: [{kind}]\n"
                f"  service: {{namespace: monitoring, name: {name}, scheme: HTTP, port: {{number: 80}}}}\n{more}")
        os.rename(path + ".next", path)

    def begin(self):
        self.source("prometheus", 100, "CustomMetrics", "  fallThrough: [Unavailable]\n")
        self.source(
            "keda", 60, "ExternalMetrics",
            "  claims:\n    - {metrics: ['s*-*'], selectorKeys: [scaledobject.keda.sh/name]}\n  fallThrough: [NotFound, ServerError]\n")
        self.source("datadog", 50, "ExternalMetrics")
        self.source("cloudwatch", 40, "ExternalMetrics")
        self.source("legacy-prometheus", 10, "CustomMetrics")
        self.source("next-prometheus", 5, "CustomMetrics", "  shadowOf: prometheus\n")
        self.launch(
            "controller", "metrics-router-controller", "--sources=" + self.folder + "/sources", "--snapshot=" + self.snapshot,
            f"--health-bind-address=127.0.0.1:{self.health_port}", "--metrics-bind-address=0", "--server-status-address=0",
            "--resync-interval=5s", *self.connections())
        wait_until("every source is in the routing table", 30, self.is_synced)
        self.start_server()

    def connections(self):
        return [f"--connect-to={name}.monitoring.svc:80:127.0.0.1:{adapter.port}" for name, adapter in self.adapters.items()]

    def start_server(self):
        self.launch(
            "server", "metrics-router-server", "--anonymous-auth", "--snapshot=" + self.snapshot, "--bind-address=127.0.0.1",
            f"--secure-port={self.secure_port}", "--metrics-bind-address=0",
            f"--status-bind-address=127.0.0.1:{self.status_port}", *self.connections())
        wait_until("the server is ready", 30, self.is_ready)

    def ask_for_metrics(self):
        """Some twenty requests a second, from now on, and some for a source that has just gone."""
        custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/"
        external = "/apis/external.metrics.k8s.io/v1beta1/namespaces/default/"
        self.adapters["cloudwatch"].stop()
        ways = [
            ([custom + f"{service}_{series}" for service in SERVICES for series in SERIES[:3]], 0.1),
            ([external + f"s{number}-kafka-{name}-lag" for number, name in enumerate(SERVICES)], 0.25),
            ([external + "nginx.requests", external + "redis.keys"], 0.2),
            ([external + "sqs-orders-visible"], 0.5),
            ([custom + "basket_queue_depth?metricLabelSelector=metricsrouter.io%2Fsource%3Dlegacy-prometheus"], 0.7),
        ]
        self.traffic = [backends.Traffic(self.secure_port, paths, pause) for paths, pause in ways]
        for traffic in self.traffic:
            traffic.start()

    def launch(self, name, executable, *arguments):
        with open(os.path.join(self.folder, name + ".log"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                [os.path.join(self.products, executable), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self, name):
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def is_synced(self):
        try:
            with open(self.snapshot, "rb") as file:
                return len(json.load(file)["sources"]) == len(self.adapters)
        except (OSError, ValueError):
            return False

    def is_ready(self):
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        try:
            return urllib.request.urlopen(f"https://127.0.0.1:{self.secure_port}/readyz", timeout=2, context=trust).status == 200
        except (OSError, urllib.error.URLError):
            return False

    def end(self):
        for traffic in self.traffic:
            traffic.stop()
        for name in list(self.processes):
            self.stop(name)
        for adapter in self.adapters.values():
            adapter.stop()


def wait_until(what, seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.1)
