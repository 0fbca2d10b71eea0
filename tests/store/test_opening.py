"""Opening a store: for work, for reading, for a rehearsal."""

import hashlib
import os
import secrets
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect

import ruhrmail
from ruhrmail.errors import StoreError
from ruhrmail.store import (
    Reason,
    begin_mailing,
    enrol,
    figures,
    find_mailing,
    list_size,
    open_rehearsal,
    open_store,
    open_store_readonly,
    people,
    roster_state,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store.postgres import CONNECTIONS
from ruhrmail.store.schema import VERSION, metadata
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing, on_sqlite, person

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(ruhrmail.__file__).parents[1])}


def open_at(url):
    return open_store(url, now=NOW, randomness=counting())


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def state_of(url: str) -> object:
    """All that a store holds: the bytes of its files, or the rows of its tables."""
    if url.startswith("sqlite"):
        return snapshot(path_of(url).parent)
    with closing(psycopg.connect(url)) as session:
        rows = {name: session.execute(f"SELECT * FROM {name}").fetchall() for name in metadata.tables}
        return {name: sorted(map(repr, found)) for name, found in rows.items()}


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes; the index beside the log is SQLite's scratch memory."""
    files = [path for path in folder.iterdir() if not path.name.endswith("-shm")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def run(code: str, url: str) -> subprocess.Popen[str]:
    """Another process; it has printed a line when this returns."""
    process = subprocess.Popen([sys.executable, "-c", code, url], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    process.stdout.close()


WRITER = """
import sys, time
from ruhrmail.store import open_store, sync_roster
from tests.store.samples import NOW, counting, crowd
with open_store(sys.argv[1], now=NOW, randomness=counting()) as store:
    sync_roster(store, crowd(3), "one", NOW)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM subscribers")
        print("ready", flush=True)
        time.sleep(60)
"""


@on_sqlite
def test_a_store_is_made_with_its_folder_for_its_owner_only(url):
    with open_at(url) as store:
        assert len(store.id) == 16
        path = path_of(url)
        files = [*path.parent.iterdir()]
        assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in files}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_store_keeps_its_id(url):
    with open_at(url) as store:
        first = store.id
    with open_at(url) as store:
        assert store.id == first


def test_the_tables_are_exactly_those_of_the_schema(store):
    assert set(inspect(store.engine).get_table_names()) == set(metadata.tables)


@on_sqlite
def test_every_commit_is_durable_and_foreign_keys_hold(store):
    with store.reading() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


def test_many_who_leave_wait_for_a_long_reading_of_the_list(store):
    """The sender holds the pen for as long as a list takes; nobody's unsubscribing may fail for it."""
    with ThreadPoolExecutor(40) as threads:
        with store.writing() as connection:
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 60_000
            leaving = [threads.submit(suppress, store, f"p{n}@x.example", "unsubscribed", NOW) for n in range(40)]
            end = time.monotonic() + 60
            most = min(41, CONNECTIONS) if connection.dialect.name == "postgresql" else 41
            while store.engine.pool.checkedout() < most and time.monotonic() < end:
                time.sleep(0.01)
            assert most == store.engine.pool.checkedout()
        assert [True] * 40 == [one.result() for one in leaving]


def test_a_failed_block_is_undone(store):
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
        raise ZeroDivisionError
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key = 'a'").scalar() == 0


@on_sqlite
@pytest.mark.parametrize("loss", ["deleted", "replaced", "moved with its folder"])
def test_a_store_that_is_gone_from_its_place_is_written_no_more(url, loss):
    """What is written into a deleted file is lost with the process: no intent may rest on it."""
    path = path_of(url)
    with open_at(url) as store:
        sync_roster(store, crowd(3), "one", NOW)
        if loss == "deleted":
            path.unlink()
        elif loss == "replaced":
            path.with_name("copy.db").write_bytes(path.read_bytes())
            path.with_name("copy.db").replace(path)
        else:
            path.parent.rename(path.parent.with_name("elsewhere"))
        with pytest.raises(StoreError, match="deleted or replaced"):
            suppress(store, "a@reader.example", "unsubscribed", NOW)


def test_many_processes_may_make_the_store_at_once(url):
    code = "import sys\nfrom ruhrmail.store import open_store\nfrom tests.store.samples import NOW, counting\n"
    code += "print(open_store(sys.argv[1], now=NOW, randomness=counting()).id)"
    processes = [
        subprocess.Popen([sys.executable, "-c", code, url], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ids = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(set(ids)) == 1


GUEST = """
import os, sys
from ruhrmail.store import open_store, sync_roster
from tests.store.samples import NOW, crowd
with open_store(sys.argv[1], now=NOW, randomness=os.urandom) as store:
    sync_roster(store, crowd(500), "two", NOW)
print("ready", flush=True)
"""


@on_sqlite
def test_a_store_that_is_opened_twice_in_a_process_keeps_its_log_from_others(url):
    """To open and close the file by its name would let go of the first one's locks: the guest would take away the log
    that it goes on reading, and the next writer damage the database."""
    with open_store(url, now=NOW, randomness=os.urandom) as first:
        sync_roster(first, crowd(3), "one", NOW)
        with open_store(url, now=NOW, randomness=os.urandom) as second:
            run(GUEST, url).communicate(timeout=60)
            assert path_of(url).with_name("state.db-wal").exists()
            assert (500, 500) == (list_size(first), list_size(second))
            sync_roster(second, crowd(700), "three", NOW)
    with open_store_readonly(url) as store, store.reading() as connection:
        assert "ok" == connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()


def test_a_store_of_a_newer_version_is_refused(url):
    with open_at(url) as store, store.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'version'")
    for opening in (open_at, open_store_readonly):
        with pytest.raises(StoreError, match=rf"newer ruhrmail \(tables 99, this one knows {VERSION}\)"):
            opening(url)


@on_sqlite
def test_a_file_that_is_no_database_is_refused(url):
    path_of(url).parent.mkdir()
    path_of(url).write_text("no database at all, but long enough to be read as one" * 100)
    for opening in (open_at, open_store_readonly):
        with pytest.raises(StoreError, match="no database"):
            opening(url)


@on_sqlite
def test_the_database_of_another_program_is_refused_and_left_alone(url):
    path_of(url).parent.mkdir()
    sqlite3.connect(path_of(url)).execute("CREATE TABLE songs (title)").connection.close()
    with pytest.raises(StoreError, match="another program"):
        open_at(url)
    assert sqlite3.connect(path_of(url)).execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]


@on_sqlite
def test_a_folder_where_the_store_should_be_is_refused(url):
    path_of(url).mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_at(url)


def test_another_database_is_refused_without_showing_its_password():
    with pytest.raises(StoreError, match="this is no store: host/db"):
        open_at("mysql://user:geheim@host/db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_must_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_at(f"sqlite:///{tmp_path}/state/state.db")


def test_reading_finds_none_where_there_is_no_store_and_makes_none(url):
    for _ in range(2):
        assert open_store_readonly(url) is None
        assert not path_of(url).parent.exists()


@on_sqlite
def test_reading_a_closed_store_leaves_no_trace(url):
    with open_at(url) as store:
        sync_roster(store, crowd(3), "one", NOW)
    before = sorted(path_of(url).parent.iterdir()), snapshot(path_of(url).parent)
    with open_store_readonly(url) as reader:
        assert list_size(reader) == 3
    assert (sorted(path_of(url).parent.iterdir()), snapshot(path_of(url).parent)) == before


def test_a_reader_cannot_write(url, store):
    with open_store_readonly(url) as reader, pytest.raises(StoreError, match="only be read"):
        suppress(reader, "a@example.org", "manual", NOW)


def test_reading_waits_for_nobody_while_another_process_writes(url):
    writer = run(WRITER, url)
    try:
        before = state_of(url)
        with open_store_readonly(url) as reader:
            assert list_size(reader) == 3
        assert state_of(url) == before
    finally:
        kill(writer)


@on_sqlite
@pytest.mark.parametrize("ending", ["with its index", "index lost"])
def test_reading_right_after_a_kill_changes_nothing(url, ending):
    kill(run(WRITER, url))
    folder = path_of(url).parent
    if ending == "index lost":
        (folder / "state.db-shm").unlink()
    before = snapshot(folder)
    with open_store_readonly(url) as reader:
        assert list_size(reader) == 3
    assert snapshot(folder) == before
    with open_at(url) as store:
        assert list_size(store) == 3


@on_sqlite
def test_a_rehearsal_leaves_no_trace_where_there_is_no_store(url):
    with open_rehearsal(url, now=NOW, randomness=counting()) as trial:
        sync_roster(trial, crowd(7), "sha", NOW)
        mailing = begin_mailing(trial, new_mailing(), {"": MESSAGE}, NOW)
        assert enrol(trial, mailing, NOW) == 7
        assert len(list(people(trial))) == 7
    assert not path_of(url).parent.exists()


def test_a_rehearsal_starts_from_the_store_and_changes_nothing(url):
    with open_at(url) as store:
        sync_roster(store, crowd(3), "one", NOW)
        enrol(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW), NOW)
        before = state_of(url)
        with open_rehearsal(url, now=NOW, randomness=secrets.token_bytes) as trial:
            assert trial.id == store.id
            sync_roster(trial, [*crowd(3), person("new")], "two", NOW)
            assert enrol(trial, find_mailing(trial, "2026-11"), NOW) == 1
        assert state_of(url) == before
        assert roster_state(store).sha256 == "one"
        assert figures(store, "2026-11").recipients == 3


def test_a_rehearsal_runs_while_another_process_writes(url):
    writer = run(WRITER, url)
    try:
        with open_rehearsal(url, now=NOW, randomness=secrets.token_bytes) as trial:
            assert sync_roster(trial, crowd(3), "two", NOW) == 3
    finally:
        kill(writer)


def test_a_store_that_is_opened_twice_sees_what_others_write_and_close(tmp_path):
    """Opening must not take the locks from connections that are open: another program would delete the log."""
    url = f"sqlite:///{tmp_path}/state.db"
    script = (
        "import os, sys; from datetime import UTC, datetime; from ruhrmail.store import Reason, open_store, suppress\n"
        "now = datetime.now(UTC)\n"
        "with open_store(sys.argv[1], now=now, randomness=os.urandom) as store:\n"
        "    suppress(store, 'lea@halde.example', Reason.MANUAL, now)\n"
    )
    with (
        open_store(url, now=NOW, randomness=os.urandom) as first,
        open_store(url, now=NOW, randomness=os.urandom) as second,
    ):
        before = [suppression(store, "lea@halde.example") for store in (first, second)]
        subprocess.run([sys.executable, "-c", script, url], env=ENVIRONMENT, check=True)
        after = [suppression(store, "lea@halde.example") for store in (first, second)]
        has_log = (tmp_path / "state.db-wal").exists()
    assert ([None, None], [True, True], True) == (before, [one is not None for one in after], has_log)


PASSER_BY = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(*[row[0] for row in database.execute("SELECT evidence FROM suppressions ORDER BY evidence")])
database.close()
"""


def passing_by(path):
    """What another process finds that opens the store, looks, and closes it."""
    command = [sys.executable, "-c", PASSER_BY, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@on_sqlite
def test_a_store_that_is_opened_again_in_the_same_process_loses_nothing(url, tmp_path):
    """Closing any descriptor of a file gives up all locks that the process has on it (POSIX), SQLite's too: then the
    next program to close the store believes to be the last, and throws the log away that others go on writing to."""
    with open_store(url, now=NOW, randomness=counting()) as first:
        suppress(first, "a@example.org", Reason.BOUNCED, NOW, "one")
        with open_store(url, now=NOW, randomness=counting()), open_store_readonly(url):
            pass
        assert ["one"] == passing_by(tmp_path / "state" / "state.db")
        suppress(first, "b@example.org", Reason.BOUNCED, NOW, "two")
        assert ["one", "two"] == passing_by(tmp_path / "state" / "state.db")
