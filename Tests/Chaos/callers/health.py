"""Asks for the health of a server, as a kubelet would but more often: a new connection each time. Beside that, how much
memory the server has at most.

    health.py PORT PROCESS SECONDS
"""

import http.client
import json
import ssl
import sys
import time

PATHS = ["/livez", "/readyz", "/healthz"]


def resident(process: int) -> int:
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def main(port: int, process: int, seconds: float) -> int:
    context = ssl._create_unverified_context()
    times: list[float] = []
    failed, peak, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            client = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
            client.connect()
            # Securing it takes the caller's own time too, which the load leaves little of.
            start = time.monotonic()
            client.request("GET", PATHS[len(times) % len(PATHS)])
            failed += client.getresponse().status != 200
            client.close()
        except OSError:
            failed += 1
        times.append((time.monotonic() - start) * 1000)
        peak = max(peak, resident(process))
        time.sleep(0.05)
    times.sort()
    print(json.dumps({
        "asked": len(times), "failed": failed, "p99Milliseconds": round(times[int((len(times) - 1) * 0.99)], 1), "peakKiB": peak,
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
