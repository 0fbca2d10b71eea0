"""Importing: all or nothing, with a record for each person, and never past a suppression."""

import pytest

from ruhrmail.model.consent import Imported, NewImport, Reason
from ruhrmail.model.people import Person
from ruhrmail.store import (
    ReadRoster,
    forget,
    import_people,
    list_size,
    people,
    read_record,
    roster_state,
    suppress,
    sync_roster,
    withdraw,
)
from tests.store.samples import NOW, crowd, person

ALL = frozenset(["email", "first_name", "tags", "ort", "consented_at", "consent_source", "consent_text"])


def take(store, rows, *, basis="Messe", columns=ALL, **more):
    return import_people(store, rows, NewImport("a.csv", "sha", frozenset(columns), basis), NOW, **more)


def names(store):
    return sorted(one.person.email.partition("@")[0] for one in people(store))


def test_rows_are_counted_by_what_becomes_of_them(store):
    assert Imported(added=3) == take(store, crowd(3))
    suppress(store, "p2@example.org", Reason.BOUNCED, NOW)
    rows = [person("p0"), person("p1", first_name="Eva"), person("p2"), person("p9")]
    assert Imported(1, 1, 1, 1, 2) == take(store, rows, rejected=lambda: 2)
    assert ["p0", "p1", "p9"] == names(store)


def test_columns_that_the_file_lacks_stay_and_those_it_has_replace(store):
    take(store, [person("p", first_name="Eva", company="Zeche", tags=("a",), fields={"ort": "Essen", "art": "x"})])
    take(store, [person("p", first_name="Eva", tags=(), fields={"ort": "Herne"})], columns=["email", "tags", "ort"])
    found = read_record(store, "p@example.org").person
    assert ("Eva", "Zeche", (), {"ort": "Herne", "art": "x"}) == (
        found.first_name, found.company, found.tags, found.fields,
    )  # fmt: skip


def test_every_person_has_a_record_with_the_basis_and_what_the_file_says(store):
    agreed = {"consented_at": "2026-01-02", "consent_source": "Messe Essen", "consent_text": "Ja, gern"}
    take(store, [person("p", **agreed)], basis="§ 7 (3) UWG")
    [one] = read_record(store, "p@example.org").consents
    assert ("declared", "2026-01-02", "Messe Essen", "Ja, gern") == (one.kind, one.stated_at, one.page, one.wording)
    assert ("§ 7 (3) UWG", "a.csv") == (one.basis, one.source)


def test_the_same_is_recorded_once_and_something_else_as_well(store):
    for basis in ("Messe", "Messe", "Vertrag"):
        take(store, [person("p")], basis=basis)
    assert ["Messe", "Vertrag"] == [one.basis for one in read_record(store, "p@example.org").consents]


def test_a_declaration_after_a_withdrawal_is_recorded_anew(store):
    take(store, [person("p")])
    withdraw(store, read_record(store, "p@example.org").number, "p@example.org", NOW, "link")
    assert 1 == take(store, [person("p")]).suppressed
    assert ["declared", "withdrawn"] == [one.kind for one in read_record(store, "p@example.org").consents]


def test_the_roster_keeps_its_people_and_the_import_its_own(store):
    sync_roster(store, [person("p"), person("q")], "one", NOW)
    take(store, [person("p"), person("r")])
    sync_roster(store, [person("q")], "two", NOW)
    assert ["p", "q", "r"] == names(store)


def test_an_import_of_the_roster_counts_as_a_reading_of_it(store):
    sync_roster(store, [person("p"), person("q")], "one", NOW)
    take(store, [person("q"), person("r")], roster=ReadRoster("stamp", lambda: 7))
    assert ["q", "r"] == names(store)
    assert ("stamp", 7) == (roster_state(store).sha256, roster_state(store).complaints)
    sync_roster(store, [], "three", NOW)
    assert [] == names(store)


def test_an_import_that_fails_changes_nothing(store):
    take(store, [person("p")])

    def broken():
        yield from crowd(1500)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take(store, broken())
    assert 1 == list_size(store)


def test_a_forgotten_person_is_left_out_without_a_trace(store):
    take(store, [person("p")])
    forget(store, "p@example.org", NOW)
    assert Imported(suppressed=1) == take(store, [person("p")])
    assert read_record(store, "p@example.org").person is None


def test_sql_and_html_in_names_are_only_text(store):
    name = "Robert'); DROP TABLE subscribers;-- <script>alert(1)</script>"
    take(store, [person("p", first_name=name, fields={"ort": name})])
    found = read_record(store, "p@example.org").person
    assert (name, name) == (found.first_name, found.fields["ort"])


def test_a_wording_is_kept_once_for_all_who_agreed_to_it(store):
    take(store, [Person(f"{n}@x.example", f"{n}@x.example", consented_at="2026", consent_text="Ja") for n in range(5)])
    with store.reading() as connection:
        assert 1 == connection.exec_driver_sql("SELECT count(*) FROM wordings").scalar()
