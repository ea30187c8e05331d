"""A TCP proxy that injects faults: refuses, resets, stalls, trickles, cuts off, talks garbage, or passes all through. It
does as a file says, which is read again for everything that comes.

    proxy.py PORT TARGET-PORT MODE-FILE

    pass          what comes is passed on, both ways
    refuse        nobody listens: the kernel refuses
    reset         accepted, and reset at once; those that are open are reset too
    stall         accepted, and nothing more: what is open goes on, but nothing moves
    trickle       what the target says is passed on byte by byte, one a second
    cut N         after N bytes of the next thing that the target says the connection is closed
    reset-after N the same, reset
    garbage       random bytes in place of what the target says
    late S        what the target says is passed on S seconds late
"""

import asyncio
import os
import socket
import struct
import sys

CHUNK = 1 << 16


class Proxy:
    def __init__(self, port: int, target: int, mode_file: str) -> None:
        self.port, self.target, self.mode_file = port, target, mode_file
        self.server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()
        self.moves = asyncio.Event()
        self.mode: list[str] = []

    def read_mode(self) -> list[str]:
        try:
            with open(self.mode_file, encoding="utf-8") as file:
                return file.read().split() or ["pass"]
        except OSError:
            return ["pass"]

    async def run(self) -> None:
        while True:
            mode = self.read_mode()
            if mode != self.mode:
                self.mode = mode
                await self.change()
            await asyncio.sleep(0.1)

    async def change(self) -> None:
        if self.mode[0] == "stall":
            self.moves.clear()
        else:
            self.moves.set()
        if self.mode[0] in ("reset", "refuse"):
            for writer in list(self.writers):
                reset(writer)
        if self.mode[0] == "refuse" and self.server is not None:
            self.server.close()
            self.server = None
        elif self.mode[0] != "refuse" and self.server is None:
            self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port, reuse_address=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        ahead: asyncio.StreamWriter | None = None
        try:
            # What connects within the tenth of a second after a change is treated by the new word.
            if self.read_mode()[0] == "reset":
                reset(writer)
                return
            back, ahead = await asyncio.open_connection("127.0.0.1", self.target)
            self.writers.add(ahead)
            await asyncio.wait(
                [asyncio.create_task(self.pass_on(reader, ahead)), asyncio.create_task(self.answer(back, writer))],
                return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            for end in (writer, ahead):
                if end is not None:
                    self.writers.discard(end)
                    end.close()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await self.moves.wait()
            writer.write(data)
            await writer.drain()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await self.moves.wait()
            fault, *numbers = self.read_mode()
            if fault == "garbage":
                data = os.urandom(len(data))
            elif fault == "late":
                await asyncio.sleep(float(numbers[0]))
            elif fault == "trickle":
                for byte in data:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(1)
                continue
            elif fault in ("cut", "reset-after"):
                writer.write(data[: int(numbers[0])])
                await writer.drain()
                if fault == "reset-after":
                    reset(writer)
                return
            writer.write(data)
            await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """RST in place of FIN: nothing lingers."""
    plain = writer.get_extra_info("socket")
    if plain is not None:
        try:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
    writer.transport.abort()


if __name__ == "__main__":
    asyncio.run(Proxy(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]).run())
