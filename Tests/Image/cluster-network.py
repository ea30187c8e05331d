"""What a cluster's network does for a pod, on the loopback of a network namespace: DNS, and the addresses of Services.

    cluster-network.py DNS-ADDRESS NAME=ADDRESS... [ADDRESS:PORT=ADDRESS:PORT...]

NAME=ADDRESS is what DNS answers; every other name does not exist. ADDRESS:PORT=ADDRESS:PORT is what kube-proxy would
do: connections to the first are led to the second. The addresses must be there already.
"""

import asyncio
import ipaddress
import struct
import sys

A, NAME_ERROR, RESPONSE, AUTHORITATIVE = 1, 3, 0x8000, 0x0400


class Resolver(asyncio.DatagramProtocol):
    """Answers one question for each message (RFC 1035, 4), as every resolver sends it."""

    def __init__(self, addresses):
        self.addresses = addresses

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode().lower())
            at += 1 + data[at]
        question = data[12 : at + 5]
        (kind,) = struct.unpack("!H", data[at + 1 : at + 3])
        address = self.addresses.get(".".join(labels))
        # A name that is there has an answer, though an empty one to who asks for an address of another family.
        answer = b""
        if address and kind == A:
            answer = struct.pack("!HHHIH", 0xC00C, A, 1, 5, 4) + address.packed
        # Recursion is wanted or not: the same bit goes back.
        flags = RESPONSE | AUTHORITATIVE | (data[2] & 1) << 8 | (0 if address else NAME_ERROR)
        header = data[:2] + struct.pack("!HHHHH", flags, 1, 1 if answer else 0, 0, 0)
        self.transport.sendto(header + question + answer, peer)


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


def forwarder(host, port):
    async def forward(reader, writer):
        try:
            backend_reader, backend_writer = await asyncio.open_connection(host, port)
        except OSError:
            # As a connection to a Service of which no pod is there.
            writer.transport.abort()
            return
        await asyncio.gather(copy(reader, backend_writer), copy(backend_reader, writer))
        backend_writer.close()
        writer.close()

    return forward


async def main():
    names, forwards = {}, []
    for rule in sys.argv[2:]:
        left, right = rule.split("=")
        if ":" in left:
            forwards.append((left.rsplit(":", 1), right.rsplit(":", 1)))
        else:
            names[left.lower()] = ipaddress.IPv4Address(right)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Resolver(names), local_addr=(sys.argv[1], 53))
    for (host, port), (to_host, to_port) in forwards:
        await asyncio.start_server(forwarder(to_host, int(to_port)), host, int(port))
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
