"""Rules of the ledger broken on purpose: whoever checks accounts must find out."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, update

from ruhrmail.model.ledger import Claim, Intent, Result, State
from ruhrmail.model.mail import Attempt, Outcome
from ruhrmail.store import Ledger, postgres_batches, recovery, sqlite_batches
from ruhrmail.store.schema import deliveries


def requeue_in_flight() -> None:
    """After a crash, whoever was in flight is mailed again."""
    original = recovery.take_over

    def take_over(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
        in_flight = which & (deliveries.c.state == State.IN_FLIGHT)
        connection.execute(update(deliveries).where(in_flight).values(state=State.CLAIMED))
        return original(connection, which, now)

    recovery.take_over = take_over


def intend_late() -> None:
    """Messages leave before their intents are written; those come with the outcomes."""
    original, unwritten = Ledger.record, dict[int, Claim]()

    def record(self: Ledger, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        unwritten.update({claim.delivery: claim for claim in claims})
        late = [unwritten.pop(one.claim.delivery) for one in results if one.claim.delivery in unwritten]
        original(self, (), late, now)
        original(self, results, (), now)
        return {claim.delivery: Intent.GRANTED for claim in claims}

    Ledger.record = record  # type: ignore[method-assign]


def believe_early() -> None:
    """Whoever is granted is written down as sent at once."""
    original = Ledger.record

    def record(self: Ledger, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        answers = original(self, results, claims, now)
        sent = [Result(claim, Attempt(Outcome.SENT, ""), now) for claim in claims if answers[claim.delivery] is GRANTED]
        self.settle(sent)
        return answers

    Ledger.record = record  # type: ignore[method-assign]


def forget_results() -> None:
    """Outcomes are never written."""
    original = Ledger.record
    Ledger.record = lambda self, _, claims, now: original(self, (), claims, now)  # type: ignore[method-assign]


def drop_fence() -> None:
    """Whoever asks is granted the intent, whatever became of the claim."""

    for module, name in ((sqlite_batches, "FIND_REFUSED"), (postgres_batches, "INTEND")):
        statement = getattr(module, name)
        assert FENCE in statement
        setattr(module, name, statement.replace(FENCE, ""))


FENCE = " AND d.token = r.token AND d.state = 'claimed'"
GRANTED = Intent.GRANTED
SABOTAGES: dict[str, Callable[[], None]] = {
    "requeue in flight": requeue_in_flight,
    "intend late": intend_late,
    "believe early": believe_early,
    "forget results": forget_results,
    "drop the fence": drop_fence,
}
