"""The files of SQLite's databases: made, copied, emptied of what was deleted, replaced, taken away."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import phrase
from ruhrmail.store.sqlite import connect, driver, reading_engine
from ruhrmail.store.troubles import folder_error, translated

PREFIX = "sqlite:///"
FEW = 16
"""Pages, fewer than any store has: the first of them written, a backup holds the pen until its end."""
DAMAGED = ".damaged"
"""How the name of a store ends that could not be read when another took its place."""


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
