"""A Maildir: `new` and `cur`, in the order in which files came into their place."""

import heapq
import os
from collections.abc import Iterator
from pathlib import Path

from ruhrmail.collect.found import LIMIT, Found, Position
from ruhrmail.errors import MailboxError
from ruhrmail.model.phrase import phrase

AT_ONCE = 20_000
"""Names kept in memory; a larger folder is listed several times."""
SLACK = 600 * 10**9
"""Nanoseconds before the last message that are read again: clocks are put back, and records know what was read."""
FOLDERS = ("new", "cur")
Entry = tuple[int, str]
"""When a file came into its place (nanoseconds), and its name with the folder."""


class Maildir:
    """A Maildir. Nothing in it is moved or marked, so mail programs may look at it too.

    The position is the time of a file's last change of place (its ctime): nobody can set it, and whoever moves or
    copies a message into the folder gives it a new one.
    """

    def __init__(self, path: Path, *, delete: bool, at_once: int = AT_ONCE) -> None:
        if not any((path / name).is_dir() for name in FOLDERS):
            raise MailboxError(
                phrase("{path} is no Maildir: it holds neither new nor cur", path=path),
                hint=phrase("name the folder that holds both"),
            )
        self._path, self._delete, self._at_once = path, delete, at_once

    def read(self, position: Position) -> Iterator[Found]:
        """As the protocol says; a file that vanished meanwhile is left out: it was moved, and turns up again."""
        after: Entry = (int(position.get("changed", 0)) - SLACK, "")
        while chunk := heapq.nsmallest(self._at_once, self._entries(after)):
            for changed, name in chunk:
                found = self._open(name, changed)
                if found is not None:
                    yield found
            if len(chunk) < self._at_once:
                return
            after = chunk[-1]

    def _entries(self, after: Entry) -> Iterator[Entry]:
        """Every file that came later, in any order. Raises MailboxError."""
        for folder in FOLDERS:
            try:
                with os.scandir(self._path / folder) as listing:
                    yield from (one for one in map(entry_of, listing) if one is not None and one > after)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise unreadable(self._path / folder, error) from error

    def _open(self, name: str, changed: int) -> Found | None:
        position = {"changed": changed}
        try:
            with (self._path / name).open("rb") as file:
                return Found(name, position, file.read(LIMIT), mark=name)
        except FileNotFoundError:
            return None
        except OSError as error:
            return Found(name, position, None, phrase("it cannot be read: {reason}", reason=error.strerror or error))

    def drop(self, found: Found) -> None:
        """As the protocol says."""
        if self._delete:
            try:
                (self._path / found.mark).unlink(missing_ok=True)
            except OSError as error:
                raise MailboxError(
                    phrase("{path} cannot be deleted: {reason}", path=self._path / found.mark, reason=error.strerror),
                    hint=phrase("check who may write in the folder"),
                ) from error

    def settle(self) -> None:
        """Nothing lingers."""


def entry_of(entry: os.DirEntry[str]) -> Entry | None:
    """A file's time and name; None for what is no message."""
    if entry.name.startswith("."):
        return None
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        changed = entry.stat(follow_symlinks=False).st_ctime_ns
    except FileNotFoundError:
        return None
    folder = os.path.basename(os.path.dirname(entry.path))  # noqa: PTH119, PTH120 - a million times, and far cheaper
    return changed, f"{folder}/{entry.name}"


def unreadable(path: Path, error: OSError) -> MailboxError:
    """The error for a folder or file that cannot be read."""
    return MailboxError(
        phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror or error),
        hint=phrase("check the path, and who may read it"),
    )
