"""Outcomes into the ledger: which may change what, and the rows they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ruhrmail.model.ledger import Result, State
from ruhrmail.model.mail import Outcome
from ruhrmail.store import batches
from ruhrmail.store.batches import Standing
from ruhrmail.store.driver import Value
from ruhrmail.store.schema import microseconds
from ruhrmail.store.suppressions import Reason, Suppression, suppress_keys

SETTLES_FROM: dict[Outcome, tuple[State, ...]] = {
    Outcome.SENT: (State.IN_FLIGHT, State.IN_DOUBT),
    Outcome.DEFERRED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.FAILED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.IN_DOUBT: (State.IN_FLIGHT,),
    Outcome.RETURNED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.SUPPRESSED: (),
}
"""The states an outcome may change; `suppressed` was written with the intent already."""

NO_SUCH_MAILBOX = "5.1.1"
"""RFC 3463 section 3.2."""

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that write some results, by delivery: of two for the same one (in doubt, then proved) the last."""

    settled: dict[int, Row] = field(default_factory=dict)
    returned: dict[int, Row] = field(default_factory=dict)


def write_results(connection: Connection, standing: dict[int, Standing], results: Sequence[Result]) -> int:
    """Writes every result that its claim's token and the delivery's state allow; returns how many that were.

    `standing` says where the deliveries stand, and afterwards where they stand then.
    """
    plan = Plan()
    allowed: list[Result] = []
    for result in results:
        before = standing.get(result.claim.delivery)
        if before is not None and may_settle(before, result):
            allowed.append(result)
            standing[result.claim.delivery] = add(plan, before, result)
    if plan.returned:
        batches.give_back(connection, list(plan.returned.values()))
    if plan.settled:
        batches.write_outcomes(connection, list(plan.settled.values()))
    suppress_keys(connection, [unknown_mailbox(one) for one in allowed if is_unknown_mailbox(one)])
    return len(allowed)


def may_settle(before: Standing, result: Result) -> bool:
    """Whether the result belongs to the claim that holds the delivery, in a state that its outcome may change."""
    return before.token == result.claim.token and before.state in SETTLES_FROM[result.attempt.outcome]


def add(plan: Plan, before: Standing, result: Result) -> Standing:
    """Adds the row that writes one result, and says where the delivery stands then.

    Only who is in doubt keeps the token: for late proof, which corrects the doubtful attempt and adds none.
    """
    number = result.claim.delivery
    outcome = result.attempt.outcome
    if outcome is Outcome.RETURNED:
        put_off = microseconds(result.next_at) if result.next_at else None
        back = State.DEFERRED if before.was_deferred or put_off else State.PENDING
        plan.returned[number] = (number, back.value, put_off)
        return Standing(back.value, None, before.attempts, back is State.DEFERRED, False)
    token = before.token if outcome is Outcome.IN_DOUBT else None
    attempts = before.attempts + (before.state != State.IN_DOUBT)
    due = microseconds(result.next_at or result.at) if outcome is Outcome.DEFERRED else None
    plan.settled[number] = (number, outcome.value, token, attempts, due, *reply_columns(result))
    return Standing(outcome.value, token, attempts, due is not None, False)


def reply_columns(result: Result) -> Row:
    """What the relay said, or how the connection ended without a word: code, enhanced code, text, relay, at."""
    attempt = result.attempt
    at = microseconds(result.at)
    if attempt.reply is None:
        return None, "", attempt.text, attempt.relay, at
    return attempt.reply.code, attempt.reply.enhanced, attempt.reply.text, attempt.relay, at


def is_unknown_mailbox(result: Result) -> bool:
    """Whether the relay refused the recipient for good because there is no such mailbox."""
    reply = result.attempt.reply
    return result.attempt.outcome is Outcome.FAILED and reply is not None and reply.enhanced == NO_SUCH_MAILBOX


def unknown_mailbox(result: Result) -> Suppression:
    """The suppression for a mailbox that does not exist."""
    reply = result.attempt.reply
    evidence = f"{reply.code} {reply.enhanced} {reply.text}" if reply else ""
    return Suppression(result.claim.recipient.person.key, Reason.BOUNCED, result.at, evidence)
