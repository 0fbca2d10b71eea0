"""A store copied from one database into another: the same, whatever it holds and however the other one orders it."""

import pytest

from ruhrmail.store import (
    Search,
    copy_store,
    further_columns,
    open_store,
    people,
    suppress,
    suppression,
    sync_roster,
)
from tests.store.samples import NOW, counting, crowd, on_sqlite, person

ODD_KEYS = ("a-b@x.example", "a.b@x.example", "ab@x.example", "_z@x.example", "z@x.example", "ä@x.example")


@pytest.fixture
def german(cluster):
    """An empty database whose texts are ordered as German dictionaries do."""
    cluster.execute(
        "CREATE DATABASE german TEMPLATE template0 STRATEGY file_copy LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C'"
    )
    yield cluster.url("german")
    cluster.execute("DROP DATABASE german WITH (FORCE)")


@on_sqlite
def test_a_database_that_orders_texts_by_language_gets_the_same(store, url, german, tmp_path):
    sync_roster(store, crowd(3), "sha", NOW)
    for key in ODD_KEYS:
        suppress(store, key, "bounced", NOW, "550")
    there = copy_store(url, german)
    assert 6 == there.rows["suppressions"]
    assert there == copy_store(german, f"sqlite:///{tmp_path}/back.db")


@on_sqlite
def test_characters_that_postgresql_cannot_keep_are_replaced_and_the_rest_is_compared(store, url, database):
    sync_roster(store, [person("p", first_name="A\0da", fields={"ort": "Es\0sen", "pfad": "C:\\u0000"})], "sha", NOW)
    suppress(store, "q@example.org", "bounced", NOW, "550 no\0 such user")
    copy_store(url, database)
    with open_store(database, now=NOW, randomness=counting()) as copy:
        [found] = [one.person for one in people(copy)]
        assert ("A\N{REPLACEMENT CHARACTER}da", {"ort": "Es\N{REPLACEMENT CHARACTER}sen", "pfad": "C:\\u0000"}) == (
            found.first_name,
            found.fields,
        )
        assert ["ort", "pfad"] == further_columns(copy, Search())
        assert "550 no\N{REPLACEMENT CHARACTER} such user" == suppression(copy, "q@example.org").evidence
