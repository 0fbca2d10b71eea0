"""Moving in: people of another tool to the list, refusals to the suppressions, and nobody brought back."""

from datetime import timedelta

import pytest

from ruhrmail.model.consent import Imported, Kind, NewImport, Reason
from ruhrmail.model.migration import Arrival, Moved, Stood
from ruhrmail.store import (
    forget,
    imported_columns,
    move_in,
    people,
    read_record,
    suppress,
    suppress_by_hand,
    suppression,
    sync_roster,
    unsuppress_by_hand,
)
from tests.store.samples import NOW, person
from tests.store.test_consents import add

AGO = NOW - timedelta(days=400)
KEY = "p@example.org"
AGREED = {"consented_at": "2024-05-01T10:05:00", "consent_source": "Mailchimp"}


def here(name, *, remark="Mailchimp: added by the operator ?", origin="", **columns):
    return Arrival(person(name, **columns), Stood.SUBSCRIBED, None, remark, origin)


def gone(name, standing=Stood.UNSUBSCRIBED, at=AGO):
    return Arrival(person(name, first_name="Geheim"), standing, at, f"Mailchimp: {standing} 2025-10-02")


def opt_in(store, name):
    """They joined here, and confirmed it now."""
    sync_roster(store, [person(name)], "one", NOW)
    add(store, f"{name}@example.org", Kind.CONFIRMED)


def take(store, *arrivals, basis="Altbestand", now=NOW):
    return move_in(store, arrivals, NewImport("export.zip", "sha", frozenset(), basis), now, lambda: 0)


def names(store):
    return sorted(one.person.email.partition("@")[0] for one in people(store))


def test_the_subscribed_are_on_the_list_with_what_the_export_proves(store):
    assert (Imported(added=1), Moved()) == take(store, here("p", remark="double", origin="192.0.2.1", **AGREED))
    [one] = read_record(store, KEY).consents
    assert ("declared", "2024-05-01T10:05:00", "Mailchimp") == (one.kind, one.stated_at, one.page)
    assert ("double", "192.0.2.1", "Altbestand", "export.zip") == (one.procedure, one.origin, one.basis, one.source)


def test_of_those_who_left_only_the_suppression_is_stored(store):
    assert (Imported(), Moved(suppressed=1)) == take(store, gone("p"))
    assert read_record(store, KEY).person is None
    found = suppression(store, KEY)
    assert (Reason.UNSUBSCRIBED, AGO) == (found.reason, found.at)
    assert "Mailchimp: unsubscribed 2025-10-02" == found.evidence


def test_whoever_never_confirmed_is_not_stored_at_all(store):
    assert (Imported(), Moved()) == take(store, Arrival(person("p"), Stood.UNCONFIRMED))
    record = read_record(store, KEY)
    assert (None, None) == (record.person, record.suppression)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Stood.UNSUBSCRIBED, Reason.UNSUBSCRIBED),
        (Stood.BOUNCED, Reason.BOUNCED),
        (Stood.COMPLAINED, Reason.COMPLAINED),
        (Stood.BLOCKED, Reason.MANUAL),
    ],
)
def test_every_refusal_has_its_reason(store, standing, reason):
    take(store, gone("p", standing))
    assert reason == suppression(store, KEY).reason


def test_a_suppression_here_beats_the_export(store):
    suppress(store, KEY, Reason.UNSUBSCRIBED, NOW)
    assert 1 == take(store, here("p", **AGREED))[0].suppressed
    assert [] == names(store)


def test_a_second_time_nothing_comes_twice(store):
    everybody = (here("p", tags=("a",), fields={"ort": "Essen"}, **AGREED), here("q"), gone("r"))
    take(store, *everybody)
    assert (Imported(unchanged=2), Moved(already=1)) == take(store, *everybody)
    assert 1 == len(read_record(store, KEY).consents)


def test_a_newer_export_takes_people_off_the_list_and_records_it(store):
    take(store, here("p", **AGREED))
    take(store, gone("p", at=NOW))
    assert [] == names(store)
    assert ["declared", "withdrawn"] == [one.kind for one in read_record(store, KEY).consents]


def test_an_older_export_does_not_bring_anybody_back(store):
    take(store, gone("p"))
    assert 1 == take(store, here("p", **AGREED))[0].suppressed
    assert [] == names(store)


def test_whoever_joined_here_after_leaving_there_stays(store):
    opt_in(store, "p")
    assert Moved(returned=1) == take(store, gone("p"))[1]
    assert ["p"] == names(store)


def test_whoever_left_there_after_joining_here_goes(store):
    opt_in(store, "p")
    assert Moved(suppressed=1) == take(store, gone("p", at=NOW + timedelta(days=2)), now=NOW + timedelta(days=3))[1]
    assert [] == names(store)


def test_a_complaint_there_counts_whatever_came_later(store):
    opt_in(store, "p")
    assert Moved(suppressed=1) == take(store, gone("p", Stood.COMPLAINED))[1]


def test_whom_somebody_let_in_by_hand_stays(store):
    take(store, here("p", **AGREED), gone("q", Stood.BLOCKED))
    suppress_by_hand(store, KEY, "Irrtum", NOW - timedelta(days=2))
    unsuppress_by_hand(store, KEY, "bat darum", NOW - timedelta(days=1))
    assert Moved(returned=1) == take(store, gone("p", Stood.BLOCKED))[1]
    assert ["p"] == names(store)


def test_a_lasting_reason_replaces_a_weaker_one(store):
    suppress(store, KEY, Reason.UNSUBSCRIBED, NOW)
    assert Moved(already=1) == take(store, gone("p", Stood.COMPLAINED))[1]
    assert Reason.COMPLAINED == suppression(store, KEY).reason


@pytest.mark.parametrize("standing", [Stood.UNSUBSCRIBED, Stood.BLOCKED])
def test_the_address_of_somebody_forgotten_is_not_written_down_again(store, standing):
    take(store, here("p", **AGREED))
    forget(store, KEY, NOW)
    assert Moved(already=1) == take(store, gone("p", standing))[1]
    assert KEY != suppression(store, KEY).key


def test_what_is_stored_loses_nothing(store):
    take(store, here("p", company="Zeche", tags=("a",), fields={"ort": "Essen", "art": "x"}, **AGREED))
    later = {"consented_at": "2025-01-01", "consent_source": "listmonk"}
    take(store, here("p", first_name="Ada", tags=("b",), fields={"ort": "Herne", "art": ""}, **later))
    found = read_record(store, KEY).person
    assert ("Zeche", "Ada", ("a", "b"), {"ort": "Herne", "art": "x"}) == (
        found.company, found.first_name, found.tags, found.fields,
    )  # fmt: skip
    assert "2024-05-01T10:05:00" == found.consented_at


def test_its_columns_may_be_merge_fields(store):
    take(store, here("p", fields={"ort": "Essen"}))
    assert {"ort"} == imported_columns(store)


def test_a_refusal_in_the_same_batch_wins(store):
    take(store, here("p"), gone("p"))
    assert ([], None) == (names(store), read_record(store, KEY).person)
