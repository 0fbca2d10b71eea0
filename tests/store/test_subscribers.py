"""The list: whom the roster names and who came another way, less the suppressed."""

import pytest

from ruhrmail.model.people import Person
from ruhrmail.store import (
    count_without,
    list_size,
    people,
    read_record,
    subscriber_by_token_id,
    suppress,
    sync_roster,
)
from tests.store.samples import NOW, crowd

ERIKA = Person(
    email="Erika@Example.org",
    key="erika@example.org",
    salutation="Frau",
    title="Dr.",
    first_name="Erika",
    last_name="Münster",
    company="Zeche & Söhne",
    language="de",
    tags=("stadt", "ruhr"),
    consented_at="2024-05-01",
    consent_source="Messe",
    consent_text="Ja",
    fields={"ort": "Essen", "leer": ""},
)


def test_a_person_comes_back_as_they_were_stored(store):
    assert sync_roster(store, [ERIKA], "sha", NOW) == 1
    [recipient] = people(store)
    assert recipient.person == ERIKA
    assert subscriber_by_token_id(store, recipient.token_id) == (recipient.subscriber, ERIKA)
    found = read_record(store, "erika@example.org")
    assert (recipient.subscriber, ERIKA) == (found.number, found.person)
    assert subscriber_by_token_id(store, b"nobody!!") is None
    assert read_record(store, "nobody@example.org").person is None


def test_more_people_than_a_page_come_in_order(store):
    assert sync_roster(store, crowd(2500), "one", NOW) == 2500
    assert [f"p{number}@example.org" for number in range(2500)] == [one.person.email for one in people(store)]
    assert list_size(store) == 2500


@pytest.mark.parametrize(
    ("column", "count"),
    [("first_name", 2), ("tags", 2), ("ort", 2), ("leer", 3), ("nirgends", 3), ("email", 0), ("consented_at", 2)],
)
def test_empty_columns_are_counted_among_people_on_the_list(store, column, count):
    sync_roster(store, [ERIKA, *crowd(3)], "one", NOW)
    suppress(store, "p2@example.org", "manual", NOW)
    assert count_without(store, column) == count
