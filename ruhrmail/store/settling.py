"""Outcomes into the ledger: which may change what, and the rows they make."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ruhrmail.model.ledger import Result, State
from ruhrmail.model.mail import Outcome
from ruhrmail.store.conflict import insert_or
from ruhrmail.store.schema import attempts, deliveries
from ruhrmail.store.suppressions import Reason, Suppression, suppress_keys

Values = dict[str, Any]
"""Columns of one row."""

SETTLES_FROM: dict[Outcome, tuple[State, ...]] = {
    Outcome.SENT: (State.IN_FLIGHT, State.IN_DOUBT),
    Outcome.DEFERRED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.FAILED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.IN_DOUBT: (State.IN_FLIGHT,),
    Outcome.RETURNED: (State.CLAIMED,),
    Outcome.SUPPRESSED: (),
}
"""The states an outcome may change; `suppressed` was written with the intent already."""

NO_SUCH_MAILBOX = "5.1.1"
"""RFC 3463 section 3.2."""

STANDING = ("state", "token", "lease_until", "attempts", "first_at", "next_at")
REPLY = ("code", "enhanced_code", "text", "relay", "at")
STANDING_ROWS = (
    select(deliveries.c.id, *(deliveries.c[name] for name in (*STANDING, *REPLY)))
    .where(deliveries.c.id.in_(bindparam("numbers", expanding=True)))
    .with_for_update()
)
SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("number"))
    .values({name: bindparam(name) for name in (*STANDING, *REPLY)})
)


def write_results(connection: Connection, results: Sequence[Result]) -> int:
    """Writes every result that its claim's token and the delivery's state allow; returns how many that were."""
    numbers = sorted({result.claim.delivery for result in results})
    rows = connection.execute(STANDING_ROWS, {"numbers": numbers}).mappings()
    standing: dict[int, Values] = {row["id"]: dict(row) for row in rows}
    tried: list[Values] = []
    settled: list[Result] = []
    for result in results:
        before = standing.get(result.claim.delivery)
        if before is None or not may_settle(before, result):
            continue
        standing[result.claim.delivery] = after = after_result(before, result)
        settled.append(result)
        if result.attempt.outcome is not Outcome.RETURNED:
            tried.append(attempt_row(after, result))
    write_deliveries(connection, [standing[number] for number in {one.claim.delivery for one in settled}])
    write_attempts(connection, tried)
    suppress_keys(connection, [unknown_mailbox(one) for one in settled if is_unknown_mailbox(one)])
    return len(settled)


def may_settle(before: Values, result: Result) -> bool:
    """Whether the result belongs to the claim that holds the delivery, in a state that its outcome may change."""
    return before["token"] == result.claim.token and before["state"] in SETTLES_FROM[result.attempt.outcome]


def after_result(before: Values, result: Result) -> Values:
    """The delivery's row once the result is written. Only who is in doubt keeps the token: for late proof."""
    outcome = result.attempt.outcome
    if outcome is Outcome.RETURNED:
        state = State.PENDING if before["next_at"] is None else State.DEFERRED
        return before | {"state": state, "token": None, "lease_until": None}
    is_late = before["state"] == State.IN_DOUBT
    return before | {
        "state": State(outcome.value),
        "token": before["token"] if outcome is Outcome.IN_DOUBT else None,
        "lease_until": None,
        "attempts": before["attempts"] + (0 if is_late else 1),
        "first_at": before["first_at"] or result.at,
        "next_at": (result.next_at or result.at) if outcome is Outcome.DEFERRED else None,
        **reply_columns(result),
    }


def reply_columns(result: Result) -> Values:
    """What the relay said, or how the connection ended without a word."""
    reply = result.attempt.reply
    return {
        "code": reply.code if reply else None,
        "enhanced_code": reply.enhanced if reply else "",
        "text": reply.text if reply else result.attempt.text,
        "relay": result.attempt.relay,
        "at": result.at,
    }


def attempt_row(after: Values, result: Result) -> Values:
    """The row for the list of attempts."""
    outcome = result.attempt.outcome.value
    return {"delivery": after["id"], "number": after["attempts"], "outcome": outcome, **reply_columns(result)}


def write_deliveries(connection: Connection, rows: Sequence[Values]) -> None:
    """Writes the new standing of deliveries."""
    if rows:
        connection.execute(SETTLE, [{"number": row["id"], **row} for row in rows])


def write_attempts(connection: Connection, rows: Sequence[Values]) -> None:
    """Writes attempts; late proof replaces the doubtful one it is about."""
    if not rows:
        return
    insert = insert_or(connection, attempts)
    values = {name: insert.excluded[name] for name in ("outcome", *REPLY)}
    connection.execute(insert.on_conflict_do_update(index_elements=["delivery", "number"], set_=values), rows)


def is_unknown_mailbox(result: Result) -> bool:
    """Whether the relay refused the recipient for good because there is no such mailbox."""
    reply = result.attempt.reply
    return result.attempt.outcome is Outcome.FAILED and reply is not None and reply.enhanced == NO_SUCH_MAILBOX


def unknown_mailbox(result: Result) -> Suppression:
    """The suppression for a mailbox that does not exist."""
    reply = result.attempt.reply
    evidence = f"{reply.code} {reply.enhanced} {reply.text}" if reply else ""
    return Suppression(result.claim.recipient.person.key, Reason.BOUNCED, result.at, evidence)
