"""Begins connections to a server, one after another, and verifies each by what the APIService says at that moment, as an API
server that has no connection yet; until SIGTERM or for five minutes. Then says how many there were, and how many failed.

    handshakes.py API-SERVER-PORT AUTHORITY CERTIFICATE KEY API-SERVICE PORT...
"""

import base64
import http.client
import json
import signal
import socket
import ssl
import sys
import threading
import time

NAME = "metrics-apiserver.metrics-router.svc"
PAUSE = 0.05
LONGEST = 300
is_over = threading.Event()


def authorities(client: http.client.HTTPSConnection, api_service: str) -> str:
    client.request("GET", f"/apis/apiregistration.k8s.io/v1/apiservices/{api_service}")
    spec = json.load(client.getresponse())["spec"]
    if spec.get("insecureSkipTLSVerify"):
        raise ValueError("it skips verification")
    return base64.b64decode(spec["caBundle"]).decode()


def main(api_port: int, authority: str, certificate: str, key: str, api_service: str, ports: list[int]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    tls = ssl.create_default_context(cafile=authority)
    tls.load_cert_chain(certificate, key)
    client = http.client.HTTPSConnection("127.0.0.1", api_port, context=tls, timeout=10)
    served: set[bytes] = set()
    failed: list[str] = []
    count = 0
    end = time.monotonic() + LONGEST
    while not is_over.is_set() and time.monotonic() < end:
        # A fresh context, so that no session is resumed.
        trust = ssl.create_default_context(cadata=authorities(client, api_service))
        for port in ports:
            count += 1
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
                    with trust.wrap_socket(plain, server_hostname=NAME) as connection:
                        served.add(connection.getpeercert(binary_form=True) or b"")
            except (OSError, ssl.SSLError) as error:
                failed.append(repr(error))
        is_over.wait(PAUSE)
    lines = [f"{count} handshakes, {len(served)} certificates, {len(failed)} failed"] + sorted(set(failed))[:5]
    print(*lines, sep="\n  ")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:6], [int(port) for port in sys.argv[6:]])
