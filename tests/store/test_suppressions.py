"""Whom we must not mail, and why."""

from datetime import timedelta

import pytest

from ruhrmail.store import (
    Reason,
    Suppression,
    roster_state,
    suppress,
    suppression,
    sync_roster,
    unsuppress_by_hand,
)
from tests.store.samples import NOW, person

KEY = "a@example.org"


def test_an_address_is_suppressed_with_reason_time_and_evidence(store):
    assert suppression(store, KEY) is None
    assert suppress(store, KEY, Reason.BOUNCED, NOW, "550 5.1.1") is True
    assert suppression(store, KEY) == Suppression(KEY, Reason.BOUNCED, NOW, "550 5.1.1")


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("unsubscribed", "unsubscribed", "first"),
        ("unsubscribed", "bounced", "first"),
        ("bounced", "unsubscribed", "first"),
        ("forgotten", "unsubscribed", "first"),
        ("unsubscribed", "complained", "second"),
        ("bounced", "manual", "second"),
        ("forgotten", "manual", "second"),
        ("complained", "unsubscribed", "first"),
        ("complained", "manual", "first"),
        ("manual", "complained", "first"),
        ("manual", "bounced", "first"),
    ],
)
def test_the_first_reason_stays_unless_a_lasting_one_follows(store, first, second, kept):
    later = NOW + timedelta(days=1)
    suppress(store, KEY, Reason(first), NOW, "first")
    changed = suppress(store, KEY, Reason(second), later, "second")
    found = suppression(store, KEY)
    assert (changed, found.evidence) == (kept == "second", kept)
    assert found.at == (later if kept == "second" else NOW)


@pytest.mark.parametrize(("known_before", "expected"), [(True, "hash"), (False, "")])
def test_to_lift_a_suppression_has_the_roster_read_anew_where_a_row_was_left_out(store, known_before, expected):
    if known_before:
        sync_roster(store, [person("ada")], "older", NOW)
    suppress(store, person("ada").key, Reason.BOUNCED, NOW)
    sync_roster(store, [person("ada")], "hash", NOW)
    assert Reason.BOUNCED == unsuppress_by_hand(store, person("ada").key, "geht wieder", NOW).reason
    assert expected == roster_state(store).sha256


def test_to_lift_a_suppression_reads_no_roster_where_there_was_none(store):
    suppress(store, KEY, Reason.MANUAL, NOW)
    unsuppress_by_hand(store, KEY, "doch", NOW)
    assert roster_state(store) is None
