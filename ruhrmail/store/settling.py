"""Outcomes into the ledger: which may change what, and the rows they make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, case, func, insert, null, select, update

from ruhrmail.model.ledger import Result, State
from ruhrmail.model.mail import Outcome
from ruhrmail.store.driver import Values, execute_rows
from ruhrmail.store.schema import attempts, deliveries, microseconds
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

STANDING = select(
    deliveries.c.id,
    deliveries.c.state,
    deliveries.c.token,
    deliveries.c.attempts,
    deliveries.c.next_at.is_not(None).label("was_deferred"),
)
STANDING_ROWS = STANDING.where(deliveries.c.id.in_(bindparam("numbers", expanding=True))).with_for_update()
REPLY: dict[str, Any] = {name: bindparam(name) for name in ("code", "enhanced_code", "text", "relay", "at")}
NUMBERED = deliveries.c.id == bindparam("delivery")
SETTLE = (
    update(deliveries)
    .where(NUMBERED)
    .values(
        state=bindparam("outcome"),
        token=bindparam("kept_token"),
        lease_until=null(),
        attempts=bindparam("number"),
        first_at=func.coalesce(deliveries.c.first_at, bindparam("at")),
        next_at=bindparam("due"),
        **REPLY,
    )
)
GIVE_BACK = (
    update(deliveries)
    .where(NUMBERED)
    .values(
        state=bindparam("back"),
        token=null(),
        lease_until=null(),
        first_at=case((deliveries.c.attempts > 0, deliveries.c.first_at)),
        next_at=func.coalesce(bindparam("put_off"), deliveries.c.next_at),
    )
)
LIST_ATTEMPT = insert(attempts).values(
    delivery=bindparam("delivery"), number=bindparam("number"), outcome=bindparam("outcome"), **REPLY
)
CORRECT_ATTEMPT = (
    update(attempts)
    .where(attempts.c.delivery == bindparam("of"), attempts.c.number == bindparam("numbered"))
    .values(outcome=bindparam("outcome"), **REPLY)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a delivery stands before a result is written."""

    state: State
    token: str | None
    attempts: int
    was_deferred: bool


def write_results(connection: Connection, results: Sequence[Result]) -> int:
    """Writes every result that its claim's token and the delivery's state allow; returns how many that were."""
    standing = read_standing(connection, results)
    settled: list[Result] = []
    steps: dict[Update | Insert, list[Values]] = {GIVE_BACK: [], SETTLE: [], LIST_ATTEMPT: [], CORRECT_ATTEMPT: []}
    for result in results:
        before = standing.get(result.claim.delivery)
        if before is None or not may_settle(before, result):
            continue
        settled.append(result)
        standing[result.claim.delivery] = plan(before, result, steps)
    for statement, rows in steps.items():
        execute_rows(connection, statement, rows)
    suppress_keys(connection, [unknown_mailbox(one) for one in settled if is_unknown_mailbox(one)])
    return len(settled)


def read_standing(connection: Connection, results: Sequence[Result]) -> dict[int, Standing]:
    """Where the deliveries of some results stand, by number."""
    rows = connection.execute(STANDING_ROWS, {"numbers": [result.claim.delivery for result in results]})
    return {row[0]: Standing(*row[1:]) for row in rows}


def may_settle(before: Standing, result: Result) -> bool:
    """Whether the result belongs to the claim that holds the delivery, in a state that its outcome may change."""
    return before.token == result.claim.token and before.state in SETTLES_FROM[result.attempt.outcome]


def plan(before: Standing, result: Result, steps: dict[Update | Insert, list[Values]]) -> Standing:
    """Adds the rows that write one result, and says where the delivery stands then.

    Only who is in doubt keeps the token: for late proof, which corrects the doubtful attempt and adds none.
    """
    number = result.claim.delivery
    outcome = result.attempt.outcome
    if outcome is Outcome.RETURNED:
        put_off = microseconds(result.next_at) if result.next_at else None
        back = State.DEFERRED if before.was_deferred or put_off else State.PENDING
        steps[GIVE_BACK].append({"delivery": number, "back": back.value, "put_off": put_off})
        return replace(before, state=back, token=None, was_deferred=back is State.DEFERRED)
    is_late = before.state == State.IN_DOUBT
    after = Standing(
        state=State(outcome.value),
        token=before.token if outcome is Outcome.IN_DOUBT else None,
        attempts=before.attempts if is_late else before.attempts + 1,
        was_deferred=outcome is Outcome.DEFERRED,
    )
    due = microseconds(result.next_at or result.at) if after.was_deferred else None
    row: Values = {"delivery": number, "number": after.attempts, "outcome": outcome.value, **reply_columns(result)}
    steps[SETTLE].append({**row, "kept_token": after.token, "due": due})
    if is_late:
        steps[CORRECT_ATTEMPT].append({**row, "of": number, "numbered": after.attempts})
    else:
        steps[LIST_ATTEMPT].append(row)
    return after


def reply_columns(result: Result) -> Values:
    """What the relay said, or how the connection ended without a word."""
    reply = result.attempt.reply
    return {
        "code": reply.code if reply else None,
        "enhanced_code": reply.enhanced if reply else "",
        "text": reply.text if reply else result.attempt.text,
        "relay": result.attempt.relay,
        "at": microseconds(result.at),
    }


def is_unknown_mailbox(result: Result) -> bool:
    """Whether the relay refused the recipient for good because there is no such mailbox."""
    reply = result.attempt.reply
    return result.attempt.outcome is Outcome.FAILED and reply is not None and reply.enhanced == NO_SUCH_MAILBOX


def unknown_mailbox(result: Result) -> Suppression:
    """The suppression for a mailbox that does not exist."""
    reply = result.attempt.reply
    evidence = f"{reply.code} {reply.enhanced} {reply.text}" if reply else ""
    return Suppression(result.claim.recipient.person.key, Reason.BOUNCED, result.at, evidence)
