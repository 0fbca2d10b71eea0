"""A store copied from one database into another: the same, whatever it holds and however the other one orders it."""

import pytest

from ruhrmail.store import copy_store, suppress, sync_roster
from tests.store.samples import NOW, crowd, on_sqlite

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
