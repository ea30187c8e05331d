"""Opens connections, each of which has had one answer, and holds them until its standard input ends.

  connections.py PORT COUNT PATH TOKEN

Prints a line once all are open.
"""
import socket
import ssl
import sys


def main():
    port, count, path, token = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    context = ssl.create_default_context()
    # What verifying costs is this program's, not that of the process under test.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    held = []
    for number in range(count):
        # A port can be used once for each address at the other end, and there are not enough for all to share one.
        source = f"127.0.0.{2 + number // 20000}"
        connection = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        secured = context.wrap_socket(connection, server_hostname="localhost")
        secured.sendall(request)
        if not secured.recv(65536).startswith(b"HTTP/1.1 200"):
            sys.exit(f"connection {number} was not answered")
        held.append(secured)
    print(len(held), flush=True)
    sys.stdin.read()


main()
