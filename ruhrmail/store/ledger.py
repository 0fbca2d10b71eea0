"""The ledger: who may work on which recipient, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.errors import StoreError
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.phrase import phrase
from ruhrmail.store import recovery
from ruhrmail.store.batches import batches_of
from ruhrmail.store.halting import is_halted
from ruhrmail.store.intents import claim_of, decide_intents, release
from ruhrmail.store.leases import LEASE, TOKEN_BYTES
from ruhrmail.store.mailings import Mailing
from ruhrmail.store.opening import Store
from ruhrmail.store.patience import GivesUp, after_a_minute, patiently
from ruhrmail.store.postgres_troubles import CHECK_SERVER
from ruhrmail.store.schema import DEFERRED, deliveries, microseconds, workers
from ruhrmail.store.settling import MixedBatch, write_results
from ruhrmail.store.subscribers import ATTRIBUTES
from ruhrmail.store.timeline import Unsettled, ensure_settled, in_sight, look_back
from ruhrmail.store.witness import Which

T = TypeVar("T")
LOOKS = 5
"""How often one step may find that the database has gone back in time."""


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
    holder: str = ""
    """Begins the tokens of its claims, so that others know whose they are."""
    gives_up: GivesUp = after_a_minute
    """How long a step waits for a database that is away or blocked. What is to be written then is known here alone."""

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """Up to `limit` recipients that are pending, or deferred and due, for this sender to work on, in order.

        The claims lapse when they are not intended within 15 minutes and another sender looks for lapsed ones. None
        once the mailing was stopped because the database has gone back in time.
        """
        witness = self.store.witness
        token = (witness.works_as(self.holder) if witness else self.holder) + self.store.randomness(TOKEN_BYTES).hex()
        return self._step(lambda cursor, again: self._claim(cursor, limit, now, token, again=again))

    def _claim(self, cursor: DBAPICursor, limit: int, now: datetime, token: str, *, again: bool) -> list[Claim]:
        """The same with a token; `again` after a try of which nobody knows whether it was written."""
        batches = batches_of(self.store.engine)
        rows = batches.read_claimed(cursor, self.mailing.id, token, ATTRIBUTES) if again else []
        if self._is_held():
            release(batches, cursor, [(row[0], token) for row in rows])
            return []
        if not rows:
            at, until = microseconds(now), microseconds(now + LEASE)
            rows = batches.claim_due(cursor, self.mailing.id, limit, at, token, until, ATTRIBUTES)
        return [claim_of(row, token) for row in rows]

    def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """Says by delivery which messages' final dot may leave, and records it before it says so (RFC 1047).

        Suppressed: the recipient left the list since; that is written as well. Lost: the claim is no longer ours, or
        was handed in twice. A granted message is granted never again, unless a person orders it.
        """
        return self.record((), claims, now)

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """`settle` and then `intend` in one transaction."""
        return self._write(results, claims, now)[1]

    def settle(self, results: Sequence[Result]) -> int:
        """Writes outcomes, all or none, and returns how many changed something: only the claim's own token may.

        A refusal with 5.1.1 (RFC 3463: no such mailbox) also suppresses the address.
        """
        return self._write(results, (), None)[0]

    def _write(
        self, results: Sequence[Result], claims: Sequence[Claim], now: datetime | None
    ) -> tuple[int, dict[int, Intent]]:
        """How many results changed something, and the answers to the claims, in one transaction."""
        witness = self.store.witness if self.mailing.destination == "relay" else None
        which = Which(self.mailing.id, self.mailing.prepared_at)
        if witness:
            witness.hear(which, results)
        try:
            changed, answers = self._step(partial(self._record, results, claims, now, one_by_one=False))
        except MixedBatch:
            changed, answers = self._step(partial(self._record, results, claims, now, one_by_one=True))
        if witness:
            witness.note(which, results, [one for one in claims if answers.get(one.delivery) is Intent.GRANTED])
        return changed, answers

    def _record(
        self,
        results: Sequence[Result],
        claims: Sequence[Claim],
        now: datetime | None,
        cursor: DBAPICursor,
        again: bool,
        *,
        one_by_one: bool,
    ) -> tuple[int, dict[int, Intent]]:
        """The same within a transaction."""
        batches = batches_of(self.store.engine)
        changed = write_results(batches, cursor, results, one_by_one=one_by_one)
        if claims and self._is_held():
            release(batches, cursor, [(one.delivery, one.token) for one in claims])
            return changed, dict.fromkeys((one.delivery for one in claims), Intent.LOST)
        return changed, decide_intents(batches, cursor, claims, now, again=again) if claims and now else {}

    def _is_held(self) -> bool:
        """Whether the mailing was stopped as the database had gone back in time, and nobody let it go on since."""
        witness = self.store.witness
        if witness is None or self.mailing.id not in witness.held:
            return False
        if is_halted(self.store, self.mailing):
            return True
        witness.held.discard(self.mailing.id)
        return False

    def _ensure_known(self) -> None:
        """Raises StoreError once the database has forgotten the whole mailing."""
        witness = self.store.witness
        if witness is not None and Which(self.mailing.id, self.mailing.prepared_at) in witness.lost:
            raise StoreError(
                phrase(
                    "the database has gone back in time and forgotten the mailing of {slug}", slug=self.mailing.issue
                ),
                hint=phrase("compare with the relay's log: whoever got it would get it again"),
            )

    def _step(self, work: Callable[[DBAPICursor, bool], T]) -> T:
        """A transaction, begun again while the server is away, in a database that has not gone back in time.

        `work` is told whether it was called before: then nobody knows whether that try was written.
        """
        looked = False

        def once(again: bool) -> T:
            self._ensure_known()
            with in_sight(self.store) as cursor:
                return work(cursor, again or looked)

        for _ in range(LOOKS):
            try:
                return patiently(once, self.gives_up)
            except Unsettled:
                look_back(self.store)
                looked = True
        raise StoreError(phrase("the database goes back in time again and again"), hint=CHECK_SERVER)

    def next_due(self) -> datetime | None:
        """When the first deferred recipient is to be tried again (UTC); None when nobody is deferred."""
        first = select(func.min(deliveries.c.next_at)).where(
            deliveries.c.mailing == self.mailing.id, deliveries.c.state == DEFERRED
        )

        def read(_: bool) -> datetime | None:
            with self.store.reading() as connection:
                return connection.execute(first).scalar_one_or_none()

        return patiently(read, self.gives_up)

    def recover(self, now: datetime) -> int:
        """For the only sender, before its first claim: undoes every claim, and what was in flight is in doubt.

        Returns how many are newly in doubt.
        """
        ensure_settled(self.store)
        with self.store.writing() as connection:
            return recovery.take_over(connection, deliveries.c.mailing == self.mailing.id, now)

    def recover_expired(self, now: datetime) -> int:
        """The same for claims and messages in flight whose lease ran out, while other senders work.

        Those of workers on record are left to them, however long they take and whatever their clocks say: who dies is
        buried.
        """
        ensure_settled(self.store)
        lapsed = (deliveries.c.mailing == self.mailing.id) & (deliveries.c.lease_until < now) & ~is_of_worker()
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


def is_of_worker() -> ColumnElement[bool]:
    """The condition that a claim is a worker's that was not buried."""
    begins = func.substr(deliveries.c.token, 1, func.length(workers.c.name))
    return exists().where(begins == workers.c.name)
