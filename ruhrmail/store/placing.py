"""A database in a file, made aside and then put in its place: whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ruhrmail.errors import StoreError
from ruhrmail.files import sync_folder
from ruhrmail.model.phrase import phrase
from ruhrmail.store.sqlite import close_log, remove
from ruhrmail.store.troubles import folder_error

LOGS = ("-wal", "-journal")
"""How the names of files end from which SQLite takes what the database beside them lacks."""


@contextmanager
def placing(target: Path) -> Iterator[Path]:
    """Gives an empty file, mode 0600, to make a database in. When the block ends it lies at `target`, durable; of one
    that raises, or whose process is killed, nothing is there, and what was there before is as it was.

    Raises StoreError where a program has the database at `target` open, or was killed while it had.
    """
    draft = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove(draft)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            yield draft
            close_log(draft)
            ensure_no_log(target)
            draft.replace(target)
            sync_folder(target.parent)
        finally:
            remove(draft)
    except OSError as error:
        raise folder_error(target, error) from error


def ensure_no_log(target: Path) -> None:
    """Raises StoreError where a log lies beside a file: SQLite would write what is in it over the new database."""
    found = next((one for ending in LOGS if (one := target.with_name(target.name + ending)).exists()), None)
    if found is not None and found.stat().st_size:
        raise StoreError(
            phrase("{path} is in use, or a program was killed while it was: {log} lies beside it", path=target,
                   log=found.name),
            hint=phrase("name another file"),
        )  # fmt: skip
