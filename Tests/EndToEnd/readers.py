"""Reads a metric over and over, over connections that are kept for as long as the server keeps them, until SIGTERM or for
five minutes; then says how many reads there were, and how many failed.

    readers.py PORT PATH CERTIFICATE KEY
"""

import http.client
import signal
import ssl
import sys
import threading
import time

READERS = 8
PAUSE = 0.005
LONGEST = 300
is_over = threading.Event()


class Count:
    def __init__(self) -> None:
        self.reads = 0
        self.connections = 0
        self.failed: list[str] = []


def read(port: int, path: str, tls: ssl.SSLContext, count: Count) -> None:
    client = http.client.HTTPSConnection("127.0.0.1", port, context=tls, timeout=10)
    while not is_over.is_set():
        if client.sock is None:
            count.connections += 1
        count.reads += 1
        try:
            # Where the server says Connection: close, the library does so after the answer.
            client.request("GET", path)
            answer = client.getresponse()
            body = answer.read()
            if answer.status != 200 or b'"value"' not in body:
                count.failed.append(f"{answer.status} {body[:200]!r}")
        except (OSError, http.client.HTTPException) as error:
            count.failed.append(repr(error))
            client.close()
        time.sleep(PAUSE)
    client.close()


def main(port: int, path: str, certificate: str, key: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    tls.load_cert_chain(certificate, key)
    counts = [Count() for _ in range(READERS)]
    threads = [threading.Thread(target=read, args=(port, path, tls, count), daemon=True) for count in counts]
    for thread in threads:
        thread.start()
    is_over.wait(LONGEST)
    is_over.set()
    for thread in threads:
        thread.join(15)
    failed = [text for count in counts for text in count.failed] + ["still running" for t in threads if t.is_alive()]
    reads, connections = sum(c.reads for c in counts), sum(c.connections for c in counts)
    print(f"{reads} reads over {connections} connections, {len(failed)} failed", *sorted(set(failed))[:5], sep="\n  ")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
