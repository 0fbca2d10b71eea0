"""Backups: whole, checked, and restored without mailing anybody again whom the store knows."""

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.model.consent import Reason
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    back_up,
    begin_mailing,
    count_waiting,
    enqueue_slots,
    enrol,
    find_mailing,
    forget,
    open_store,
    people,
    prepare_engine,
    read_record,
    read_workers,
    restore,
    restored_since,
    sign_on,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store.schema import VERSION
from tests.store.samples import MESSAGE, NOW, counts, crowd, new_mailing, on_postgresql, on_sqlite, result
from tests.store.test_version3 import DUMP

LATER = NOW + timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def open_at(url):
    return open_store(url, now=NOW, randomness=os.urandom)


def begin(store) -> Ledger:
    sync_roster(store, crowd(6), "sha", NOW)
    ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
    enrol(store, ledger.mailing, NOW)
    return ledger


def test_a_backup_is_one_file_for_its_owner_only(store, url, file):
    begin(store)
    back_up(url, file, NOW)
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert [file.name] == [one.name for one in file.parent.iterdir() if one.is_file()]
    with sqlite3.connect(file) as found:
        assert ("delete", 6) == (
            found.execute("PRAGMA journal_mode").fetchone()[0],
            found.execute("SELECT count(*) FROM deliveries").fetchone()[0],
        )


@on_sqlite
def test_a_backup_never_takes_the_place_of_the_store_that_others_have_open(store, url, file):
    path = Path(url.removeprefix("sqlite:///"))
    before = path.stat().st_ino
    file.symlink_to(path)
    for target in (path, file, path.parent / "." / path.name):
        with pytest.raises(StoreError, match="is the store itself"):
            back_up(url, target, NOW)
    assert before == path.stat().st_ino


def test_a_backup_is_made_while_others_write(store, url, file):
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
        back_up(url, file, NOW)
    assert restore(url, file, LATER, os.urandom).carried


def test_who_got_it_stays_so_and_who_waited_is_in_doubt(store, url, file):
    ledger = begin(store)
    claims = ledger.claim(3, NOW)
    ledger.intend(claims[:2], NOW)
    ledger.settle([result(claims[0], Outcome.SENT)])
    store.close()
    back_up(url, file, NOW)
    done = restore(url, file, LATER, os.urandom)
    assert (NOW, 5) == (done.backed_up_at, done.doubtful)
    with open_at(url) as again:
        found = Ledger(again, find_mailing(again, "2026-11"))
        assert {"sent": 1, "in_doubt": 5} == counts(found)
        assert 0 == enrol(again, found.mailing, LATER)
        assert [] == found.claim(10, LATER)
        assert (NOW, LATER) == restored_since(again)
        assert 5 == found.resend_doubtful(LATER)


def test_who_left_or_was_forgotten_since_the_backup_stays_so(store, url, file):
    begin(store)
    suppress(store, "p1@example.org", Reason.COMPLAINED, NOW)
    back_up(url, file, NOW)
    suppress(store, "p2@example.org", Reason.UNSUBSCRIBED, NOW)
    forget(store, "p3@example.org", NOW)
    store.close()
    done = restore(url, file, LATER, os.urandom)
    assert (2, 1, True) == (done.suppressed, done.erased, done.carried)
    with open_at(url) as again:
        assert ["p0", "p4", "p5"] == [one.person.email[:2] for one in people(again)]
        assert Reason.FORGOTTEN == suppression(again, "p3@example.org").reason
        assert read_record(again, "p3@example.org").person is None
    if url.startswith("sqlite"):
        assert b"p3@example" not in Path(url.removeprefix("sqlite:///")).read_bytes()


@on_sqlite
def test_without_the_old_store_it_is_said_that_later_suppressions_are_lost(store, url, file):
    begin(store)
    back_up(url, file, NOW)
    store.close()
    for one in Path(url.removeprefix("sqlite:///")).parent.iterdir():
        one.unlink()
    assert restore(url, file, LATER, os.urandom).carried is False
    with open_at(url) as again:
        assert 6 == len(list(people(again)))


@on_sqlite
def test_a_damaged_store_is_put_aside_for_the_backup(store, url, file):
    begin(store)
    back_up(url, file, NOW)
    store.close()
    path = Path(url.removeprefix("sqlite:///"))
    path.write_bytes(b"no database " * 1000)
    assert restore(url, file, LATER, os.urandom).carried is False
    assert path.with_name(path.name + ".damaged").is_file()
    with open_at(url) as again:
        assert 6 == len(list(people(again)))


def test_programs_that_have_the_store_open_see_what_was_restored(store, url, file):
    begin(store)
    back_up(url, file, NOW)
    sync_roster(store, crowd(2), "two", NOW)
    restore(url, file, LATER, os.urandom)
    assert 6 == len(list(people(store)))
    assert suppress(store, "p0@example.org", Reason.BOUNCED, LATER)


def test_a_backup_of_an_older_version_is_brought_up_to_date(url, file, tmp_path):
    old = f"sqlite:///{tmp_path}/old/state.db"
    (tmp_path / "old").mkdir()
    with sqlite3.connect(tmp_path / "old" / "state.db") as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    connection.close()
    back_up(old, file, NOW)
    restore(url, file, LATER, os.urandom)
    with open_at(url) as again, again.reading() as reading:
        assert str(VERSION) == reading.exec_driver_sql("SELECT value FROM meta WHERE key = 'version'").scalar()


@pytest.mark.parametrize("content", [None, b"", b"text " * 2000, "truncated", "other", "raw"])
def test_what_is_no_backup_changes_nothing(store, url, file, content):
    begin(store)
    back_up(url, file, NOW)
    whole = file.read_bytes()
    if content == "truncated":
        file.write_bytes(whole[: len(whole) // 2])
    elif content == "other":
        file.unlink()
        sqlite3.connect(file).execute("CREATE TABLE songs (title)").connection.close()
    elif content == "raw":
        with sqlite3.connect(file) as connection:
            connection.execute("DELETE FROM meta WHERE key = 'backed_up_at'")
        connection.close()
    elif content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(StoreError):
        restore(url, file, LATER, os.urandom)
    assert restored_since(store) is None
    assert 6 == len(list(people(store)))


def test_where_there_is_no_store_there_is_no_backup(url, file):
    with pytest.raises(StoreError, match="no store"):
        back_up(url, file, NOW)
    assert not file.exists()


@on_postgresql
def test_who_was_at_work_when_a_backup_was_made_is_not_at_work_in_what_is_restored(store, url, file):
    """Days later they would be shown as silent, and be buried."""
    sign_on(store, "essen", 7)
    back_up(url, file, NOW)
    restore(url, file, LATER, os.urandom)
    with open_at(url) as again:
        assert [] == read_workers(again)


@on_postgresql
@pytest.mark.parametrize(
    "said", ["DELETE FROM meta WHERE key = 'engine'", "UPDATE meta SET value = '00' WHERE key = 'engine'"]
)
def test_workers_go_on_after_a_backup_of_another_engine_or_of_none_is_restored(store, url, file, said):
    prepare_engine(store)
    back_up(url, file, NOW)
    with closing(sqlite3.connect(file, isolation_level=None)) as older:
        older.execute(said)
    enqueue_slots(store, begin(store).mailing.id, 2)
    restore(url, file, LATER, os.urandom)
    with open_at(url) as again:
        assert {"slots": 0, "duties": 0} == count_waiting(again)
        prepare_engine(again)
        with again.writing() as connection:
            assert connection.exec_driver_sql("SELECT value > '01' FROM meta WHERE key = 'engine'").scalar_one()
        assert 2 == enqueue_slots(again, begin(again).mailing.id, 2)


def test_who_leaves_while_a_backup_is_restored_stays_gone(store, url, file):
    sync_roster(store, crowd(200), "sha", NOW)
    back_up(url, file, NOW)
    left, done = [], threading.Event()

    def leave():
        while not done.wait(0.05):
            suppress(store, f"p{len(left)}@example.org", Reason.UNSUBSCRIBED, NOW)
            left.append(f"p{len(left)}@example.org")

    leaving = threading.Thread(target=leave)
    leaving.start()
    try:
        restored = [restore(url, file, LATER, os.urandom) for _ in range(4)]
    finally:
        done.set()
        leaving.join()
    assert [True] * 4 == [one.carried for one in restored]
    assert [] == [key for key in left if suppression(store, key) is None]
