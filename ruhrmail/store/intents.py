"""What becomes of claims within a transaction: granted, suppressed, lost, given back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.model.ledger import Claim, Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.model.people import Recipient
from ruhrmail.store.batches import Batches
from ruhrmail.store.leases import LEASE
from ruhrmail.store.schema import instant, microseconds
from ruhrmail.store.subscribers import person_of


def claim_of(row: Sequence[Any], token: str) -> Claim:
    """The claim that a row of `read_claimed` tells about."""
    number, variant, attempts, first_at, subscriber, token_id, *columns = row
    begun = None if first_at is None else instant(first_at)
    return Claim(
        number, token, Recipient(subscriber, bytes.fromhex(token_id), person_of(columns)), variant, attempts, begun
    )


def decide_intents(
    batches: Batches, cursor: DBAPICursor, claims: Sequence[Claim], now: datetime, *, again: bool = False
) -> dict[int, Intent]:
    """Answers by delivery, written down.

    Again, after a try that nobody heard the end of: what that one granted has not left, for nobody was told.
    """
    answers = {claim.delivery: Intent.GRANTED for claim in claims}
    if len(answers) < len(claims):
        answers |= dict.fromkeys(handed_in_twice(claims), Intent.LOST)
    pairs = [(claim.delivery, claim.token) for claim in claims if answers[claim.delivery] is Intent.GRANTED]
    if again and pairs:
        granted_before = batches.find_granted(cursor, pairs)
        pairs = [pair for pair in pairs if pair[0] not in granted_before]
    if pairs:
        for number, was_ours in batches.intend(cursor, pairs, microseconds(now), microseconds(now + LEASE)):
            answers[number] = Intent.SUPPRESSED if was_ours else Intent.LOST
    return answers


def release(batches: Batches, cursor: DBAPICursor, claims: Sequence[tuple[int, str]]) -> None:
    """Gives claims back, by number and token, as far as they are still ours."""
    if claims:
        batches.give_back(cursor, [(number, token, Outcome.RETURNED.value, None) for number, token in claims])


def handed_in_twice(claims: Sequence[Claim]) -> Iterator[int]:
    """The deliveries that several claims name."""
    times = Counter(claim.delivery for claim in claims)
    return (number for number, count in times.items() if count > 1)
