"""Consent records: only added, read in order, purged when nobody confirmed."""

from datetime import timedelta

import pytest

from ruhrmail.model.consent import Consent, Kind, NewImport, Reason
from ruhrmail.store import (
    granted_keys,
    holds_consents,
    import_people,
    purge_unconfirmed,
    read_record,
    suppress,
    suppression,
    sync_roster,
    withdraw,
)
from ruhrmail.store.consents import add_record
from tests.store.samples import NOW, person

DAY = timedelta(days=1)


def add(store, key, kind, at=NOW, **more):
    number = read_record(store, key).number
    with store.writing() as connection:
        add_record(connection, number, Consent(0, kind, at, **more))


def known(store, *names):
    """People whom the store knows, and who are not on the list."""
    sync_roster(store, [person(name) for name in names], "one", NOW)
    sync_roster(store, [], "two", NOW)


def test_records_are_read_as_they_were_written_in_their_order(store):
    known(store, "p")
    add(store, "p@example.org", Kind.ASKED, page="https://n.example/subscribe", wording="Ja", mail="Subject: x",
        origin="192.0.2.7", language="de")  # fmt: skip
    add(store, "p@example.org", Kind.CONFIRMED, NOW + DAY, wording="Ja")
    asked, confirmed = read_record(store, "p@example.org").consents
    assert ("https://n.example/subscribe", "Ja", "Subject: x", "192.0.2.7", "de") == (
        asked.page, asked.wording, asked.mail, asked.origin, asked.language,
    )  # fmt: skip
    assert (NOW + DAY, asked.sha256) == (confirmed.at, confirmed.sha256)
    assert confirmed.number > asked.number


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], False),
        ([Kind.ASKED], False),
        ([Kind.ASKED, Kind.CONFIRMED], True),
        ([Kind.DECLARED], True),
        ([Kind.DECLARED, Kind.ASKED], True),
        ([Kind.CONFIRMED, Kind.WITHDRAWN], False),
        ([Kind.WITHDRAWN, Kind.ASKED], False),
        ([Kind.WITHDRAWN, Kind.ASKED, Kind.CONFIRMED], True),
    ],
)
def test_whose_records_allow_to_mail_them(store, kinds, expected):
    known(store, "other", "p", "another")
    add(store, "another@example.org", Kind.DECLARED)
    for kind in kinds:
        add(store, "p@example.org", kind)
    assert expected is ("p@example.org" in set(granted_keys(store)))
    assert "other@example.org" not in set(granted_keys(store))


def test_a_store_without_records_says_so(store):
    assert holds_consents(store) is False
    known(store, "q", "r")
    add(store, "q@example.org", Kind.ASKED)
    withdraw(store, read_record(store, "r@example.org").number, "r@example.org", NOW, "link")
    assert holds_consents(store) is False
    import_people(store, [person("p")], NewImport("a", "b", frozenset(), "Messe"), NOW)
    assert holds_consents(store) is True


def test_who_leaves_is_suppressed_and_it_is_recorded_once(store):
    known(store, "p")
    number = read_record(store, "p@example.org").number
    assert withdraw(store, number, "p@example.org", NOW, "link of mailing 7") is True
    assert withdraw(store, number, "p@example.org", NOW + DAY, "again") is False
    assert Reason.UNSUBSCRIBED == suppression(store, "p@example.org").reason
    assert ["link of mailing 7"] == [one.procedure for one in read_record(store, "p@example.org").consents]


def test_who_bounced_and_then_leaves_is_on_record_for_both(store):
    known(store, "p")
    suppress(store, "p@example.org", Reason.BOUNCED, NOW)
    assert withdraw(store, read_record(store, "p@example.org").number, "p@example.org", NOW, "link") is False
    found = read_record(store, "p@example.org")
    assert (Reason.BOUNCED, ["withdrawn"]) == (found.suppression.reason, [one.kind for one in found.consents])


def test_only_who_never_confirmed_and_is_known_for_nothing_else_is_purged(store):
    known(store, "old", "young", "confirmed", "twice")
    sync_roster(store, [person("listed")], "three", NOW)
    for name in ("old", "confirmed", "listed", "twice"):
        add(store, f"{name}@example.org", Kind.ASKED, NOW - 20 * DAY, wording=f"Ja, {name}")
    add(store, "confirmed@example.org", Kind.CONFIRMED, NOW - 19 * DAY)
    add(store, "twice@example.org", Kind.ASKED, NOW - DAY)
    add(store, "young@example.org", Kind.ASKED, NOW - DAY)
    assert 1 == purge_unconfirmed(store, NOW - 14 * DAY)
    gone = [name for name in ("old", "young", "confirmed", "twice", "listed")
            if read_record(store, f"{name}@example.org").person is None]  # fmt: skip
    assert ["old"] == gone
    with store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT text FROM wordings").scalars().all()
    assert {"Ja, confirmed", "Ja, listed", "Ja, twice"} == set(kept)
