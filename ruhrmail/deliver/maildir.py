"""The relay for `maildir:PATH`: one file per message, written to tmp, then linked into new."""

import asyncio
import os
import tempfile
from pathlib import Path

from ruhrmail.config import Relay
from ruhrmail.deliver.connection import Intend
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Attempt, Message, Outcome, Reply
from ruhrmail.model.phrase import phrase


class MaildirConnection:
    """A Maildir that takes everything; created on the first message. Relative paths count from the current folder."""

    usable = True

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._path = Path(relay.path)
        self.carried = 0

    async def deliver(self, message: Message, intend: Intend) -> Attempt:
        """Writes and syncs the file, asks for the intent, and only then lets it appear. Raises RelayError."""
        try:
            draft = await asyncio.to_thread(write_draft, self._path, message)
        except OSError as error:
            raise RelayError(
                phrase("the Maildir {path} cannot be written: {reason}", path=self._relay.path, reason=error.strerror),
                hint=phrase("check the folder's permissions and the free space"),
            ) from error
        try:
            answer = await intend()
            if answer is not Intent.GRANTED:
                return self._attempt(Outcome.SUPPRESSED if answer is Intent.SUPPRESSED else Outcome.RETURNED)
            return await asyncio.shield(asyncio.to_thread(self._publish, draft))
        finally:
            draft.unlink(missing_ok=True)

    def _publish(self, draft: Path) -> Attempt:
        """Links the draft into `new`; a link never overwrites."""
        try:
            (self._path / "new" / draft.name).hardlink_to(draft)
        except OSError as error:
            return Attempt(Outcome.DEFERRED, self._relay.name, text=error.strerror or "not written")
        try:
            sync_folder(self._path / "new")
        except OSError as error:
            return Attempt(Outcome.IN_DOUBT, self._relay.name, text=error.strerror or "not synced")
        self.carried += 1
        return self._attempt(Outcome.SENT, Reply(250, "kept in the Maildir"))

    def _attempt(self, outcome: Outcome, reply: Reply | None = None) -> Attempt:
        return Attempt(outcome, self._relay.name, reply)

    async def quit(self) -> None:
        """Nothing to say."""

    def close(self) -> None:
        """Nothing to close."""


def write_draft(path: Path, message: Message) -> Path:
    """A message with its envelope in two headers (RFC 5321 section 4.4) as a synced file below `tmp`."""
    for folder in ("tmp", "new", "cur"):
        (path / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    envelope = message.envelope
    head = f"Return-Path: <{envelope.sender}>\nDelivered-To: {envelope.recipient}\n".encode()
    handle, name = tempfile.mkstemp(suffix=".ruhrmail", prefix="", dir=path / "tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(head + message.content.replace(b"\r\n", b"\n"))
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def sync_folder(path: Path) -> None:
    """Makes a new name in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
