"""The arrows of joining and leaving, each by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.consent import LIFTED, Answer, Asking, answer_to, may_confirm, standing_of
from ruhrmail.model.consent import Consent, Kind, Reason, Standing, Suppression

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PURGE = timedelta(days=14)


def records(*kinds: Kind, at: datetime = NOW) -> list[Consent]:
    return [Consent(number, kind, at) for number, kind in enumerate(kinds, 1)]


def suppressed(reason: Reason, key: str = "a@b.example") -> Suppression:
    return Suppression(key, reason, NOW)


@pytest.mark.parametrize(
    ("listed", "reason", "kinds", "expected"),
    [
        (True, None, [], Standing.SUBSCRIBED),
        (True, Reason.UNSUBSCRIBED, [], Standing.SUPPRESSED),
        (False, Reason.MANUAL, [Kind.ASKED], Standing.SUPPRESSED),
        (False, None, [Kind.ASKED], Standing.UNCONFIRMED),
        (True, None, [Kind.ASKED], Standing.SUBSCRIBED),
        (False, None, [Kind.ASKED, Kind.CONFIRMED], Standing.ABSENT),
        (False, None, [], Standing.ABSENT),
    ],
)
def test_where_somebody_stands(listed, reason, kinds, expected):
    found = suppressed(reason) if reason else None
    assert expected == standing_of(listed=listed, suppression=found, consents=records(*kinds))


def test_an_address_of_which_only_a_hash_is_left_stands_nowhere():
    found = suppressed(Reason.COMPLAINED, "hmac-sha256:00")
    assert standing_of(listed=False, suppression=found, consents=(), known=False) is None
    by_name = suppressed(Reason.BOUNCED)
    assert Standing.SUPPRESSED == standing_of(listed=False, suppression=by_name, consents=(), known=False)


def test_a_new_opt_in_lifts_all_but_complaints_and_what_was_decided_by_hand():
    assert {Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.FORGOTTEN} == set(LIFTED)


@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        (Asking(None), Answer.CONFIRM),
        (Asking(Standing.ABSENT), Answer.CONFIRM),
        (Asking(Standing.UNCONFIRMED), Answer.CONFIRM),
        (Asking(Standing.UNCONFIRMED, wrote=True), Answer.NOTHING),
        (Asking(Standing.SUBSCRIBED, agreed="one"), Answer.KNOWN),
        (Asking(Standing.SUBSCRIBED), Answer.KNOWN),
        (Asking(Standing.SUBSCRIBED, agreed="older"), Answer.CONFIRM),
        (Asking(Standing.SUPPRESSED, suppressed(Reason.UNSUBSCRIBED)), Answer.CONFIRM),
        (Asking(Standing.SUPPRESSED, suppressed(Reason.BOUNCED)), Answer.CONFIRM),
        (Asking(None, suppressed(Reason.FORGOTTEN, "hmac-sha256:00")), Answer.CONFIRM),
        (Asking(Standing.SUPPRESSED, suppressed(Reason.COMPLAINED)), Answer.NOTHING),
        (Asking(None, suppressed(Reason.MANUAL, "hmac-sha256:00")), Answer.NOTHING),
    ],
)
def test_what_follows_when_somebody_asks(asking, expected):
    assert expected == answer_to(asking, ["one", "eins"])


@pytest.mark.parametrize(
    ("kinds", "number", "age", "expected"),
    [
        ([Kind.ASKED], 1, timedelta(days=13), True),
        ([Kind.ASKED], 1, timedelta(days=15), False),
        ([Kind.ASKED, Kind.ASKED], 1, timedelta(days=2), True),
        ([Kind.ASKED, Kind.CONFIRMED], 1, timedelta(days=2), None),
        ([Kind.ASKED, Kind.CONFIRMED], 1, timedelta(days=99), None),
        ([Kind.ASKED, Kind.CONFIRMED, Kind.WITHDRAWN], 1, timedelta(days=2), False),
        ([Kind.ASKED, Kind.CONFIRMED, Kind.WITHDRAWN, Kind.ASKED], 4, timedelta(days=2), True),
        ([Kind.ASKED, Kind.DECLARED], 1, timedelta(days=2), True),
        ([Kind.DECLARED], 1, timedelta(days=2), False),
        ([], 1, timedelta(days=2), False),
    ],
)
def test_a_link_confirms_once_and_in_time(kinds, number, age, expected):
    assert expected is may_confirm(records(*kinds), number, NOW + age, PURGE)
