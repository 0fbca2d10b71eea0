"""Name servers that may know the house and nothing beyond it."""

import asyncio

from ruhrmail.names import Answer, Kind, Names, Server

ROOT = "."


class OutwardNames(Names):
    """Believes "no such name" only from a server that knows the internet.

    Behind some firewalls every outside name is denied, even the root of all names, which cannot be missing: then
    nobody knows (`failed`, `sealed`). The root is asked for once, after the first name that is denied.
    """

    def __init__(self, server: Server | None, patience: float) -> None:
        super().__init__(server, patience)
        self.turn = asyncio.Lock()
        self.sealed: bool | None = None

    async def ask(self, name: str, kind: Kind) -> Answer:
        """The records of a kind."""
        answer = await super().ask(name, kind)
        if answer.state == "no-name" and await self.is_sealed():
            return Answer("failed", reason="sealed")
        return answer

    async def is_sealed(self) -> bool:
        """True where the server denies the root."""
        async with self.turn:
            if self.sealed is None:
                self.sealed = (await super().ask(ROOT, "NS")).state == "no-name"
            return self.sealed
