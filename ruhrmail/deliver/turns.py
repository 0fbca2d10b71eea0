"""Whose turn it is: claims to connections that asked, over all relays."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhrmail.deliver.backlog import Backlog
from ruhrmail.deliver.domains import Domains
from ruhrmail.deliver.lane import Lane
from ruhrmail.deliver.line import Line
from ruhrmail.model.ledger import Claim

MOST = 200
AHEAD = 8
PATIENCE = 2.0
"""Seconds that others wait for a relay whose rates allow it nothing."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A claim for a line that asked."""

    line: Line
    claim: Claim
    domain: str


def pick(lanes: Sequence[Lane], backlog: Backlog, domains: Domains, now: float) -> list[Pick]:
    """The next claims for lines that asked, counted against every limit."""
    picks: list[Pick] = []
    ready = [lane for lane in lanes if may_go(lane, now)]
    sharing = [lane for lane in lanes if lane.counts and could_take(lane, backlog, now)]
    level_shares(lanes, sharing)
    while ready and len(picks) < MOST:
        lane = min(ready, key=lambda one: one.share)
        found = None if is_ahead(lane, sharing) else backlog.stock.pick(backlog.admission(lane, now))
        if found is None:
            ready.remove(lane)
            continue
        domain, claim = found
        lane.take(domain)
        domains.take(domain, now)
        picks.append(Pick(lane.asks.popleft(), claim, domain))
        if not may_go(lane, now):
            ready.remove(lane)
    return picks


def may_go(lane: Lane, now: float) -> bool:
    """Whether a lane has a line that asked and may take something now; asks of lines that may not are dropped."""
    while lane.asks and not lane.asks[0].welcome:
        lane.asks.popleft().drop_ask()
    return bool(lane.asks) and not lane.pace.wait(now) and not lane.paused


def could_take(lane: Lane, backlog: Backlog, now: float) -> bool:
    """Whether a lane is worth waiting for: its rates and what it was told about receiving domains let it have mail."""
    if lane.relay.weight is None:
        return True
    return lane.pace.wait(now) < PATIENCE and backlog.stock.offers(backlog.admission(lane, now))


def level_shares(lanes: Sequence[Lane], sharing: Sequence[Lane]) -> None:
    """Whoever could not take any has nothing to catch up with."""
    floor = min((lane.share for lane in sharing), default=0.0)
    for lane in lanes:
        if lane not in sharing:
            lane.share = max(lane.share, floor)


def is_ahead(lane: Lane, sharing: Sequence[Lane]) -> bool:
    """Whether a lane with a weight had more than its share and waits for the others."""
    if lane.relay.weight is None:
        return False
    floor = min((one.share for one in sharing), default=lane.share)
    return lane.share > floor + AHEAD / lane.relay.weight
