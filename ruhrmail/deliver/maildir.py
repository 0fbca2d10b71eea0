"""The relay for `maildir:PATH`: one file per message, written to tmp, then linked into new."""

import asyncio
import os
import tempfile
from pathlib import Path

from ruhrmail.config import Relay
from ruhrmail.deliver.connection import Letter, Listener
from ruhrmail.errors import RelayError
from ruhrmail.files import sync_folder
from ruhrmail.model.mail import Attempt, Message, Outcome, Reply
from ruhrmail.model.phrase import phrase


class MaildirConnection:
    """A Maildir that takes everything; created on the first message. Relative paths count from the current folder."""

    def __init__(self, relay: Relay) -> None:
        self.trouble: RelayError | None = None
        self._carried = 0
        self._name = relay.name
        self._path = Path(relay.path)
        self._listener: Listener | None = None
        self._work: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def carried(self) -> int:
        """How many files it keeps."""
        return self._carried

    @property
    def usable(self) -> bool:
        """False once the folder could not be written."""
        return self.trouble is None and not self._closed

    @property
    def room(self) -> int:
        """One letter at a time."""
        return 1 if self.usable and self.idle else 0

    @property
    def idle(self) -> bool:
        """True when nothing is being written."""
        return self._work is None

    def listen(self, listener: Listener) -> None:
        """Says who is told."""
        self._listener = listener

    def offer(self, letter: Letter) -> None:
        """Writes and syncs the file, and then lets it appear."""
        self._work = asyncio.create_task(self._keep(letter))

    async def _keep(self, letter: Letter) -> None:
        attempt = await asyncio.shield(asyncio.to_thread(self._write, letter.message))
        self._work = None
        self._carried += attempt.outcome is Outcome.SENT
        if self._listener is not None:
            self._listener.done(letter, attempt, "dot")
            if self.trouble is not None:
                self._listener.ended()

    def _write(self, message: Message) -> Attempt:
        """In a thread."""
        try:
            draft = write_draft(self._path, message)
        except OSError as error:
            self.trouble = not_writable(self._path, error)
            return Attempt(Outcome.RETURNED, self._name)
        try:
            return self._publish(draft)
        finally:
            draft.unlink(missing_ok=True)

    def _publish(self, draft: Path) -> Attempt:
        """Links the draft into `new`; a link never overwrites."""
        try:
            (self._path / "new" / draft.name).hardlink_to(draft)
        except OSError as error:
            return Attempt(Outcome.DEFERRED, self._name, text=error.strerror or "not written")
        try:
            sync_folder(self._path / "new")
        except OSError as error:
            return Attempt(Outcome.IN_DOUBT, self._name, text=error.strerror or "not synced")
        return Attempt(Outcome.SENT, self._name, Reply(250, "kept in the Maildir"))

    def release(self) -> None:
        """Nothing is ever held."""

    async def quit(self) -> None:
        """Nothing to say."""
        self.close()

    def close(self) -> list[Letter]:
        """A file that is being written may appear: nothing is returned."""
        self._closed = True
        self._listener = None
        return []


def not_writable(path: Path, error: OSError) -> RelayError:
    """The error for a folder that takes no mail."""
    return RelayError(
        phrase("the Maildir {path} cannot be written: {reason}", path=path, reason=error.strerror),
        hint=phrase("check the folder's permissions and the free space"),
    )


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
