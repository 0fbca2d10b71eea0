"""What the preview is handed, and what its pages look into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ruhrmail.flows.machine import Machine
from ruhrmail.flows.proof import Proofs
from ruhrmail.flows.readers import Readers
from ruhrmail.i18n import Translator


class Kept(Protocol):
    """A message in the local inbox, as the inbox tells it."""

    @property
    def recipient(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def file(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Inbox:
    """The local inbox: its Maildir, how to list so many of its latest (oldest first; raises RuhrmailError), and where
    it listens.

    `address` is None where the inbox is another process, or none runs.
    """

    folder: Path
    list: Callable[[int], Sequence[Kept]]
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One preview: the project's proofs, readers, inbox, and the language that it speaks.

    `opening` is the issue that the first window shows, None for the latest.
    """

    proofs: Proofs
    readers: Readers
    inbox: Inbox
    words: Translator
    machine: Machine
    opening: str | None = None

    @property
    def project(self) -> Path:
        """The newsletter's folder."""
        return self.proofs.project
