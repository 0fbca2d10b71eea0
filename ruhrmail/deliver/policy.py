"""How a run behaves towards relays, and what becomes of an attempt."""

import ssl
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ruhrmail.config import DomainLimit, Refusals
from ruhrmail.config.settings import Retry, Timeout
from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome, Reply

RATE_LIMITED = "4.7.28"
UNAUTHENTICATED = ("5.7.26", "5.7.515")
BARE_DENIAL = 554


@dataclass(frozen=True, slots=True)
class Past:
    """What a relay was given for a receiving domain before this run, about `at` (UTC). Without a relay: by any."""

    relay: str
    domain: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Patience and manners; all times in seconds.

    `local_hostname` is what EHLO says. `ssl_context` replaces the system's certificates. A relay that cannot be used
    is tried again after `pause`, doubling up to `longest_pause`; one that never worked ends the run after
    `start_tries`. A relay that slowed us down regains one connection every `recovery`. So many `refusals` of our right
    to send (5.7.x) without a single acceptance between them end the run, and so do more refusals for good of any kind
    than `refused` allows. `domains` limits receiving domains; `past` counts where limits look back, oldest first. With
    `threads` messages are made in that many threads, for work that leaves the interpreter alone such as signing.
    `tell_attempts`: each attempt is an event.
    """

    local_hostname: str
    retry: Retry = field(default_factory=Retry)
    timeout: Timeout = field(default_factory=Timeout)
    ssl_context: ssl.SSLContext | None = None
    pause: float = 0.5
    longest_pause: float = 60
    start_tries: int = 3
    recovery: float = 5
    rate_limit_pause: float = 600
    refusals: int = 20
    refused: Refusals | None = None
    domains: tuple[DomainLimit, ...] = ()
    past: tuple[Past, ...] = ()
    threads: int = 0
    tell_attempts: bool = False

    def pause_after(self, failures: int) -> float:
        """How long a relay is left alone after so many failures in a row."""
        return min(self.pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


def result_of(claim: Claim, attempt: Attempt, now: datetime, retry: Retry) -> Result:
    """An attempt to what the ledger is told: deferred mail gets its next time, or has failed when its time is over.

    The n-th attempt is followed by the n-th gap, the last one repeats; the last attempt is made when `for` is over. The
    clock alone gives nobody up: it may have jumped, or nothing was sent for days. So every gap that fits into `for` is
    waited for once; and where the clock was put back, time counts as over once the gaps waited for sum up to `for`.
    """
    if attempt.outcome is not Outcome.DEFERRED:
        return Result(claim, attempt, now)
    span, waited = timedelta(seconds=retry.for_), timedelta(seconds=sum_of_gaps(claim.attempts, retry))
    end = (claim.first_at or now) + span
    tried = claim.attempts >= len(retry.gaps) or waited >= span
    if tried and (now >= end or waited >= span):
        return Result(claim, replace(attempt, outcome=Outcome.FAILED), now)
    due = now + timedelta(seconds=retry.gaps[min(claim.attempts, len(retry.gaps) - 1)])
    return Result(claim, attempt, now, min(due, end) if now < end else due)


def sum_of_gaps(count: int, retry: Retry) -> float:
    """How long the first so many waits last together, in seconds."""
    return sum(retry.gaps[:count]) + max(count - len(retry.gaps), 0) * retry.gaps[-1]


def asks_for_less(reply: Reply | None) -> bool:
    """True for a 421 or 4.7.x about us; 450 and 451 (greylisting) are the recipient's alone."""
    if reply is None:
        return False
    if reply.code == 421 or reply.enhanced == RATE_LIMITED:
        return True
    return 400 <= reply.code < 500 and reply.enhanced.startswith("4.7.") and reply.code not in (450, 451)


def denies_us(attempt: Attempt) -> bool:
    """True for a refusal for good that speaks of us or our message: X.6.X, X.7.X (RFC 3463), a bare 554.

    A bare 550 is how many relays say that there is no such mailbox; a list may hold any number of those in a row.
    """
    reply = attempt.reply
    if attempt.outcome is not Outcome.FAILED or reply is None:
        return False
    return reply.enhanced.startswith(("5.6.", "5.7.")) or (reply.code == BARE_DENIAL and not reply.enhanced)
