"""Who waits: a stock of claims in this process, and behind it the ledger, which is asked for more in time.

Mail for a receiving domain that takes none for a while must not fill the stock: what is too much of it is put off in
the ledger, one after the other at the pace that the domain has shown, so that it comes due as it can leave.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ruhrmail.deliver.domains import Domains
from ruhrmail.deliver.lane import Lane
from ruhrmail.deliver.ledger import Clock
from ruhrmail.deliver.stock import Stock
from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome

FEWEST, MOST = 20, 500
QUICK = 1.0
LOOK_AGAIN = 30.0
LOOK_SOON = 1.0
"""Seconds between looks while claims wait here that limits hold back; most of what changes that wakes by itself."""
SHORTEST = 0.02
KEEP = 50
USUAL_GAP = 0.01
LONGEST_GAP = 1.0
ENOUGH = 20


class Backlog:
    """`now` is the loop's time in seconds, the clock's is UTC."""

    def __init__(self, clock: Clock, lanes: Sequence[Lane], domains: Domains) -> None:
        self.stock = Stock()
        self.dry = False
        self.due: datetime | None = None
        self._clock = clock
        self._lanes = lanes
        self._domains = domains
        self._chunk = FEWEST
        self._stirs = self._asked_at_stir = 0
        self._claimed_at = 0.0
        self._came_back: Counter[int] = Counter()
        self._booked: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        self._finished: Counter[str] = Counter()

    def wanted(self, now: float) -> int:
        """How many claims to ask the ledger for now."""
        if self.dry and not self._worth_a_look(now):
            return 0
        self.dry = False
        waiting = len(self.stock)
        if waiting > self._chunk // 2 and (waiting >= 2 * MOST or self.offers(now)):
            return 0
        self._asked_at_stir = self._stirs
        self._chunk = min(self._chunk * 2, MOST) if now - self._claimed_at < QUICK else max(self._chunk // 2, FEWEST)
        return self._chunk

    def _worth_a_look(self, now: float) -> bool:
        if self.due is not None and self._clock() >= self.due:
            return True
        return now - self._claimed_at >= LOOK_AGAIN

    def receive(self, claims: Iterable[Claim], due: datetime | None, now: float) -> None:
        """What the ledger answered; without a claim it is dry until something changes, or until `due`.

        What came back while it was being asked is not in the answer.
        """
        self._claimed_at = now
        self.dry, self.due = self._stirs == self._asked_at_stir, due
        for claim in claims:
            self.dry = False
            if self._came_back[claim.delivery]:
                self.stock.add_later(claim)
            else:
                self.stock.add((claim,))

    def stir(self) -> None:
        """The ledger may have something again."""
        self.dry = False
        self._stirs += 1

    def came_back(self, claim: Claim) -> int:
        """Notes that a connection ended over a claim's envelope, and tells how often that has happened."""
        self._came_back[claim.delivery] += 1
        return self._came_back[claim.delivery]

    def took(self, domain: str, now: float) -> None:
        """A message for that domain got its answer."""
        passed = min(now - self._last.get(domain, now), LONGEST_GAP)
        self._spent[domain] = self._spent.get(domain, 0.0) + passed
        self._last[domain] = now
        self._finished[domain] += 1

    def offers(self, now: float) -> bool:
        """Whether anybody could leave, as far as receiving domains are concerned."""
        return any(self.stock.offers(self.admission(lane, now)) for lane in self._lanes)

    def admission(self, lane: Lane, now: float) -> Callable[[str], bool]:
        """Whether a lane may take a message for a domain."""
        return lambda domain: lane.admits(domain) and self._domains.admits(domain, now)

    def opens_in(self, domain: str, now: float) -> float:
        """Seconds until a message for that domain may leave, as far as that is known."""
        return max(min(lane.opens_in(domain) for lane in self._lanes), self._domains.wait(domain, now))

    def wait(self, now: float) -> float:
        """Seconds until it may be worth looking again; something else may wake whoever waits earlier."""
        seconds = LOOK_AGAIN
        if self.due is not None and self.dry:
            seconds = max((self.due - self._clock()).total_seconds(), SHORTEST)
        if not len(self.stock):
            return min(seconds, LOOK_AGAIN)
        opening = (wait for domain in self.stock.all_domains() if (wait := self.opens_in(domain, now)))
        return min(seconds, LOOK_SOON, *(max(wait, SHORTEST) for wait in opening))

    def put_off(self, now: float) -> Iterator[Result]:
        """What nobody can take for a while, given back until its time; nothing while anybody could leave."""
        if len(self.stock) < MOST or self.offers(now):
            return
        at = self._clock()
        for domain in self.stock.domains():
            for claim in self.stock.take_beyond(domain, KEEP):
                later = timedelta(seconds=self._book(domain, now) - now)
                yield Result(claim, Attempt(Outcome.RETURNED, ""), at, at + later)

    def _book(self, domain: str, now: float) -> float:
        """The next free time for a message to that domain."""
        gap = self._gap_of(domain)
        earliest = now + self.opens_in(domain, now) + KEEP * gap
        self._booked[domain] = max(self._booked.get(domain, 0.0), earliest) + gap
        return self._booked[domain]

    def _gap_of(self, domain: str) -> float:
        """Seconds between messages to a domain: as configured, else half of what it was so far, pauses left out.

        Rather too short than too long: who comes too early is put off again, but nobody looks for who comes too late.
        """
        pace = self._domains.pace_of(domain)
        if pace is not None and pace.gap:
            return pace.gap
        finished = self._finished[domain]
        return self._spent[domain] / finished / 2 if finished >= ENOUGH else USUAL_GAP

    def empty(self) -> list[Result]:
        """At the end: everything given back."""
        at = self._clock()
        return [Result(claim, Attempt(Outcome.RETURNED, ""), at) for claim in self.stock.empty()]
