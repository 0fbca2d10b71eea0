"""The ledger: who may work on which recipient, and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, null, select, update

from ruhrmail.model.ledger import Claim, Intent, Result, State
from ruhrmail.store import recovery
from ruhrmail.store.mailings import Mailing
from ruhrmail.store.opening import Store
from ruhrmail.store.schema import DEFERRED, Instant, deliveries, subscribers
from ruhrmail.store.settling import write_results
from ruhrmail.store.subscribers import RECIPIENT, listed, recipient_of, unsuppressed

LEASE = timedelta(minutes=15)
TOKEN_BYTES = 8

AMONG = deliveries.c.id.in_(bindparam("numbers", expanding=True))
OURS = (
    select(deliveries.c.id)
    .where(deliveries.c.mailing == bindparam("of"))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
PENDING = OURS.where(deliveries.c.state == State.PENDING).order_by(deliveries.c.id)
DUE = OURS.where(deliveries.c.state == DEFERRED, deliveries.c.next_at <= bindparam("at")).order_by(deliveries.c.next_at)
CLAIM = (
    update(deliveries)
    .where(AMONG)
    .values(state=State.CLAIMED, token=bindparam("fresh"), lease_until=bindparam("until", type_=Instant))
)
INTEND = (
    update(deliveries)
    .where(AMONG)
    .values(
        state=State.IN_FLIGHT,
        lease_until=bindparam("until", type_=Instant),
        first_at=func.coalesce(deliveries.c.first_at, bindparam("now", type_=Instant)),
    )
)
LEAVE_OUT = (
    update(deliveries)
    .where(AMONG)
    .values(
        state=State.SUPPRESSED, token=null(), lease_until=null(), next_at=null(), at=bindparam("now", type_=Instant)
    )
)
CLAIMED_ROWS = (
    select(deliveries.c.id, deliveries.c.variant, deliveries.c.attempts, deliveries.c.first_at, *RECIPIENT)
    .join(subscribers, subscribers.c.id == deliveries.c.subscriber)
    .where(AMONG)
    .order_by(deliveries.c.id)
)
STANDING_ROWS = (
    select(
        deliveries.c.id,
        deliveries.c.state,
        deliveries.c.token,
        (listed() & unsuppressed()).label("welcome"),
    )
    .join(subscribers, subscribers.c.id == deliveries.c.subscriber)
    .where(AMONG)
    .with_for_update(of=deliveries)
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The durable record of one mailing's deliveries.

    | from | to | by | after a crash |
    | --- | --- | --- | --- |
    | pending, deferred and due | claimed | `claim` | as before: `recover` undoes claims |
    | claimed | in_flight, suppressed | `intend` | in doubt, as it may have left; suppressed |
    | claimed | pending, deferred, failed | `settle` | as before, or as settled |
    | in_flight | sent, deferred, failed, in_doubt | `settle` | in doubt, or as settled |
    | claimed, in_flight | pending, deferred | `settle` with `returned`: nothing left | in doubt, or as settled |
    | in_doubt | sent | `settle` or `prove_sent` (late proof; of in_flight too) | in doubt, or sent |
    | in_doubt | pending | `resend_doubtful` | in doubt, or pending |
    | suppressed | pending | `enrol`, when the recipient is back on the list | suppressed, or pending |

    Every method is one transaction, durable on return, and raises StoreError when the store cannot be written.
    """

    store: Store
    mailing: Mailing

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """Up to `limit` recipients that are pending, or deferred and due, for this sender to work on, in order.

        The claims lapse when they are not intended within 15 minutes and another sender looks for lapsed ones.
        """
        with self.store.writing() as connection:
            numbers = find_due(connection, self.mailing.id, limit, now)
            if not numbers:
                return []
            token = self.store.randomness(TOKEN_BYTES).hex()
            connection.execute(CLAIM, {"numbers": numbers, "fresh": token, "until": now + LEASE})
            return [claim_of(row, token) for row in connection.execute(CLAIMED_ROWS, {"numbers": numbers})]

    def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """Says by delivery which messages' final dot may leave, and records it before it says so (RFC 1047).

        Suppressed: the recipient left the list since; that is written as well. Lost: the claim is no longer ours, or
        was handed in twice. A granted message is granted never again, unless a person orders it.
        """
        with self.store.writing() as connection:
            return decide_intents(connection, claims, now)

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """`settle` and then `intend` in one transaction."""
        with self.store.writing() as connection:
            if results:
                write_results(connection, results)
            return decide_intents(connection, claims, now) if claims else {}

    def settle(self, results: Sequence[Result]) -> int:
        """Writes outcomes, all or none, and returns how many changed something: only the claim's own token may.

        A refusal with 5.1.1 (RFC 3463: no such mailbox) also suppresses the address.
        """
        with self.store.writing() as connection:
            return write_results(connection, results)

    def next_due(self) -> datetime | None:
        """When the first deferred recipient is to be tried again (UTC); None when nobody is deferred."""
        first = select(func.min(deliveries.c.next_at)).where(
            deliveries.c.mailing == self.mailing.id, deliveries.c.state == DEFERRED
        )
        with self.store.reading() as connection:
            return connection.execute(first).scalar_one_or_none()

    def recover(self, now: datetime) -> int:
        """For the only sender, before its first claim: undoes every claim, and what was in flight is in doubt.

        Returns how many are newly in doubt.
        """
        with self.store.writing() as connection:
            return recovery.take_over(connection, deliveries.c.mailing == self.mailing.id, now)

    def recover_expired(self, now: datetime) -> int:
        """The same for claims and messages in flight whose lease ran out, while other senders work."""
        lapsed = (deliveries.c.mailing == self.mailing.id) & (deliveries.c.lease_until < now)
        with self.store.writing() as connection:
            return recovery.take_over(connection, lapsed, now)

    def resend_doubtful(self, now: datetime) -> int:
        """On a person's word: makes everyone in doubt pending again; they may get the issue twice. Returns how many."""
        with self.store.writing() as connection:
            return recovery.requeue_doubtful(connection, self.mailing.id)

    def skip_doubtful(self, now: datetime) -> int:
        """On a person's word: notes that everyone in doubt is left alone; they stay in doubt. Returns how many."""
        with self.store.writing() as connection:
            return recovery.note_skipped(connection, self.mailing.id, now)


def find_due(connection: Connection, mailing: int, limit: int, now: datetime) -> list[int]:
    """The numbers of deliveries to claim, lowest first."""
    which = {"of": mailing, "most": limit, "at": now}
    found = [number for query in (PENDING, DUE) for number in connection.execute(query, which).scalars()]
    return sorted(found)[:limit]


def claim_of(row: Sequence[Any], token: str) -> Claim:
    """The claim that a row of CLAIMED_ROWS tells about."""
    number, variant, attempts, first_at, *recipient = row
    return Claim(number, token, recipient_of(recipient), variant, attempts, first_at)


def decide_intents(connection: Connection, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
    """Answers by delivery, written down."""
    times = Counter(claim.delivery for claim in claims)
    standing = {row.id: row for row in connection.execute(STANDING_ROWS, {"numbers": list(times)})}
    answers = {
        claim.delivery: answer(standing.get(claim.delivery), claim) if times[claim.delivery] == 1 else Intent.LOST
        for claim in claims
    }
    write_intents(connection, answers, now)
    return answers


def answer(row: Row[Any] | None, claim: Claim) -> Intent:
    """Whether a claim is still ours and the recipient still on the list."""
    if row is None or row.state != State.CLAIMED or row.token != claim.token:
        return Intent.LOST
    return Intent.GRANTED if row.welcome else Intent.SUPPRESSED


def write_intents(connection: Connection, answers: Mapping[int, Intent], now: datetime) -> None:
    """Records the answers that change a state."""
    granted = [number for number, intent in answers.items() if intent is Intent.GRANTED]
    gone = [number for number, intent in answers.items() if intent is Intent.SUPPRESSED]
    if granted:
        connection.execute(INTEND, {"numbers": granted, "now": now, "until": now + LEASE})
    if gone:
        connection.execute(LEAVE_OUT, {"numbers": gone, "now": now})
