"""What every mailbox gives: a message, and the position behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ruhrmail.model.phrase import Phrase

LIMIT = 1024 * 1024
"""Bytes of a message that are read; what returned mail says stands in front, behind it lies what was returned."""
Position = Mapping[str, Any]
"""How far a mailbox was read, as JSON holds it; empty: nothing yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message of a mailbox.

    `place` names it in messages, `position` is where to go on behind it. `content` holds its first `LIMIT` bytes, None
    where it could not be read; `trouble` then says why. `mark` is the mailbox's own.
    """

    place: str
    position: Position
    content: bytes | None
    trouble: Phrase | None = None
    mark: Any = field(default=None, repr=False)


class Reader(Protocol):
    """An open mailbox."""

    def read(self, position: Position) -> Iterator[Found]:
        """The messages behind a position, in an order in which it can be gone on with. Raises MailboxError."""
        ...

    def drop(self, found: Found) -> None:
        """Deletes the message that `read` gave last: what it meant is durable. It may linger until `settle`.

        Does nothing unless the mailbox was opened to delete. Raises MailboxError.
        """
        ...

    def settle(self) -> None:
        """Carries out what `drop` left; only then a position may be kept. Raises MailboxError."""
        ...
