"""An mbox file: messages one behind the other, each below a line that begins with `From `."""

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ruhrmail.collect.found import LIMIT, Found, Position
from ruhrmail.collect.maildir import unreadable
from ruhrmail.collect.mbox_lock import locked
from ruhrmail.errors import MailboxError
from ruhrmail.model.phrase import phrase

BEHIND = 4 * 1024
"""Bytes in front of a position whose hash tells whether the file is still the same."""
LINE = 64 * 1024
TURNS = 20
"""How often mail may arrive while the file is about to be emptied."""
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
SEPARATOR = b"From "


class Mbox:
    """An mbox file (RFC 4155), read up to where it ended when it was last looked at.

    To delete, the whole file is read, what is not dropped goes into `FILE.kept`, and the file is emptied: mail that
    arrives meanwhile is read as well, so nothing is ever moved within a file that others append to.
    """

    def __init__(self, path: Path, *, delete: bool) -> None:
        if path.exists() and not path.is_file():
            raise MailboxError(
                phrase("{path} is no file", path=path),
                hint=phrase("a single message is read with: ruhrmail bounces - < FILE"),
            )
        self._path, self._delete = path, delete
        self._dropped = False

    def read(self, position: Position) -> Iterator[Found]:
        """As the protocol says. Raises MailboxError."""
        try:
            with self._path.open("r+b" if self._delete else "rb") as file:
                begins_well(file, self._path)
                with locked(file, self._path, writing=False):
                    end = size_of(file)
                if self._delete:
                    yield from self._read_and_empty(file, end)
                else:
                    yield from messages(file, start_of(file, position), end)
        except OSError as error:
            raise unreadable(self._path, error) from error

    def drop(self, found: Found) -> None:
        """As the protocol says: the file is emptied at its end."""
        self._dropped = True

    def settle(self) -> None:
        """Nothing to do: who deletes reads the whole file, whatever the position."""

    def _read_and_empty(self, file: BinaryIO, end: int) -> Iterator[Found]:
        start = 0
        keep: list[tuple[int, int]] = []
        for _ in range(TURNS):
            for found in messages(file, start, end):
                self._dropped = False
                yield found
                if not self._dropped:
                    extend(keep, found.mark)
            with locked(file, self._path, writing=True):
                start, end = end, size_of(file)
                if start == end:
                    self._empty(file, keep)
                    return
        raise MailboxError(
            phrase("{path} was not emptied: mail keeps arriving", path=self._path),
            hint=phrase("run the command again; nothing counts twice"),
        )

    def _empty(self, file: BinaryIO, keep: list[tuple[int, int]]) -> None:
        """Puts what stays into the file beside it, durably, before anything goes."""
        if keep:
            with self._path.with_name(self._path.name + ".kept").open("ab") as kept:
                for start, end in keep:
                    copy(file, start, end, kept)
                kept.flush()
                sync(kept)
        file.truncate(0)
        sync(file)


def messages(file: BinaryIO, start: int, end: int) -> Iterator[Found]:
    """The messages between two places of the file, `start` at a line `From `."""
    file.seek(start)
    before = start
    while before < end:
        content, after = one_message(file, before, end)
        place = str(before)
        position = {"offset": after, "sha256": hash_before(file, after)}
        file.seek(after)
        yield Found(f"byte {place}", position, QUOTED.sub(rb"\1", content), mark=(before, after))
        file.seek(after)
        before = after


def one_message(file: BinaryIO, start: int, end: int) -> tuple[bytes, int]:
    """The first `LIMIT` bytes of the message that begins at `start`, and where the next one begins."""
    content = bytearray()
    at, blank, whole = start, False, True
    while at < end:
        line = file.readline(min(LINE, end - at))
        if not line:
            break
        first = at == start
        if whole and blank and line.startswith(SEPARATOR):
            break
        at += len(line)
        if not first and len(content) < LIMIT:
            content += line[: LIMIT - len(content)]
        blank = whole and line in (b"\n", b"\r\n")
        whole = line.endswith(b"\n")
    return bytes(content), at


def start_of(file: BinaryIO, position: Position) -> int:
    """Where to go on: at the start of a file that is no longer the one that was read."""
    offset = int(position.get("offset", 0))
    if offset > size_of(file) or hash_before(file, offset) != position.get("sha256"):
        return 0
    return offset


def hash_before(file: BinaryIO, offset: int) -> str:
    """What stands before a place, as a hash."""
    start = max(0, offset - BEHIND)
    file.seek(start)
    return sha256(file.read(offset - start)).hexdigest()


def begins_well(file: BinaryIO, path: Path) -> None:
    """Raises MailboxError for a file that is no mbox."""
    if file.read(len(SEPARATOR)) not in (SEPARATOR, b""):
        raise MailboxError(
            phrase("{path} is no mbox: it does not begin with “From ”", path=path),
            hint=phrase("a single message is read with: ruhrmail bounces - < FILE"),
        )


def size_of(file: BinaryIO) -> int:
    """How long the file is now."""
    return file.seek(0, 2)


def extend(ranges: list[tuple[int, int]], new: tuple[int, int]) -> None:
    """Adds a range, joined with the last one where they touch."""
    if ranges and ranges[-1][1] == new[0]:
        ranges[-1] = (ranges[-1][0], new[1])
    else:
        ranges.append(new)


def sync(file: BinaryIO) -> None:
    """Makes what was written durable."""
    os.fsync(file.fileno())


def copy(file: BinaryIO, start: int, end: int, target: BinaryIO) -> None:
    """Copies the bytes between two places."""
    file.seek(start)
    while start < end and (block := file.read(min(LIMIT, end - start))):
        target.write(block)
        start += len(block)
