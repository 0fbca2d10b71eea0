"""New connections wait here until there is work for them: claims that no open one could take."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable

from ruhrmail.deliver.lane import Lane


class Dialers:
    """Connections that are being made count by lane, so that one relay that does not answer keeps no other waiting."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Lane, asyncio.Future[None]]] = deque()
        self._under_way: Counter[Lane] = Counter()

    async def wait(self, lane: Lane) -> None:
        """Until a connection of that lane may be made. Call `arrived` when it stands, or could not be made."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((lane, turn))
        await turn

    def arrived(self, lane: Lane) -> None:
        """A connection that was waited for stands now, or never will."""
        self._under_way[lane] -= 1

    def admit(self, claims: int, wanted: Callable[[Lane], bool]) -> None:
        """Lets connections be made of lanes that are `wanted`, up to so many `claims` for each lane."""
        for _ in range(len(self._waiting)):
            lane, turn = self._waiting.popleft()
            if turn.done():
                continue
            if self._under_way[lane] < claims and wanted(lane):
                self._let(lane, turn)
            else:
                self._waiting.append((lane, turn))

    def admit_all(self) -> None:
        """Nobody waits any longer."""
        while self._waiting:
            lane, turn = self._waiting.popleft()
            if not turn.done():
                self._let(lane, turn)

    def _let(self, lane: Lane, turn: "asyncio.Future[None]") -> None:
        self._under_way[lane] += 1
        turn.set_result(None)
