"""The claims of a run: taken in small batches, handed out one by one, every one accounted for."""

import asyncio
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from ruhrmail.deliver.journal import BATCH, Clock, Journal
from ruhrmail.deliver.stop import rest
from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome

LOOK_AGAIN = 30.0
SHORTEST = 0.02


class Tray:
    """`over` is set when nothing is left to do, or by whoever ends the run; then nothing more is handed out."""

    def __init__(self, journal: Journal, clock: Clock, over: asyncio.Event) -> None:
        self._journal = journal
        self._clock = clock
        self._over = over
        self._held: deque[Claim] = deque()
        self._out: dict[int, Claim] = {}
        self._left: list[Claim] = []
        self._lock = asyncio.Lock()
        self._claiming: asyncio.Task[list[Claim]] | None = None
        self._changed = asyncio.Event()

    async def take(self, hands: int) -> Claim | None:
        """The next claim, None when there is none now. `hands` tells how many connections want one."""
        async with self._lock:
            if not self._held and not self._over.is_set():
                self._changed.clear()
                self._claiming = asyncio.create_task(self._journal.claim(min(max(hands, 1), BATCH)))
                self._held.extend(await asyncio.shield(self._claiming))
                self._claiming = None
            if not self._held or self._over.is_set():
                return None
            claim = self._held.popleft()
            self._out[claim.delivery] = claim
            return claim

    async def due(self) -> datetime | None:
        """When to look again (UTC), None when only the claims at work can bring more. Ends the run when none are.

        Holding the lock keeps `_changed` telling the truth: unset, nothing came back since the last empty claim.
        """
        async with self._lock:
            due = await self._journal.next_due()
            if due is None and not (self._out or self._held or self._changed.is_set()):
                self._over.set()
            return due

    async def wait(self, due: datetime | None) -> None:
        """Until then, or until a claim at work was settled, or the run is over."""
        seconds = (due - self._clock()).total_seconds() if due else LOOK_AGAIN
        await rest(min(max(seconds, SHORTEST), LOOK_AGAIN), self._over, self._changed)

    @property
    def busy(self) -> bool:
        """True while claims are at work."""
        return bool(self._out)

    async def settle(self, result: Result) -> None:
        """Records what became of a claim."""
        await self._journal.settle(result)
        self.forget(result.claim)
        if result.attempt.outcome in (Outcome.RETURNED, Outcome.DEFERRED):
            self._changed.set()

    async def give_back(self, claim: Claim) -> None:
        """Nothing was tried: somebody may claim it again."""
        await self.settle(returned(claim, self._clock()))

    def forget(self, claim: Claim) -> None:
        """A claim that is no longer ours."""
        self._out.pop(claim.delivery, None)
        if not self._out:
            self._changed.set()

    def leave(self, claim: Claim) -> None:
        """A claim whose work was cut off before its intent: given back when the run ends."""
        self._left.append(claim)

    async def give_back_all(self) -> None:
        """At the end: returns what was never tried."""
        if self._claiming is not None:
            await asyncio.wait([self._claiming])
            self._held.extend([] if self._claiming.exception() else self._claiming.result())
        if self._journal.failure is None:
            await self._return((*self._left, *self._held))

    async def _return(self, claims: Iterable[Claim]) -> None:
        now = self._clock()
        await asyncio.gather(*(self._journal.settle(returned(claim, now)) for claim in claims))


def returned(claim: Claim, now: datetime) -> Result:
    """The result of a claim that nobody worked on."""
    return Result(claim, Attempt(Outcome.RETURNED, ""), now)
