"""Variants in the store: the rule outlives the rendering, and everybody is enrolled by it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ruhrmail.model.mail import PreparedMessage
from ruhrmail.model.variants import Condition, TooManyVariants, find_variants, make_condition
from ruhrmail.store import (
    begin_mailing,
    count_newcomers,
    count_open,
    count_without,
    enrol,
    find_mailing,
    open_store,
    open_store_readonly,
    read_prepared_messages,
    sync_roster,
)
from ruhrmail.store.rules import from_json, to_json
from ruhrmail.store.schema import deliveries, subscribers
from tests.store.older import make_older
from tests.store.samples import NOW, counting, crowd, new_mailing, person

RULE = find_variants([make_condition(["Kultur"], []), make_condition([], ["wirtschaft"])])
MESSAGES = {name: PreparedMessage((name.encode(),)) for name in RULE.names.values()}
PEOPLE = [
    person("a", tags=("kultur",)),
    person("b", tags=(" KULTUR", "ruhr")),
    person("c", tags=("Wirtschaft", "kultur")),
    person("d", tags=("ruhr",)),
    person("e"),
]
TAGS = st.frozensets(st.sampled_from("abcd"), max_size=2)


def enrolled(store, mailing):
    """Everybody's variant by the first part of their address."""
    query = select(subscribers.c.key, deliveries.c.variant).join(subscribers)
    with store.reading() as connection:
        rows = connection.execute(query.where(deliveries.c.mailing == mailing.id)).all()
    return {row.key.partition("@")[0]: row.variant for row in rows}


@given(st.lists(st.builds(Condition, TAGS, TAGS), max_size=4))
def test_the_rule_survives_json(conditions):
    try:
        rule = find_variants(conditions)
    except TooManyVariants:
        return
    assert rule == from_json(to_json(rule))


def test_everybody_gets_the_variant_of_their_tags(store):
    sync_roster(store, PEOPLE, "one", NOW)
    mailing = begin_mailing(store, new_mailing(variants=RULE), MESSAGES, NOW)
    assert 5 == enrol(store, mailing, NOW)
    expected = {"a": "kultur", "b": "kultur", "c": "kultur+wirtschaft", "d": "", "e": ""}
    assert expected == enrolled(store, mailing)
    assert set(expected.values()) <= set(read_prepared_messages(store, mailing))


def test_who_joins_a_mailing_that_began_is_sorted_by_the_same_rule(store, url):
    sync_roster(store, PEOPLE[:1], "one", NOW)
    enrol(store, begin_mailing(store, new_mailing(variants=RULE), MESSAGES, NOW), NOW)
    store.close()
    with open_store(url, now=NOW, randomness=store.randomness) as later:
        mailing = find_mailing(later, "2026-11")
        changed = [person("a", tags=("wirtschaft",)), *PEOPLE[1:]]
        sync_roster(later, changed, "two", NOW)
        assert 4 == enrol(later, mailing, NOW)
        assert "kultur" == enrolled(later, mailing)["a"], "who was enrolled keeps their variant"
        assert "kultur+wirtschaft" == enrolled(later, mailing)["c"]
        assert 0 == enrol(later, mailing, NOW)


def test_newcomers_and_those_who_wait_are_counted_by_variant(store):
    sync_roster(store, PEOPLE, "one", NOW)
    assert Counter({"kultur": 2, "": 2, "kultur+wirtschaft": 1}) == count_newcomers(store, "2026-11", "relay", RULE)
    assert Counter() == count_open(store, None)
    mailing = begin_mailing(store, new_mailing(variants=RULE), MESSAGES, NOW)
    enrol(store, mailing, NOW)
    assert Counter({"kultur": 2, "": 2, "kultur+wirtschaft": 1}) == count_open(store, mailing)
    assert 0 == sum(count_newcomers(store, "2026-11", "relay", RULE).values())


@pytest.mark.parametrize(
    ("wanted", "expected"), [(("kultur",), 2), (("", "kultur"), 4), (("wirtschaft",), 0), (MESSAGES, 5)]
)
def test_gaps_are_counted_for_the_variants_that_have_them(store, wanted, expected):
    sync_roster(store, PEOPLE, "one", NOW)
    assert expected == count_without(store, "company", RULE, wanted)


def test_a_store_of_the_first_version_is_read_and_then_brought_up_to_date(store, url):
    sync_roster(store, crowd(3), "one", NOW)
    begin_mailing(store, new_mailing(), {"": PreparedMessage(())}, NOW)
    with store.writing() as connection:
        make_older(connection, 1)
    store.close()
    with open_store_readonly(url) as looking:
        assert [""] == list(find_mailing(looking, "2026-11").variants.names.values())
        assert store.id == looking.id
    for _ in range(2):
        with open_store(url, now=NOW, randomness=counting()) as opened:
            mailing = find_mailing(opened, "2026-11")
            enrol(opened, mailing, NOW)
            assert {""} == set(enrolled(opened, mailing).values())


@pytest.mark.soak
def test_a_million_are_enrolled_by_their_tags(store):
    tags = [("kultur",), ("wirtschaft", "ruhr"), (), ("stadt",)]
    sync_roster(store, (person(f"p{number}", tags=tags[number % 4]) for number in range(1_000_000)), "sha", NOW)
    mailing = begin_mailing(store, new_mailing(variants=RULE), MESSAGES, NOW)
    assert 1_000_000 == enrol(store, mailing, NOW)
    assert Counter({"kultur": 250_000, "wirtschaft": 250_000, "": 500_000}) == count_open(store, mailing)
