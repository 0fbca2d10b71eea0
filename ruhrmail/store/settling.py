"""Outcomes into the ledger: the rows they make."""

from collections.abc import Iterator, Sequence

from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.model.consent import Reason
from ruhrmail.model.ledger import Result
from ruhrmail.model.mail import Outcome
from ruhrmail.store.batches import Batches
from ruhrmail.store.driver import Row
from ruhrmail.store.schema import microseconds

NO_SUCH_MAILBOX = "5.1.1"
"""RFC 3463 section 3.2."""
RETURNED = Outcome.RETURNED


class MixedBatch(Exception):
    """Some outcomes of a batch may be written and some not: undo it, and write them one by one."""


def write_results(batches: Batches, cursor: DBAPICursor, results: Sequence[Result], *, one_by_one: bool = False) -> int:
    """Writes every result that its claim's token and the delivery's state allow; returns how many that were.

    Raises MixedBatch unless they go one by one: only somebody who holds lapsed claims brings such a batch about.
    """
    pieces = ([one] for one in results) if one_by_one else once_each(results)
    return sum(write_once_each(batches, cursor, some) for some in pieces)


def once_each(results: Sequence[Result]) -> Iterator[Sequence[Result]]:
    """The results in order, cut so that no piece names a delivery twice: doubt and its proof may come together."""
    seen: set[int] = set()
    start = 0
    for at, result in enumerate(results):
        if result.claim.delivery in seen:
            yield results[start:at]
            start = at
            seen.clear()
        seen.add(result.claim.delivery)
    if start < len(results):
        yield results[start:]


def write_once_each(batches: Batches, cursor: DBAPICursor, results: Sequence[Result]) -> int:
    """The same for results of different deliveries."""
    settled = [outcome_row(one) for one in results if one.attempt.outcome is not RETURNED]
    returned = [returned_row(one) for one in results if one.attempt.outcome is RETURNED]
    unknown = [unknown_mailbox(one) for one in results if is_unknown_mailbox(one)]
    if unknown:
        batches.suppress_held(cursor, unknown)
    changed = batches.write_outcomes(cursor, settled) if settled else 0
    if 0 < changed < len(settled):
        raise MixedBatch
    return changed + (batches.give_back(cursor, returned) if returned else 0)


def outcome_row(result: Result) -> Row:
    """What a relay made of a claim, for `write_outcomes`."""
    claim, attempt = result.claim, result.attempt
    reply, at = attempt.reply, microseconds(result.at)
    outcome = attempt.outcome.value
    due = microseconds(result.next_at or result.at) if outcome == Outcome.DEFERRED else None
    if reply is None:
        return claim.delivery, claim.token, outcome, due, None, "", attempt.text, attempt.relay, at
    return claim.delivery, claim.token, outcome, due, reply.code, reply.enhanced, reply.text, attempt.relay, at


def returned_row(result: Result) -> Row:
    """A claim that nobody worked on, for `give_back`."""
    put_off = microseconds(result.next_at) if result.next_at else None
    return result.claim.delivery, result.claim.token, result.attempt.outcome.value, put_off


def is_unknown_mailbox(result: Result) -> bool:
    """Whether the relay refused the recipient for good because there is no such mailbox."""
    reply = result.attempt.reply
    return result.attempt.outcome is Outcome.FAILED and reply is not None and reply.enhanced == NO_SUCH_MAILBOX


def unknown_mailbox(result: Result) -> Row:
    """The suppression for a mailbox that does not exist, for `suppress_held`."""
    claim, reply = result.claim, result.attempt.reply
    evidence = f"{reply.code} {reply.enhanced} {reply.text}" if reply else ""
    key, reason = claim.recipient.person.key, Reason.BOUNCED.value
    return claim.delivery, claim.token, result.attempt.outcome.value, key, reason, evidence, microseconds(result.at)
