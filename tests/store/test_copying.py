"""A store copied from one database into another: the same, whatever it holds and however the other one orders it."""

import sqlite3
import threading
from contextlib import closing

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.store import (
    Search,
    back_up,
    copy_store,
    further_columns,
    open_store,
    people,
    restore,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store.placing import placing
from tests.store.samples import MINUTE, NOW, counting, crowd, on_sqlite, person

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


@on_sqlite
def test_a_copy_that_fails_leaves_nothing_behind(store, url, tmp_path):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as damaged:
        damaged.execute("INSERT INTO outbox (subscriber, kind, state, message_id, message, created_at, attempts, text) "
                        "VALUES (7, 'confirm', 'pending', '', '', 0, 0, '')")  # fmt: skip
    with pytest.raises(sqlite3.IntegrityError):
        copy_store(url, f"sqlite:///{tmp_path}/new/copy.db")
    assert [] == list((tmp_path / "new").iterdir())


@on_sqlite
def test_a_copy_appears_whole_or_not_at_all(store, url, tmp_path):
    sync_roster(store, crowd(3), "sha", NOW)
    (tmp_path / "copy.db.part").write_bytes(b"of one that was killed")
    copy_store(url, f"sqlite:///{tmp_path}/copy.db")
    assert ["copy.db"] == [one.name for one in tmp_path.glob("copy*")]


@on_sqlite
@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_the_log_of_another_database_is_not_written_over_a_new_one(store, url, tmp_path, ending):
    sync_roster(store, crowd(3), "sha", NOW)
    (tmp_path / f"new.db{ending}").write_bytes(b"what another database lacks")
    with pytest.raises(StoreError, match="lies beside it"):
        copy_store(url, f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(StoreError, match="lies beside it"):
        back_up(url, tmp_path / "new.db", NOW)
    assert [f"new.db{ending}"] == [one.name for one in tmp_path.glob("new*")]


@on_sqlite
def test_two_backups_into_one_file_at_once_do_not_mix(store, url, tmp_path):
    sync_roster(store, crowd(3), "sha", NOW)
    file = tmp_path / "backup.db"
    with placing(file) as draft:
        with pytest.raises(StoreError, match="another process is writing"):
            back_up(url, file, NOW)
        with closing(sqlite3.connect(draft)) as first:
            first.execute("CREATE TABLE first (a)")
    with closing(sqlite3.connect(file)) as found:
        assert [("first",)] == found.execute("SELECT name FROM sqlite_master").fetchall()


def test_two_copies_to_one_place_at_once_do_not_replace_each_other(store, url, database, tmp_path):
    sync_roster(store, crowd(3), "sha", NOW)
    other = f"sqlite:///{tmp_path}/copy.db" if url == database else database
    ends = []

    def copy():
        try:
            ends.append(copy_store(url, other))
        except StoreError as error:
            ends.append(error)

    threads = [threading.Thread(target=copy) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ["Copied", "StoreError"] == sorted(type(one).__name__ for one in ends)
    with open_store(other, now=NOW, randomness=counting()) as found:
        assert 3 == len(list(people(found)))


def test_a_backup_is_restored_and_not_copied(store, url, database, tmp_path):
    file, there = tmp_path / "backup.db", f"sqlite:///{tmp_path}/copy.db"
    sync_roster(store, crowd(3), "sha", NOW)
    back_up(url, file, NOW)
    with pytest.raises(StoreError, match="a backup"):
        copy_store(f"sqlite:///{file}", there)
    restore(url, file, NOW + MINUTE, counting())
    assert 3 == copy_store(url, there).rows["subscribers"]
    back_up(url, file, NOW + 2 * MINUTE)
    with pytest.raises(StoreError, match="a backup"):
        copy_store(f"sqlite:///{file}", f"sqlite:///{tmp_path}/second.db")
