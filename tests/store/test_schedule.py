"""A planned mailing stands in the store, is not public, and begins only as it was planned."""

from datetime import timedelta

from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    begin_scheduled,
    enrol,
    figures,
    find_mailing,
    finish_if_done,
    public_slugs,
    read_prepared_messages,
    schedule_new,
    schedule_rest,
    stop_mailing,
    withdraw_mailing,
)
from tests.store.samples import MESSAGE, NOW, new_mailing

AT = NOW + timedelta(days=3)
PARTS = {"": MESSAGE}


def test_a_planned_mailing_is_open_not_begun_and_not_public(store):
    schedule_new(store, new_mailing(), AT, NOW)
    found = figures(store, "2026-11")
    assert ("open", AT, None, 0) == (found.state, found.scheduled_for, found.started_at, found.recipients)
    assert frozenset() == public_slugs(store)


def test_it_begins_with_its_messages_when_its_time_comes(store):
    planned = schedule_new(store, new_mailing(), AT, NOW)
    begun = begin_scheduled(store, planned, new_mailing(subject="Mehr Licht"), PARTS, AT)
    assert (planned.id, AT, AT, None) == (begun.id, begun.started_at, begun.prepared_at, begun.scheduled_for)
    assert PARTS == read_prepared_messages(store, begun)
    assert "Mehr Licht" == begun.subject
    assert frozenset({"2026-11"}) == public_slugs(store)


def test_planning_anew_replaces_time_and_issue(store):
    first = schedule_new(store, new_mailing(), AT, NOW)
    again = schedule_new(store, new_mailing(manifest={"a": "c"}), AT + timedelta(days=1), NOW)
    assert (first.id, {"a": "c"}) == (again.id, again.manifest)
    assert AT + timedelta(days=1) == again.scheduled_for


def test_one_that_was_stopped_or_planned_anew_does_not_begin(store):
    planned = schedule_new(store, new_mailing(), AT, NOW)
    stop_mailing(store, planned, phrase("no"), NOW)
    held = begin_scheduled(store, planned, new_mailing(), PARTS, AT)
    assert ("stopped", None, None) == (held.state, held.prepared_at, held.scheduled_for)
    anew = schedule_new(store, new_mailing(), AT + timedelta(days=1), NOW)
    assert anew == begin_scheduled(store, planned, new_mailing(), PARTS, AT)
    assert {} == read_prepared_messages(store, anew)


def test_one_that_began_is_not_planned_as_new(store, mailing):
    assert mailing == schedule_new(store, new_mailing(subject="x"), AT, NOW)


def test_the_rest_of_a_mailing_is_planned_and_stays_public(store, ledger):
    stop_mailing(store, ledger.mailing, phrase("no"), NOW)
    planned = schedule_rest(store, ledger.mailing, AT)
    assert ("open", AT, None) == (planned.state, planned.scheduled_for, planned.reason)
    assert 5 == figures(store, "2026-11").recipients
    assert frozenset({"2026-11"}) == public_slugs(store)


def test_a_planned_mailing_is_not_complete_for_want_of_recipients(store):
    planned = schedule_new(store, new_mailing(), AT, NOW)
    assert finish_if_done(store, planned, NOW) is False
    assert 0 == enrol(store, planned, NOW)
    assert withdraw_mailing(store, planned) is True
    assert find_mailing(store, "2026-11") is None


def test_one_that_was_prepared_ahead_and_given_up_neither_began_nor_is_public(store, mailing):
    planned = schedule_rest(store, mailing, AT)
    stop_mailing(store, planned, phrase("embargo"), NOW)
    found = figures(store, "2026-11")
    assert ("stopped", None, None, 0) == (found.state, found.started_at, found.scheduled_for, found.recipients)
    assert frozenset() == public_slugs(store)
