"""Asks the router as autoscalers do, until it is ended, or for four minutes: four threads on connections of their own, each
of about 20 requests a second. Now and then a stranger asks, and somebody speaks plain HTTP to the secure port.

    load.py PORT CA-FILE
"""

import http.client
import itertools
import socket
import ssl
import sys
import threading
import time

SECONDS = 240
PAUSE = 0.05
PATHS = [
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/" + metric
    for metric in ("foo", "requests", "slow", "rare", "fragile", "foo", "unknown", "nowhere", "slow")
] + ["/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods/*/foo", "/apis/custom.metrics.k8s.io/v1beta2"]


def ask(port, context, end):
    connection = None
    for turn, path in enumerate(itertools.cycle(PATHS)):
        if time.monotonic() > end:
            return
        # A stranger's connection is closed with its answer.
        token = "stranger" if turn % 50 == 49 else "jane"
        try:
            connection = connection or http.client.HTTPSConnection("127.0.0.1", port, timeout=15, context=context)
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            connection = None
        time.sleep(PAUSE)


def speak_plainly(port, end):
    while time.monotonic() < end:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: router\r\n\r\n")
        time.sleep(2)


def main():
    port, end = int(sys.argv[1]), time.monotonic() + SECONDS
    context = ssl.create_default_context(cafile=sys.argv[2])
    context.check_hostname = False
    threads = [threading.Thread(target=ask, args=(port, context, end), daemon=True) for _ in range(4)]
    threads.append(threading.Thread(target=speak_plainly, args=(port, end), daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
