"""Creates, changes and deletes MetricsSources at the API server, by chance, for a while.

    churn.py API-SERVER-PORT PKI-FOLDER SEED SECONDS [CHANGES-A-SECOND]
"""

import http.client
import json
import random
import ssl
import sys
import time

RESOURCE = "/apis/metricsrouter.io.metricsrouter.io/v1alpha1/metricssources"
BACKENDS = ["steady", "left", "right"]
NAMES = 12


class Churn:
    def __init__(self, port: int, pki: str, seed: int) -> None:
        context = ssl.create_default_context(cafile=f"{pki}/cluster-ca.crt")
        context.load_cert_chain(f"{pki}/admin.crt", f"{pki}/admin.key")
        self.api = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        self.random = random.Random(seed)
        self.existing: set[str] = set()
        self.changes = 0

    def ask(self, method: str, path: str, body: object, kind: str = "application/json") -> None:
        self.api.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
        answer = self.api.getresponse()
        said = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path}: {answer.status} {said[:300]!r}")
        self.changes += 1

    def change(self) -> None:
        name = f"churn-{self.random.randrange(NAMES)}"
        priority = self.random.randrange(1, 90)
        if name not in self.existing:
            backend = self.random.choice(BACKENDS)
            self.ask("POST", RESOURCE, {
                "apiVersion": "metricsrouter.io.metricsrouter.io/v1alpha1", "kind": "MetricsSource",
                "metadata": {"name": name},
                "spec": {"insecureSkipTLSVerify": True, "priority": priority, "metricTypes": ["CustomMetrics"],
                         "service": {"namespace": backend, "name": "adapter", "port": {"number": 443}}},
            })
            self.existing.add(name)
        elif self.random.random() < 0.3:
            self.ask("DELETE", f"{RESOURCE}/{name}", None)
            self.existing.remove(name)
        else:
            self.ask("PATCH", f"{RESOURCE}/{name}", {"spec": {"priority": priority}}, "application/merge-patch+json")


def main(port: int, pki: str, seed: int, seconds: float, rate: float) -> int:
    churn = Churn(port, pki, seed)
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        churn.change()
        time.sleep(churn.random.expovariate(rate))
    print(f"{churn.changes} changes")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float((sys.argv[5:] or ["20"])[0])))
