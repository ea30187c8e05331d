"""Secures connections for a while, and says how many as one line of JSON.

  handshakes.py PORT SECONDS full|resumed
"""
import json
import socket
import ssl
import sys
import time


def secure(port, context, session=None):
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(connection, server_hostname="localhost", session=session)


def ticket(port, context):
    """What an earlier connection left: in TLS 1.3 it comes after the handshake, before the answer to a request."""
    with secure(port, context) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(65536)
        return connection.session


def main():
    port, seconds, kind = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    context = ssl.create_default_context()
    # What verifying costs is this program's, not that of the process under test.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    session = ticket(port, context) if kind == "resumed" else None
    times = []
    errors = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        with secure(port, context, session) as connection:
            times.append((time.monotonic() - begun) * 1e6)
            errors += connection.session_reused != (kind == "resumed")
    times.sort()
    print(json.dumps({
        "requests": len(times), "bytes": 0, "expectedBytes": 0, "errors": errors,
        "requestsPerSecond": round(len(times) / seconds),
        "p50Microseconds": round(times[len(times) // 2]), "p99Microseconds": round(times[int(len(times) * 0.99)]),
    }))


main()
