"""Changes which of two sources answers for a metric, again and again at the API server, and looks how soon callers are
answered by the other one once the API server has made the change.

    swaps.py API-SERVER-PORT CERTIFICATE KEY SERVER-PORT TOKEN-FILE SNAPSHOT COUNT RATE
"""

import http.client
import json
import os
import ssl
import sys
import threading
import time

SOURCE = "/apis/metricsrouter.io.metricsrouter.io/v1alpha1/metricssources/right"
METRIC = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/turn"
BOUND = 1.5


def unverified() -> ssl.SSLContext:
    return ssl._create_unverified_context()


class Pauses(threading.Thread):
    """How long the machine gave this process nothing to run on, at most: what is slow then is the machine."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0

    def run(self) -> None:
        while True:
            start = time.monotonic()
            time.sleep(0.01)
            self.longest = max(self.longest, time.monotonic() - start - 0.01)


class Swaps:
    def __init__(self, api_port: int, certificate: str, key: str, port: int, token: str, snapshot: str) -> None:
        context = unverified()
        context.load_cert_chain(certificate, key)
        self.api = http.client.HTTPSConnection("127.0.0.1", api_port, context=context, timeout=10)
        self.server = http.client.HTTPSConnection("127.0.0.1", port, context=unverified(), timeout=10)
        self.token = token
        self.snapshot = snapshot
        self.failures: list[str] = []
        self.pauses = Pauses()
        self.pauses.start()
        self.slowest = 0.0
        self.slowest_patch = 0.0
        # Of the slowest change: how long the machine stood still, and how long the table had been in the volume.
        self.slowest_pause = 0.0
        self.slowest_read = 0.0

    def patch(self, priority: int) -> None:
        body = json.dumps({"spec": {"priority": priority}})
        self.api.request("PATCH", SOURCE, body, {"Content-Type": "application/merge-patch+json"})
        answer = self.api.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"the API server: {answer.status} {said[:200]!r}")

    def values(self) -> list[str]:
        self.server.request("GET", METRIC, headers={"Authorization": f"Bearer {self.token}"})
        answer = self.server.getresponse()
        said = answer.read()
        if answer.status != 200:
            self.failures.append(f"{answer.status} {said[:200]!r}")
            return []
        return [item["value"] for item in json.loads(said)["items"]]

    def swap(self, turn: int) -> None:
        wanted = "2" if turn % 2 == 0 else "1"
        asked = time.monotonic()
        self.patch(150 if turn % 2 == 0 else 50)
        # What the API server itself takes until a change is made is not the product's time.
        start = time.monotonic()
        self.pauses.longest = 0.0
        self.slowest_patch = max(self.slowest_patch, start - asked)
        while True:
            values = self.values()
            taken = time.monotonic() - start
            if set(values) == {wanted}:
                break
            if len(set(values)) > 1:
                self.failures.append(f"mixed: {values}")
            if taken > 5:
                self.failures.append(f"change {turn} not seen within 5 s")
                break
            time.sleep(0.005)
        if taken > self.slowest:
            self.slowest = taken
            self.slowest_pause = self.pauses.longest
            self.slowest_read = time.time() - os.stat(self.snapshot).st_mtime


def main(api_port: int, certificate: str, key: str, port: int, token_file: str, snapshot: str, count: int, rate: float) -> int:
    with open(token_file, encoding="utf-8") as file:
        swaps = Swaps(api_port, certificate, key, port, file.read().strip(), snapshot)
    begin = time.monotonic()
    for turn in range(count):
        swaps.swap(turn)
        time.sleep(max(0.0, begin + (turn + 1) / rate - time.monotonic()))
    seconds = time.monotonic() - begin
    print(json.dumps({
        "changes": count, "rate": round(count / seconds, 1), "slowestSeconds": round(swaps.slowest, 3),
        "slowestPauseSeconds": round(swaps.slowest_pause, 3),
        "slowestInVolumeSeconds": round(swaps.slowest_read, 3), "slowestPatchSeconds": round(swaps.slowest_patch, 3),
        "failed": len(swaps.failures), "first": swaps.failures[:1],
    }))
    return 0 if not swaps.failures and swaps.slowest - swaps.slowest_pause <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4]), *sys.argv[5:7], int(sys.argv[7]), float(sys.argv[8])))
