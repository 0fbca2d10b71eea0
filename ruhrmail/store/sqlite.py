"""SQLite's own ways: files, pragmas, transactions. Nothing else of the store knows them."""

import errno
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.model.variants import fold_tag
from ruhrmail.store.troubles import folder_error, translated

PREFIX = "sqlite:///"
as_json = json.JSONEncoder(ensure_ascii=False).encode
"""A value in a column of JSON, written as readers of files write it: equal values are equal texts."""
DAMAGED = ".damaged"
"""How the name of a store ends that could not be read when another took its place."""
BUSY_SECONDS = 60
"""A list of a million rows holds the pen for twenty seconds; whoever unsubscribes meanwhile waits."""
GLANCE = 3
"""Milliseconds, of which SQLite makes two looks at the pen."""
FEW = 16
"""Pages, fewer than any store has: the first of them written, a backup holds the pen until its end."""
WRITES = "ruhrmail_writes"
"""The execution option of connections that begin their transaction as writers."""
BEGIN = "ruhrmail_begin"
"""The execution option of an engine that begins a writer's transaction on the driver's connection."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # a commit is on the disk when it returns: the ledger's guarantees rest on it
    "PRAGMA cache_size = -32768",
    "PRAGMA wal_autocheckpoint = 8000",  # pages: the ledger writes the same few over and over
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = FILE",
)


def path_of(url: str) -> Path:
    """The file of `sqlite:///PATH`. Raises StoreError for any other URL, whose password is not shown."""
    if not url.startswith(PREFIX) or url == PREFIX:
        shown = url.rsplit("@", maxsplit=1)[-1]
        raise StoreError(
            phrase("this is no store: {value}", value=shown),
            hint=phrase("such as sqlite:///.ruhrmail/state.db or postgresql://user@host/database"),
        )
    return Path(url.removeprefix(PREFIX)).resolve()


def create_file(path: Path) -> None:
    """Makes the store's folder (0700) and empty file (0600) where they are missing. Raises StoreError.

    A file that is there is never opened: closing it again would take the locks from every connection that this process
    has to it already (POSIX), and the next program that closes the store would delete the log below their feet.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir() or not os.access(path, os.R_OK | os.W_OK):
            number = errno.EISDIR if path.is_dir() else errno.EACCES
            raise folder_error(path, OSError(number, os.strerror(number))) from None
    except OSError as error:
        raise folder_error(path, error) from error


def connect(path: Path, options: str) -> sqlite3.Connection:
    """A connection whose transactions are ours to begin; `options` is the query of an SQLite URI."""
    uri = f"file:{quote(str(path))}?{options}"
    found = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    return taught(found)


def taught(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same connection, which knows how tags are compared: `fold`."""
    connection.create_function("fold", 1, fold_tag, deterministic=True)
    return connection


def writable_engine(path: Path) -> Engine:
    """An engine that reads and writes the file at `path`, in WAL mode and durable at every commit.

    Once the file is gone from its place, or another lies there, nothing is written any more: the system would keep the
    nameless file only as long as this process lives.
    """
    opened = file_at(path)

    def open_writable() -> sqlite3.Connection:
        connection = connect(path, "mode=rw")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        return set_up(connection)

    def in_place() -> None:
        if file_at(path) != opened:
            raise StoreError(
                phrase("the store at {path} was deleted or replaced while it was in use", path=path),
                hint=phrase(
                    "put the file back, or a backup of it, before you send: the ledger knows who has which issue"
                ),
            )

    return engine_of(open_writable, before_writing=in_place)


def file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies at `path`, whatever its name; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def reading_engine(path: Path) -> Engine:
    """An engine that reads the file at `path` and leaves no trace, whatever others do with it meanwhile.

    Beside a write-ahead log (somebody writes, or was killed) only `mode=ro` leaves it as it is. Without one, `mode=ro`
    would leave empty files behind, so a connection that could write and is told not to tidies up after itself.
    Where the folder cannot be written nobody else changes the file, and `immutable` needs no files at all.
    """

    def open_reading() -> sqlite3.Connection:
        has_log = path.with_name(path.name + "-wal").exists()
        try:
            return probe(connect(path, "mode=ro" if has_log else "mode=rw"))
        except sqlite3.OperationalError as error:
            if has_log or error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
            return probe(connect(path, "immutable=1"))

    return engine_of(open_reading)


def probe(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, forbidden to write, after a first reading has shown that it works."""
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def private_engine(original: Path | None) -> Engine:
    """An engine on a nameless temporary database, gone with its connection; a copy of `original` where one is given.

    The copy is made through a reading connection: whoever works on the original goes on undisturbed. Of an original
    that is not there, or has nothing in it yet, the copy is empty.
    """
    connection = taught(sqlite3.connect("", isolation_level=None, check_same_thread=False))
    if original is not None and original.is_file() and original.stat().st_size:
        source = reading_engine(original)
        with source.connect() as reader:
            driver(reader).backup(connection)
        source.dispose()
    connection.execute("PRAGMA journal_mode = MEMORY")
    set_up(connection).execute("PRAGMA synchronous = OFF")
    return engine_of(lambda: connection, StaticPool)


def set_up(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same connection with our settings."""
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def engine_of(
    creator: Callable[[], sqlite3.Connection],
    pool: type[QueuePool | StaticPool] = QueuePool,
    before_writing: Callable[[], None] = lambda: None,
) -> Engine:
    """An engine whose transactions begin as we say: writers take the lock at once, so that none fails half way.

    `before_writing` may raise StoreError.
    """
    # A thread that waits for the pen keeps its connection: as many as there are threads.
    limits = {"max_overflow": -1} if pool is QueuePool else {}

    def begin_writing(connection: PoolProxiedConnection) -> None:
        before_writing()
        take_pen(connection.cursor())

    options = {BEGIN: begin_writing}
    engine = create_engine(
        "sqlite://", creator=creator, poolclass=pool, execution_options=options, json_serializer=as_json, **limits
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES, False):
            begin_writing(connection.connection)
        else:
            connection.connection.cursor().execute("BEGIN")

    return engine


def take_pen(cursor: DBAPICursor) -> None:
    """Begins a writer's transaction as soon as nobody else has one.

    SQLite's own patience looks ever more seldom, at last ten times a second, and beside somebody who writes one short
    transaction after the other it mostly comes at the wrong moment. Ours stays short and looks again and again.
    """
    end = time.monotonic() + BUSY_SECONDS
    cursor.execute(f"PRAGMA busy_timeout = {GLANCE}")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
            else:
                return
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")


def rewrite(engine: Engine) -> None:
    """Writes the database's file anew and empties its log, so that no byte of what was deleted is left in either.

    Raises StoreError when somebody reads in the old log for longer than a minute.
    """
    with translated(), closing(engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM")
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        outcome = cursor.fetchone()
    if outcome is not None and outcome[0]:
        raise StoreError(
            phrase("another program reads in the store, so deleted data is still in its log"),
            hint=phrase("wait until it is done, then run the command again"),
        )


def copy_to(original: Path, target: Path) -> None:
    """Copies a database into one file, from one moment, while others write. Raises StoreError."""
    source = reading_engine(original)
    try:
        with translated(), source.connect() as reader, closing(connect(target, "mode=rw")) as copy:
            driver(reader).backup(copy)
    finally:
        source.dispose()
    close_log(target)


def close_log(path: Path) -> None:
    """Makes a database that nobody has open one file, without a log beside it. Raises StoreError."""
    with translated(), closing(connect(path, "mode=rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def remove(path: Path) -> None:
    """Takes a database's files away. Raises StoreError."""
    try:
        remove_logs(path)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise folder_error(path, error) from error


def remove_logs(path: Path) -> None:
    """Takes away the files beside a database. Raises OSError."""
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def move_damaged(path: Path) -> None:
    """Takes a file that is no database out of the way, by another name. Raises StoreError."""
    if not path.is_file():
        return
    try:
        with closing(connect(path, "mode=rw")) as probed:
            probed.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        path.replace(path.with_name(path.name + DAMAGED))
        remove_logs(path)


def compact(copy: Engine) -> None:
    """Writes a private database anew, so that no byte of what was deleted is left in it. Raises StoreError."""
    with translated(), copy.connect() as connection:
        driver(connection).execute("VACUUM")


def replace_with(copy: Engine, path: Path, check: Callable[[], None] = lambda: None) -> None:
    """Writes a database over the one at `path`, all or nothing: programs that have it open see the new content.

    One that cannot be read is put aside by its name first. `check` is asked once nobody else can write any more; what
    it raises ends it there, and nothing has changed. Raises StoreError.
    """
    move_damaged(path)
    create_file(path)
    checks = iter((check,))

    def begun(*_: int) -> None:
        next(checks, lambda: None)()

    with translated(), copy.connect() as reader, closing(connect(path, "mode=rw")) as target:
        driver(reader).backup(target, pages=FEW, progress=begun)
        target.execute("PRAGMA journal_mode = WAL").fetchone()
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def pour(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows to a table, as the driver holds them."""
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
    driver(connection).executemany(statement, map(tuple, rows))
