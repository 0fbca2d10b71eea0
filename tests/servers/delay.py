"""A TCP proxy that makes a server distant, or cuts connections in the middle of whatever passes.

`python -m tests.servers.delay --to PORT --delay 0.02` prints its port and runs until killed: 40 ms a round trip, any
number of bytes under way. `--cut-up LOW-HIGH` cuts each connection after so many bytes from the client,
`--cut-down` after so many from the server.
"""

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import cast

from tests.driver.hatched import REPOSITORY, Hatched, start_module
from tests.servers.links import visiting

FULL = 8 << 20
Range = tuple[int, int]


@dataclass(slots=True)
class Proxy:
    """`async with Proxy(to) as proxy` listens on `host`:`port`, before port `to` at `at`.

    It may listen in another network than the one it asks in, `listen_in`.
    `delay` is in seconds, one way. `cut_up` and `cut_down` are ranges of bytes from client and server, one of which
    chance draws for each connection; the bytes up to there are passed on. `cuts` counts the connections that were cut.
    """

    to: int
    delay: float = 0.0
    cut_up: Range | None = None
    cut_down: Range | None = None
    seed: int = 1
    port: int = 0
    cuts: int = 0
    dice: random.Random = field(default_factory=random.Random)
    server: asyncio.Server | None = None
    ends: set["End"] = field(default_factory=set)
    host: str = "127.0.0.1"
    at: str = "127.0.0.1"
    listen_in: str = ""

    async def __aenter__(self) -> "Proxy":
        self.dice.seed(self.seed)
        loop = asyncio.get_running_loop()
        with visiting(self.listen_in):
            listener = socket.create_server((self.host, self.port), backlog=1000)
        self.server = await loop.create_server(lambda: Near(self), sock=listener, backlog=1000)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.server is not None
        self.server.close()
        for end in list(self.ends):
            end.abort()

    def draw(self) -> tuple[int, int]:
        """After how many bytes from client and server a connection is cut, -1 for never."""
        ranges = [("up", self.cut_up), ("down", self.cut_down)]
        drawn = {name: self.dice.randint(*one) for name, one in ranges if one}
        chosen = self.dice.choice(sorted(drawn)) if drawn else ""
        return (drawn["up"] if chosen == "up" else -1, drawn["down"] if chosen == "down" else -1)


class End(asyncio.Protocol):
    """One side of a connection. What is received here leaves at `other` when its time has come."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.loop = asyncio.get_running_loop()
        self.other: End = self
        self.transport: asyncio.Transport | None = None
        self.left = -1
        self.under_way: deque[tuple[float, bytes]] = deque()
        self.weight = 0
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.proxy.ends.add(self)

    def data_received(self, data: bytes) -> None:
        if 0 <= self.left <= len(data):
            self.cut(data[: self.left])
            return
        if self.left > 0:
            self.left -= len(data)
        self.pass_on(data)

    def pass_on(self, data: bytes) -> None:
        """Puts data under way; no bytes stand for the end of the stream."""
        self.under_way.append((self.loop.time() + self.proxy.delay, data))
        self.weight += len(data)
        if self.weight > FULL and self.transport:
            self.transport.pause_reading()
        if self.timer is None:
            self.arrive()

    def arrive(self) -> None:
        """Writes everything that is due, in one go."""
        self.timer = None
        if self.other.transport is None:  # it is not connected yet; `Far` calls again
            return
        now, due = self.loop.time() + 0.0005, []
        while self.under_way and self.under_way[0][0] <= now:
            due.append(self.under_way.popleft()[1])
        if due:
            self.write(b"".join(due), not due[-1])
        if self.under_way:
            self.timer = self.loop.call_at(self.under_way[0][0], self.arrive)

    def write(self, data: bytes, end: bool) -> None:
        assert self.other.transport is not None
        self.other.transport.write(data)
        self.weight -= len(data)
        if self.weight <= FULL and self.transport and not self.transport.is_closing():
            self.transport.resume_reading()
        if end:
            self.other.transport.close()

    def pause_writing(self) -> None:
        if self.other.transport and not self.other.transport.is_closing():
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other.transport and not self.other.transport.is_closing():
            self.other.transport.resume_reading()

    def cut(self, last: bytes) -> None:
        """The last bytes still arrive; then both sides find the connection gone."""
        self.proxy.cuts += 1
        self.left = -1
        self.pass_on(last)
        self.pass_on(b"")
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.proxy.ends.discard(self)
        self.pass_on(b"")

    def abort(self) -> None:
        if self.transport:
            self.transport.abort()


class Near(End):
    """The client's side."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.other = Far(self.proxy, self)
        self.left, self.other.left = self.proxy.draw()
        self.task = self.loop.create_task(self.reach())

    async def reach(self) -> None:
        """Connects to the server, one round trip later as TCP would."""
        await asyncio.sleep(2 * self.proxy.delay)
        try:
            await self.loop.create_connection(lambda: self.other, self.proxy.at, self.proxy.to)
        except OSError:
            self.abort()


class Far(End):
    """The server's side."""

    def __init__(self, proxy: Proxy, near: Near) -> None:
        super().__init__(proxy)
        self.other = near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.other.arrive()


def start_proxy(options: Sequence[str], network: str) -> "Hatched | subprocess.Popen[str]":
    """Starts a proxy, in another network where one is named."""
    module = "tests.servers.delay"
    if not network:
        return start_module(module, options, os.environ)
    command = ["ip", "netns", "exec", network, sys.executable, "-m", module, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)


@contextmanager
def delayed(port: int, *options: str, network: str = "") -> Iterator[int]:
    """A proxy in a process of its own before that port; gives its port. Options as on the command line; `network`
    names the one to run in (`tests.servers.links`)."""
    with start_proxy(["--to", str(port), *options], network) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def read_range(text: str) -> Range:
    low, _, high = text.partition("-")
    return int(low), int(high or low)


async def serve(proxy: Proxy) -> None:
    async with proxy:
        print(proxy.port, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="a TCP proxy that makes a server distant or unreliable")
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds, one way")
    parser.add_argument("--cut-up", type=read_range, metavar="LOW-HIGH")
    parser.add_argument("--cut-down", type=read_range, metavar="LOW-HIGH")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--at", default="127.0.0.1", help="the server's address")
    parser.add_argument("--listen-in", default="", metavar="NETWORK", help="the network to listen in")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    asyncio.run(serve(Proxy(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
