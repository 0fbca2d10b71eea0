"""A database in a file, made aside and then put in its place: whole, or not at all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ruhrmail.errors import StoreError
from ruhrmail.files import sync_folder
from ruhrmail.model.phrase import phrase
from ruhrmail.store.sqlite_files import close_log, remove, remove_logs
from ruhrmail.store.troubles import folder_error

LOGS = ("-wal", "-journal")
"""How the names of files end from which SQLite takes what the database beside them lacks."""


@contextmanager
def placing(target: Path) -> Iterator[Path]:
    """Gives an empty file, mode 0600, to make a database in. When the block ends it lies at `target`, durable; of one
    that raises, or whose process is killed, nothing is there, and what was there before is as it was.

    Raises StoreError where another process is making it, or a program has the database at `target` open, or was killed
    while it had.
    """
    draft = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(draft):
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


if sys.platform == "win32":

    @contextmanager
    def alone(draft: Path) -> Iterator[None]:
        """Makes an empty file in the place of one that a killed process left. Raises StoreError, OSError."""
        remove(draft)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield

else:
    import fcntl

    @contextmanager
    def alone(draft: Path) -> Iterator[None]:
        """Makes an empty file, in the place of one that a killed process left, which no other process makes meanwhile.

        Raises StoreError where one does, OSError.
        """
        number = os.open(draft, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            if not is_ours(number, draft):
                raise StoreError(
                    phrase("another process is writing {path}", path=draft),
                    hint=phrase("wait until it is done, then run the command again"),
                )
            remove_logs(draft)
            os.truncate(draft, 0)
            yield  # closed last: closing a file ends the locks that SQLite has on it in this process (POSIX)
        finally:
            os.close(number)

    def is_ours(number: int, draft: Path) -> bool:
        """Whether no other process has this file, and it still lies there."""
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found, opened = draft.stat(), os.fstat(number)
        except (BlockingIOError, FileNotFoundError):
            return False
        return (found.st_dev, found.st_ino) == (opened.st_dev, opened.st_ino)


def ensure_no_log(target: Path) -> None:
    """Raises StoreError where a log lies beside a file: SQLite would write what is in it over the new database."""
    found = next((one for ending in LOGS if (one := target.with_name(target.name + ending)).exists()), None)
    if found is not None and found.stat().st_size:
        raise StoreError(
            phrase("{path} is in use, or a program was killed while it was: {log} lies beside it", path=target,
                   log=found.name),
            hint=phrase("name another file"),
        )  # fmt: skip
