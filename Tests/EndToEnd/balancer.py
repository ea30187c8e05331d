"""A Service of Kubernetes in small: passes new connections on to the endpoints that are ready, one after another, and
leaves those alone that are under way. Nothing is tried twice: an endpoint that refuses is the caller's failure.

    balancer.py PORT ENDPOINT-PORT...
"""

import asyncio
import ssl
import sys

INTERVAL = 0.5
CHUNK = 1 << 16


class Endpoints:
    """Ready is who says so at /readyz, as kubelet would find out, looked at every INTERVAL seconds."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.ready: set[int] = set()
        self.turn = 0
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE

    async def watch(self, port: int) -> None:
        while True:
            try:
                is_ready = await asyncio.wait_for(self.asks(port), 1)
            except asyncio.TimeoutError:
                # One slow answer of a busy machine says nothing yet. It is an OSError, too, since Python 3.11.
                is_ready = port in self.ready
            except OSError:
                is_ready = False
            if is_ready != (port in self.ready):
                print(f"endpoint {port} is {'ready' if is_ready else 'not ready'}", flush=True)
                (self.ready.add if is_ready else self.ready.discard)(port)
            await asyncio.sleep(INTERVAL)

    async def asks(self, port: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=self.tls)
        try:
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: endpoint\r\nConnection: close\r\n\r\n")
            return (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        finally:
            writer.close()

    def next(self) -> int | None:
        ready = [port for port in self.ports if port in self.ready]
        self.turn += 1
        return ready[self.turn % len(ready)] if ready else None


async def passes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, to its end."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def main(port: int, ports: list[int]) -> None:
    endpoints = Endpoints(ports)
    watches = [asyncio.create_task(endpoints.watch(endpoint)) for endpoint in ports]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        endpoint = endpoints.next()
        try:
            if endpoint is None:
                print("a connection came while no endpoint was ready", flush=True)
                return
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", endpoint)
            await asyncio.gather(passes(reader, onward_writer), passes(onward_reader, writer))
            onward_writer.close()
        except OSError as error:
            print(f"endpoint {endpoint}: {error}", flush=True)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        await asyncio.gather(server.serve_forever(), *watches)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
