"""Whom we must not mail, and why."""

from datetime import timedelta

import pytest

from ruhrmail.store import Reason, Suppression, suppress, suppression
from tests.store.samples import NOW

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
