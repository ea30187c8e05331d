"""Controller, server and an adapter without a cluster, in a folder of their own: the sources are files, and the routing table
lies in `volume`."""

import ctypes
import hashlib
import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

HEADER = re.compile(
    rb'\{\n  "format": "metrics-router/routing-table",\n  "version": \d+,\n  "length": ([ \d]{12}),\n  "sha256": "([0-9a-f]{64})",\n'
)
METRICS = 1000


class Damaged(Exception):
    """A snapshot file that is not whole."""


def generation_of(content):
    """Of a snapshot that is whole, as docs/snapshot.md says."""
    header = HEADER.match(content)
    if not header or int(header[1]) != len(content):
        raise Damaged(f"{len(content)} bytes: {content[:160]!r}")
    digest = hashlib.sha256(content[: header.start(2)] + b"0" * 64 + content[header.end(2) :])
    if digest.hexdigest().encode() != header[2]:
        raise Damaged("wrong SHA-256")
    return json.loads(content)["generation"]


def wait_until(seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Standalone:
    """`ports` are four free ones; whatever is started ends with `end`, or with this process."""

    def __init__(self, products, folder, ports):
        self.products, self.folder = products, folder
        self.adapter_port, self.server_port, self.health_port, self.metrics_port = ports
        self.volume = os.path.join(folder, "volume")
        self.snapshot = os.path.join(self.volume, "routing-table.json")
        self.processes = {}
        self.priority = 100
        self.lock = threading.Lock()
        self.trust = ssl.create_default_context()
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE
        for name in ("sources", "volume", "logs"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)

    def launch(self, name, *command):
        with open(os.path.join(self.folder, "logs", name + ".log"), "ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, preexec_fn=ends_with_parent)
        self.processes[name] = process
        return process

    def begin(self):
        self.change()
        custom = ["--custom=pods/metric-of-some-length-%04d=1" % number for number in range(METRICS)]
        self.launch("adapter", self.products + "/sample-adapter", f"--port={self.adapter_port}", "--pods=web-0", *custom)
        self.start_controller()
        assert wait_until(10, self.has_snapshot), "no snapshot"
        self.start_server()
        assert wait_until(10, self.is_answered), "the server does not answer"

    def connect_to(self):
        return f"--connect-to=adapter.ns.svc:443:127.0.0.1:{self.adapter_port}"

    def start_controller(self):
        return self.launch(
            "controller", self.products + "/metrics-router-controller", "--sources=" + self.folder + "/sources",
            "--snapshot=" + self.snapshot, f"--health-bind-address=127.0.0.1:{self.health_port}",
            f"--metrics-bind-address=127.0.0.1:{self.metrics_port}", "--server-status-address=0", self.connect_to())

    def start_server(self):
        return self.launch(
            "server", self.products + "/metrics-router-server", "--anonymous-auth", "--snapshot=" + self.snapshot,
            "--bind-address=127.0.0.1", f"--secure-port={self.server_port}", "--metrics-bind-address=0",
            "--status-bind-address=0", self.connect_to())

    def kill(self, name):
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def end(self):
        for process in reversed(self.processes.values()):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = {}

    def change(self):
        """Gives the source another priority, which is published within moments. Returns that."""
        with self.lock:
            self.priority = self.priority % 1000 + 1
            path = os.path.join(self.folder, "sources", "adapter.yaml")
            with open(path + ".next", "w") as manifest:
                manifest.write(
                    "apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1\nkind: MetricsSource\n"
                    "metadata: {name: adapter}\nspec:\n  insecureSkipTLSVerify: true\n"
                    f"  priority: {self.priority}\n  metricTypes: [CustomMetrics]\n"
                    "  service: {namespace: ns, name: adapter, port: {number: 443}}\n")
            os.rename(path + ".next", path)
            return self.priority

    def read(self):
        with open(self.snapshot, "rb") as file:
            return file.read()

    def generation(self):
        return generation_of(self.read())

    def has_snapshot(self):
        return os.path.isfile(self.snapshot) and len(json.loads(self.read())["sources"]) == 1

    def has_priority(self, priority):
        try:
            sources = json.loads(self.read())["sources"]
        except (OSError, ValueError):
            return False
        return [source["priority"] for source in sources] == [priority]

    def is_accepted(self):
        """Whether the server's own command can use the file."""
        command = [self.products + "/metrics-router-server", "routes", "--snapshot=" + self.snapshot]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def get(self, url, seconds=1):
        try:
            with urllib.request.urlopen(url, timeout=seconds, context=self.trust) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            return 0, str(error).encode()

    def is_answered(self):
        """By the backend, with its value: an answer that takes a good table."""
        status, body = self.get(
            f"https://127.0.0.1:{self.server_port}/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/web-0"
            "/metric-of-some-length-0000")
        return status == 200 and b'"value":"1"' in body

    def is_ready(self):
        return self.get(f"http://127.0.0.1:{self.health_port}/readyz")[0] == 200

    def controller_metric(self, series):
        for line in self.get(f"http://127.0.0.1:{self.metrics_port}/metrics")[1].decode().splitlines():
            if line.startswith(series + " "):
                return float(line.rsplit(" ", 1)[1])
        return None

    def failed_writes(self):
        return self.controller_metric('metrics_router_controller_snapshot_writes_total{result="error"}') or 0

    def log(self, name):
        with open(os.path.join(self.folder, "logs", name + ".log"), errors="replace") as log:
            return log.read()

    def leftovers(self):
        return [name for name in os.listdir(self.volume) if name.endswith(".tmp")]


class Sampler(threading.Thread):
    """Reads the snapshot all the time."""

    def __init__(self, standalone):
        super().__init__(daemon=True)
        self.standalone, self.reads, self.damages, self.is_over = standalone, 0, [], False

    def run(self):
        last = 0
        while not self.is_over:
            try:
                generation = self.standalone.generation()
                if generation < last:
                    self.damages.append(f"generation {generation} after {last}")
                last = generation
            except Damaged as damage:
                self.damages.append(str(damage))
            except OSError as error:
                self.damages.append(str(error))
            self.reads += 1
            time.sleep(0.005)

    def stop(self):
        self.is_over = True
        self.join()


class Changer(threading.Thread):
    """Has something published all the time."""

    def __init__(self, standalone):
        super().__init__(daemon=True)
        self.standalone, self.is_over = standalone, False

    def run(self):
        while not self.is_over:
            self.standalone.change()
            time.sleep(0.03)

    def stop(self):
        self.is_over = True
        self.join()


def ends_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def end_as_asked(*_):
    raise SystemExit("asked to end")


signal.signal(signal.SIGTERM, end_as_asked)
