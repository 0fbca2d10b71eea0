"""A store that version 3 wrote, as a real file: nothing in it is lost, and the new tables work."""

import sqlite3
from pathlib import Path

import pytest

from ruhrmail.model.consent import Reason
from ruhrmail.model.ledger import State
from ruhrmail.store import (
    figures,
    find_mailing,
    forget,
    list_size,
    open_store,
    open_store_readonly,
    read_record,
    suppression,
    withdraw,
)
from ruhrmail.store.schema import VERSION
from tests.store.samples import NOW, counting

DUMP = Path(__file__).with_name("version3.sql")
KEY = "erika.halde@zeche.example"


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = tmp_path / "state.db"
    with sqlite3.connect(path) as old:
        old.executescript(DUMP.read_text(encoding="utf-8"))
    old.close()
    return f"sqlite:///{path}"


def test_the_dump_is_of_version_3():
    assert "INSERT INTO \"meta\" VALUES('version','3');" in DUMP.read_text(encoding="utf-8")
    assert VERSION > 3


@pytest.mark.parametrize("opening", [open_store_readonly, lambda url: open_store(url, now=NOW, randomness=counting())])
def test_people_suppressions_and_ledger_are_as_they_were(url, opening):
    with opening(url) as store:
        found = read_record(store, KEY)
        assert found.person is not None
        assert ("Erika", {"ort": "Essen"}, True) == (found.person.first_name, found.person.fields, found.on_roster)
        assert () == found.consents
        assert State.SENT == found.received[0].delivery.state
        gone = suppression(store, "weg@zeche.example")
        assert gone is not None and Reason.UNSUBSCRIBED == gone.reason
        assert 3 == list_size(store)
        mailing = figures(store, "2026-11")
        assert mailing is not None and 3 == mailing.recipients


def test_records_can_be_added_and_people_forgotten(url):
    with open_store(url, now=NOW, randomness=counting()) as store:
        number = read_record(store, KEY).number
        assert withdraw(store, number, KEY, NOW, "link")
        assert ["withdrawn"] == [one.kind for one in read_record(store, KEY).consents]
        assert forget(store, KEY, NOW)
        assert read_record(store, KEY).person is None
        assert find_mailing(store, "2026-11") is not None
