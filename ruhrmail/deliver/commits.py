"""The ledger's commits, one at a time, in a thread of their own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.deliver.ledger import Ledger
from ruhrmail.model.ledger import Claim, Intent, Result


@dataclass(frozen=True, slots=True)
class Written:
    """What a commit brought: the answers to intents, new claims, and when somebody is due where there were none."""

    answers: dict[int, Intent]
    claims: list[Claim]
    due: datetime | None


class Commits:
    """Writes to the ledger of a run, and reads from it. `broken` once a commit failed: no other may follow then."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self.broken = False
        self._ledger = ledger
        self._clock = clock
        self._writer = ThreadPoolExecutor(1, "ruhrmail-ledger")

    async def write(self, results: Sequence[Result], claims: Sequence[Claim], wanted: int) -> Written:
        """One commit: results, then intents, then up to `wanted` new claims; a cancelled run too hears its answer.

        Raises whatever the ledger raises.
        """
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(self._writer, self._commit, results, claims, wanted)
        await asyncio.wait([call])
        self.broken = self.broken or call.exception() is not None
        return call.result()

    def close(self) -> None:
        """Ends the thread, once it is idle."""
        self._writer.shutdown()

    def _commit(self, results: Sequence[Result], claims: Sequence[Claim], wanted: int) -> Written:
        """In the thread."""
        answers = self._ledger.record(results, claims, self._clock()) if results or claims else {}
        found = self._ledger.claim(wanted, self._clock()) if wanted else []
        return Written(answers, found, self._ledger.next_due() if wanted and not found else None)
