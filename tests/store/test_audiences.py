"""Audiences in the store: who belongs, compared with the same question asked in Python, and each issue once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.model.audience import Audience, Both, Either, Expression, Has, Not, parse_audience
from ruhrmail.model.people import Person
from ruhrmail.model.variants import fold_tag
from ruhrmail.store import (
    Ledger,
    Reason,
    Search,
    begin_mailing,
    count_newcomers,
    enrol,
    list_size,
    read_directory,
    suppress,
    sync_roster,
    unsuppress_by_hand,
)
from tests.model.test_audience import EXPRESSIONS
from tests.store.samples import MESSAGE, NOW, counts, new_mailing, person

WORDS = ["a", "Bücher", "bücher", "BÜCHER", "straße", "STRASSE", "", "x y", "é", "e\u0301"]


def people_of(rows):
    return [
        Person(
            f"p{n}@x.example",
            f"p{n}@x.example",
            language=language,
            company=company,
            tags=tuple(tags),
            fields={"ort": ort} if ort is not None else {},
        )
        for n, (language, company, tags, ort) in enumerate(rows)
    ]


def belongs(one: Person, expression: Expression) -> bool:
    match expression:
        case Has("tag", value):
            return fold_tag(value) in map(fold_tag, one.tags)
        case Has("language", value):
            return fold_tag(one.language or "de") == fold_tag(value) or (not one.language and value == "")
        case Has(name, value):
            return fold_tag(one.value(name)) == fold_tag(value)
        case Not(inner):
            return not belongs(one, inner)
        case Both(parts):
            return all(belongs(one, part) for part in parts)
        case Either(parts):
            return any(belongs(one, part) for part in parts)


def chosen(store, expression) -> list[str]:
    entries = read_directory(store, Search(audience=Audience("x", expression)))
    return [one.person.email for one in entries]


WORD = st.sampled_from(WORDS)
ROWS = st.lists(
    st.tuples(st.sampled_from(["", "de", "DE", "en"]), WORD, st.lists(WORD.filter(bool), max_size=3), WORD | st.none()),
    min_size=1,
    max_size=8,
)
ASKED = st.recursive(
    st.builds(Has, st.sampled_from(["tag", "ort", "company"]), WORD)
    | st.builds(Has, st.just("language"), st.sampled_from(["de", "en", "EN"])),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Both, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ASKED)
def test_the_store_chooses_whom_the_expression_means(store, rows, expression):
    people = people_of(rows)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM subscribers")
    sync_roster(store, people, repr(rows), NOW)
    expected = [one.email for one in people if belongs(one, expression)]
    assert expected == chosen(store, expression)
    assert len(expected) == list_size(store, Audience("x", expression))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EXPRESSIONS)
def test_no_value_is_ever_sql(store, expression):
    sync_roster(store, people_of([("", "", [], None)]), "one", NOW)
    assert chosen(store, expression) in ([], ["p0@x.example"])
    assert 1 == list_size(store)


@pytest.fixture
def three(store):
    rows = [
        person("k", tags=("kultur",)),
        person("kw", tags=("kultur", "wirtschaft")),
        person("w", tags=("wirtschaft",)),
    ]
    sync_roster(store, rows, "one", NOW)
    return store


def audience(tag: str) -> Audience:
    return Audience(tag, parse_audience(f"tag:{tag}"))


def start(store, whom: Audience) -> Ledger:
    mailing = begin_mailing(store, new_mailing(audience=whom.name), {"": MESSAGE}, NOW)
    enrol(store, mailing, NOW, whom)
    return Ledger(store, mailing)


def test_an_address_gets_an_issue_once_over_all_its_audiences(three):
    assert {"pending": 2} == counts(start(three, audience("kultur")))
    assert 1 == count_newcomers(three, "2026-11", "relay", audience=audience("wirtschaft"))[""]
    assert {"pending": 1} == counts(start(three, audience("wirtschaft")))
    assert 0 == count_newcomers(three, "2026-11", "relay")[""]
    assert 3 == count_newcomers(three, "2026-12", "relay")[""]


def test_who_was_left_out_of_one_audience_and_is_back_gets_it_with_the_next_only(three):
    suppress(three, "kw@example.org", Reason.BOUNCED, NOW)
    first = start(three, audience("kultur"))
    unsuppress_by_hand(three, "kw@example.org", "works again", NOW)
    with three.writing() as connection:  # as the intent writes it for who left after the enrolment
        number = connection.exec_driver_sql("SELECT id FROM subscribers WHERE key = 'kw@example.org'").scalar()
        row = f"({first.mailing.id}, {number}, '', 'suppressed', 0, 0, '', '', '')"
        connection.exec_driver_sql(
            "INSERT INTO deliveries (mailing, subscriber, variant, state, attempts, enrolled_at, enhanced_code, text,"
            f" relay) VALUES {row}"
        )
    assert {"pending": 2} == counts(start(three, audience("wirtschaft")))
    enrol(three, first.mailing, NOW, audience("kultur"))
    assert {"pending": 1, "suppressed": 1} == counts(first)
