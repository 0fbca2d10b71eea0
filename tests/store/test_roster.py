"""Each reading of the roster makes the list what the file says."""

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.model.people import Person
from ruhrmail.store import (
    RosterState,
    list_size,
    people,
    read_record,
    roster_state,
    suppress,
    sync_roster,
)
from tests.store.samples import NOW, crowd, on_sqlite, person

ERIKA = Person(
    email="Erika@Example.org",
    key="erika@example.org",
    first_name="Erika",
    tags=("stadt", "ruhr"),
    fields={"ort": "Essen"},
)


def listed_names(store):
    return [one.person.email.partition("@")[0] for one in people(store)]


def join_by_web(store, key):
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE subscribers SET joined = 'web' WHERE key = '{key}'")


def test_the_roster_wins_and_the_number_and_token_stay(store):
    sync_roster(store, [ERIKA], "one", NOW)
    [before] = people(store)
    sync_roster(store, [person("erika", first_name="Eri")], "two", NOW)
    [after] = people(store)
    assert (after.subscriber, after.token_id) == (before.subscriber, before.token_id)
    assert after.person == person("erika", first_name="Eri")


def test_of_rows_with_the_same_key_the_first_wins_in_every_reading(store):
    for sha in ("one", "two"):
        rows = [person("a", first_name=sha), person("a", first_name="later")]
        assert sync_roster(store, rows, sha, NOW) == 1
        assert [one.person.first_name for one in people(store)] == [sha]


def test_who_is_gone_from_the_roster_is_off_the_list_and_may_come_back(store):
    sync_roster(store, crowd(3), "one", NOW)
    numbers = [one.subscriber for one in people(store)]
    assert sync_roster(store, crowd(2), "two", NOW) == 2
    assert listed_names(store) == ["p0", "p1"]
    sync_roster(store, crowd(3), "three", NOW)
    assert [one.subscriber for one in people(store)] == numbers


def test_who_came_another_way_stays_on_the_list_without_the_roster(store):
    sync_roster(store, crowd(2), "one", NOW)
    join_by_web(store, "p1@example.org")
    sync_roster(store, [], "two", NOW)
    assert listed_names(store) == ["p1"]


def test_the_suppressed_are_not_listed_and_never_stored_anew(store):
    suppress(store, "p1@example.org", "forgotten", NOW)
    assert sync_roster(store, crowd(3), "one", NOW) == 2
    suppress(store, "p0@example.org", "unsubscribed", NOW)
    assert sync_roster(store, crowd(3), "two", NOW) == 2
    assert listed_names(store) == ["p2"]
    assert list_size(store) == 1
    assert read_record(store, "p1@example.org").person is None
    assert read_record(store, "p0@example.org").person is not None


def test_the_roster_as_last_read_is_remembered(store):
    assert roster_state(store) is None
    sync_roster(store, crowd(1), "one", NOW, complaints=lambda: 4)
    assert roster_state(store) == RosterState("one", 4)
    sync_roster(store, crowd(1), "two", NOW)
    assert roster_state(store) == RosterState("two", 0)


def test_a_roster_that_breaks_off_changes_nothing(store):
    sync_roster(store, crowd(2), "one", NOW)

    def broken():
        yield from crowd(2500)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sync_roster(store, broken(), "two", NOW)
    assert (listed_names(store), roster_state(store)) == (["p0", "p1"], RosterState("one", 0))


@on_sqlite
def test_a_full_disk_is_named_and_undone(store):
    sync_roster(store, crowd(2), "one", NOW)
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(StoreError, match="disk with the store is full") as caught:
        sync_roster(store, crowd(5000), "two", NOW)
    assert "make room" in str(caught.value.hint)
    assert (list_size(store), roster_state(store)) == (2, RosterState("one", 0))
