"""What a run needs of whoever keeps the record of deliveries."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from ruhrmail.model.ledger import Claim, Intent, Result

Clock = Callable[[], datetime]
"""The time now, in UTC."""


class Ledger(Protocol):
    """Every call is durable when it returns. All come from one thread, which is not the loop's."""

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """At most `limit` recipients that are pending, or deferred and due."""

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """In one transaction: writes the results of claims that are still ours, then says by delivery which of these
        messages may leave (claimed to in flight by compare-and-set); a claim it does not name is lost."""

    def next_due(self) -> datetime | None:
        """When the next deferred recipient is due (UTC), None when nobody is deferred."""
