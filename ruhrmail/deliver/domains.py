"""Receiving domains: how much mail each may get at once and over time, through all relays together."""

from collections import Counter
from collections.abc import Sequence

from ruhrmail.config import DomainLimit
from ruhrmail.deliver.pace import Pace
from ruhrmail.model.ledger import Claim

EVERY = "*"


def domain_of(claim: Claim) -> str:
    """The receiving domain, in small ASCII letters."""
    return claim.recipient.person.key.rpartition("@")[2]


class Domains:
    """The configured limits; `*` gives every domain without a limit of its own one by itself."""

    def __init__(self, limits: Sequence[DomainLimit]) -> None:
        self._limits = {limit.domain: limit for limit in limits}
        self._every = self._limits.pop(EVERY, None)
        self._paces: dict[str, Pace] = {}
        self._out: Counter[str] = Counter()

    def limit_of(self, domain: str) -> DomainLimit | None:
        """What is configured for a domain."""
        return self._limits.get(domain, self._every)

    def pace_of(self, domain: str) -> Pace | None:
        """Its pace, where it has rates."""
        limit = self.limit_of(domain)
        if limit is None or not limit.rates:
            return None
        return self._paces.setdefault(domain, Pace(limit.rates))

    def remember(self, domain: str, at: float, count: int) -> None:
        """What left for a domain before this run."""
        if (pace := self.pace_of(domain)) is not None:
            pace.remember(at, count)

    def admits(self, domain: str, now: float) -> bool:
        """True when a message for it may leave now."""
        limit = self.limit_of(domain)
        if limit is None:
            return True
        if limit.connections is not None and self._out[domain] >= limit.connections:
            return False
        pace = self.pace_of(domain)
        return pace is None or not pace.wait(now)

    def wait(self, domain: str, now: float) -> float:
        """Seconds until its pace allows another message."""
        pace = self.pace_of(domain)
        return pace.wait(now) if pace else 0.0

    def take(self, domain: str, now: float) -> None:
        """A message for it is on its way."""
        if self.limit_of(domain) is None:
            return
        self._out[domain] += 1
        if (pace := self.pace_of(domain)) is not None:
            pace.use(now)

    def release(self, domain: str) -> None:
        """It is not any more."""
        if self.limit_of(domain) is not None:
            self._out[domain] -= 1
            if self._out[domain] <= 0:
                del self._out[domain]
