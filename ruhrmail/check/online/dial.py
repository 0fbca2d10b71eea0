"""Connections to the internet and to nowhere else.

The name is looked up here, every address it has is judged, and one of those very addresses is connected to: between
judging and connecting nobody can change what the name means (DNS rebinding). Each connection of each redirect comes
through here.
"""

import asyncio
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import Literal

import httpcore

from ruhrmail.check.online.guard import Address, is_loopback_name, is_public, read_number
from ruhrmail.names import Answer, Names
from ruhrmail.reaching import connect_to_first

LOOPBACK = ip_address("127.0.0.1")


Trouble = Literal["private", "no-name", "names", "certificate", "refused", "timeout", "broken"]
"""Why there is no answer. `names`: the name servers gave none; `certificate`: it is not trusted."""


class Unreached(Exception):
    """There is nobody to connect to, or nobody who may be."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        self.trouble: Trouble = trouble
        self.detail = detail


class Dialer(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses, and to hosts that are allowed although they are private."""

    def __init__(self, names: Names, allow: Collection[str]) -> None:
        self.names = names
        self.allow = frozenset(allow)
        self.inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers. Raises Unreached, ConnectError, ConnectTimeout."""
        addresses = await self.find(host)
        return await connect_to_first(self.inner, addresses, port, timeout, local_address, socket_options)

    async def find(self, host: str) -> list[Address]:
        """A host's addresses, IPv4 first; one that is private makes the host private."""
        try:
            number = LOOPBACK if is_loopback_name(host) else read_number(host)
        except ValueError:
            raise Unreached("no-name") from None
        found = [number] if number else await self.look_up(host)
        if host not in self.allow and not all(map(is_public, found)):
            raise Unreached("private")
        return found

    async def look_up(self, host: str) -> list[Address]:
        """The addresses of a name."""
        answers = await asyncio.gather(self.names.ask(host, "A"), self.names.ask(host, "AAAA"))
        found = [ip_address(value) for answer in answers for value in answer.values]
        if not found:
            raise judge(answers)
        return found


def judge(answers: Iterable[Answer]) -> Unreached:
    """What it means that a name has no address."""
    failed = next((answer for answer in answers if answer.state == "failed"), None)
    return Unreached("names", failed.reason) if failed else Unreached("no-name")
