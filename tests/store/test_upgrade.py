"""A store of every older version, in either database: brought up to date once, or read as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

import ruhrmail
from ruhrmail.errors import StoreError
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    Reason,
    begin_mailing,
    enrol,
    figures,
    list_size,
    open_rehearsal,
    open_store,
    open_store_readonly,
    people,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store import opening as opening_ways
from ruhrmail.store.databases import reading_engine
from ruhrmail.store.schema import CHANGES, VERSION, metadata
from tests.store.older import make_older
from tests.store.samples import MESSAGE, NOW, crowd, new_mailing, person, result

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ruhrmail.__file__).parents[1])}
OPENER = """
import sys
from ruhrmail.store import list_size, open_store
from tests.store.samples import NOW, counting
with open_store(sys.argv[1], now=NOW, randomness=counting()) as store:
    print(store.id, list_size(store))
"""


def open_at(url):
    return open_store(url, now=NOW, randomness=os.urandom)


@pytest.fixture(params=range(1, VERSION))
def older(request: pytest.FixtureRequest, url: str) -> str:
    """A store of five people, one of whom left, and a mailing that reached two of them, as that version left it."""
    with open_at(url) as store:
        sync_roster(store, [*crowd(4), person("zoë", fields={"ort": "Essen"}, tags=("Kultur",))], "sha", NOW)
        suppress(store, "p3@example.org", Reason.UNSUBSCRIBED, NOW)
        ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
        enrol(store, ledger.mailing, NOW)
        claims = ledger.claim(2, NOW)
        ledger.intend(claims, NOW)
        ledger.settle([result(claims[0], Outcome.SENT), result(claims[1], Outcome.DEFERRED)])
        with store.writing() as connection:
            make_older(connection, request.param)
    return url


def shape_of(store):
    """Tables with their columns and indexes, whatever their order."""
    look = inspect(store.engine)
    return {
        name: (
            sorted((one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)),
            sorted(str(one["name"]) for one in look.get_indexes(name)),
        )
        for name in metadata.tables
    }


@pytest.fixture(scope="module")
def shape(cluster, tmp_path_factory):
    """The shape of a new store in either database."""
    urls = {"postgresql": cluster.database(), "sqlite": f"sqlite:///{tmp_path_factory.mktemp('new')}/state.db"}
    shapes = {}
    for name, url in urls.items():
        with open_at(url) as store:
            shapes[name] = shape_of(store)
    return shapes


def test_nothing_is_lost_and_the_tables_are_those_of_a_new_store(older, shape):
    with open_at(older) as store:
        assert 4 == list_size(store)
        assert Reason.UNSUBSCRIBED == suppression(store, "p3@example.org").reason
        assert {"ort": "Essen"} == list(people(store))[-1].person.fields
        found = figures(store, "2026-11")
        assert {"sent": 1, "deferred": 1, "pending": 2} == {state.value: n for state, n in found.counts.items() if n}
        sync_roster(store, [*crowd(4), person("zoë"), person("neu")], "two", NOW)
        assert 5 == list_size(store)
        assert shape[store.engine.dialect.name] == shape_of(store)


ends = pytest.mark.parametrize("older", [1, VERSION - 1], indirect=True)
"""Only the oldest and the last version."""


@ends
def test_whoever_only_looks_changes_nothing(older):
    for _ in range(2):
        with open_store_readonly(older) as store:
            assert 4 == list_size(store)
            assert 4 == figures(store, "2026-11").recipients
    assert version_of(older) < VERSION


@ends
def test_a_rehearsal_brings_only_its_copy_up_to_date(older):
    with open_rehearsal(older, now=NOW, randomness=os.urandom) as trial:
        suppress(trial, "p1@example.org", Reason.COMPLAINED, NOW)
        assert 3 == list_size(trial)
    assert version_of(older) < VERSION


def version_of(url):
    """The version of the tables where they are, whatever this ruhrmail makes of them."""
    engine = reading_engine(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'version'").scalar_one()
    engine.dispose()
    return int(found)


@pytest.mark.parametrize("older", [1], indirect=True)
def test_programs_that_open_it_at_once_bring_it_up_to_date_once(older):
    """A change that is made twice fails: a column cannot be added again."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, older], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [one.communicate(timeout=60) for one in programs]
    assert [0] * 3 == [one.returncode for one in programs], said
    assert 1 == len({out for out, _ in said})
    assert VERSION == version_of(older)


@pytest.mark.parametrize("older", [VERSION - 1], indirect=True)
def test_an_upgrade_that_breaks_off_leaves_the_older_tables(older, monkeypatch):
    broken = (*CHANGES[VERSION - 1], ("meta", "UPDATE nowhere SET a = 1"))
    monkeypatch.setattr(opening_ways, "CHANGES", CHANGES | {VERSION - 1: broken})
    with pytest.raises((StoreError, DBAPIError)):
        open_at(older)
    monkeypatch.undo()
    assert VERSION - 1 == version_of(older)
    with open_at(older) as store:
        assert 4 == list_size(store)
