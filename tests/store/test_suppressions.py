"""Whom we must not mail, and why."""

from datetime import timedelta

import pytest

from ruhrmail.store import (
    Reason,
    Suppression,
    list_size,
    roster_state,
    suppress,
    suppress_by_hand,
    suppression,
    sync_roster,
    unsuppress_by_hand,
)
from tests.store.samples import NOW, crowd

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


def test_the_roster_is_read_again_for_somebody_whom_it_names_and_who_was_never_stored(store):
    suppress_by_hand(store, "p1@example.org", "wrong person", NOW)
    assert 2 == sync_roster(store, crowd(3), "sha", NOW)
    unsuppress_by_hand(store, "p1@example.org", "the right one after all", NOW)
    assert "sha" != roster_state(store).sha256
    sync_roster(store, crowd(3), "sha", NOW)
    assert 3 == list_size(store)


def test_the_roster_is_not_read_again_for_somebody_who_is_stored(store):
    sync_roster(store, crowd(3), "sha", NOW)
    suppress_by_hand(store, "p1@example.org", "moved away", NOW)
    unsuppress_by_hand(store, "p1@example.org", "came back", NOW)
    assert ("sha", 3) == (roster_state(store).sha256, list_size(store))


def test_where_no_roster_was_ever_read_none_is_asked_for(store):
    suppress_by_hand(store, KEY, "x", NOW)
    unsuppress_by_hand(store, KEY, "y", NOW)
    assert roster_state(store) is None
