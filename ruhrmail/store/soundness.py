"""Whether a store is whole."""

import sqlite3
import time

from sqlalchemy.exc import OperationalError

from ruhrmail.store import sqlite
from ruhrmail.store.opening import Store

STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock."""


def find_damage(store: Store, seconds: float) -> str | None:
    """The first damage that the database finds in itself, empty for none; None where it took longer than that to look.

    Raises StoreError for a store that cannot be read at all.
    """
    end = time.monotonic() + seconds
    with store.reading() as connection:
        if connection.dialect.name != "sqlite":
            return ""  # a server looks after its own files
        own = sqlite.driver(connection)
        own.set_progress_handler(lambda: int(time.monotonic() > end), STEPS)
        try:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                raise
            return None
        finally:
            own.set_progress_handler(None, 0)
    return "" if found == "ok" else " ".join(found.split())
