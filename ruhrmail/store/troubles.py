"""What a database complains about, in words that help."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ruhrmail.errors import StoreError
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store.postgres_troubles import driver_errors, trouble_of

PRIMARY_CODE = 0xFF
"""SQLite's extended result codes carry the primary one in their low byte."""

CHECK_PERMISSIONS = phrase("check who owns the file and its folder, and their permissions")
NO_CONNECTION = phrase("too many threads of this program wait for the store")
KEEP_AND_RESTORE = phrase("move the file away but keep it, and restore a backup")

TROUBLES: dict[int, tuple[Phrase, Phrase]] = {
    sqlite3.SQLITE_FULL: (
        phrase("the disk with the store is full"),
        phrase("make room and run the command again; it goes on where it stopped"),
    ),
    sqlite3.SQLITE_BUSY: (
        phrase("another program holds the store"),
        phrase("wait until it is done, then run the command again"),
    ),
    sqlite3.SQLITE_LOCKED: (
        phrase("another program holds the store"),
        phrase("wait until it is done, then run the command again"),
    ),
    sqlite3.SQLITE_READONLY: (phrase("the store can only be read, not written"), CHECK_PERMISSIONS),
    sqlite3.SQLITE_CANTOPEN: (phrase("the store cannot be opened"), CHECK_PERMISSIONS),
    sqlite3.SQLITE_PERM: (phrase("the store cannot be opened"), CHECK_PERMISSIONS),
    sqlite3.SQLITE_NOTADB: (
        phrase("the store's file is no database"),
        phrase("check `store:` in ruhrmail.yaml and RUHRMAIL_STORE"),
    ),
    sqlite3.SQLITE_CORRUPT: (phrase("the store is damaged"), KEEP_AND_RESTORE),
    sqlite3.SQLITE_IOERR: (
        phrase("the disk with the store does not read or write"),
        phrase("check the disk; then run the command again"),
    ),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turns the database's and the system's complaints inside the block into StoreError; our own mistakes pass."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, driver_errors()):
            raise (trouble_of(error.orig) or error) from error
        if type(error) not in (OperationalError, DatabaseError):
            raise
        raise store_error(error.orig) from error
    except driver_errors() as error:
        raise (trouble_of(error) or error) from error
    except PoolTimeout as error:
        raise StoreError(NO_CONNECTION, hint=phrase("wait until it is done, then run the command again")) from error
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
            raise
        raise store_error(error) from error


def store_error(cause: object) -> StoreError:
    """The StoreError for a driver's exception."""
    code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE
    if code in TROUBLES:
        message, hint = TROUBLES[code]
        return StoreError(message, hint=hint)
    return StoreError(phrase("the store cannot be used: {reason}", reason=cause))


def folder_error(path: Path, error: OSError) -> StoreError:
    """The StoreError for a file or folder that the system refuses."""
    message = phrase("the store at {path} cannot be opened: {reason}", path=path, reason=error.strerror or error)
    return StoreError(message, hint=CHECK_PERMISSIONS)
