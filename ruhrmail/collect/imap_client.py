"""An IMAP server (RFC 3501) to a folder that is open: connected, encrypted, logged in, selected.

The standard library speaks the protocol; its errors become MailboxError, or MailboxLost where it is worth another try.
"""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from ruhrmail.collect.found import LIMIT
from ruhrmail.config import Imap
from ruhrmail.errors import MailboxError, MailboxLost
from ruhrmail.model.phrase import Phrase, phrase

TIMEOUT = 60.0
"""Seconds for a connection, and for each answer."""
MOST_ANSWERED, LONGEST = 8 * LIMIT, 600.0
"""Bytes and seconds of everything that answers one command: what we ask for at once is much less."""
LINE_COST = 200
"""What a line costs besides its bytes: time and memory go with the number of lines."""
T = TypeVar("T")


class Bounds(imaplib.IMAP4):
    """A client that no server can fill the memory of, or keep for ever with answers that do not end."""

    _left = MOST_ANSWERED
    _since: float | None = None

    def send(self, data: Any) -> None:
        self._left, self._since = MOST_ANSWERED, time.monotonic()
        super().send(data)

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line) + LINE_COST)
        return line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("the server sends more than it was asked for")
        if self._since is not None and time.monotonic() - self._since > LONGEST:
            raise self.abort("the server's answer does not end")


class Bounded(Bounds):
    """The same without TLS from the first byte."""


class BoundedTls(Bounds, imaplib.IMAP4_SSL):
    """The same with it."""


@contextmanager
def logged_in(imap: Imap) -> Iterator[imaplib.IMAP4]:
    """A client on the server while the block runs. Raises MailboxError; nothing of a password is in it."""
    if not (imap.password or imap.token):
        raise MailboxError(
            phrase("no password is known for {mailbox}", mailbox=imap.shown),
            hint=phrase("put it into the environment: {name}", name=imap.variable),
        )
    client = asked(imap, lambda: connect(imap))
    try:
        log_in(imap, client)
        # Servers tell what they can do once they know whom they serve; the library asks only before.
        client.capabilities = tuple(b" ".join(client.capability()[1]).decode("ascii", "replace").upper().split())
        yield client
    except (OSError, imaplib.IMAP4.error) as error:
        raise lost(imap, error) from error
    except MailboxLost:
        client.shutdown()  # who does not keep to the protocol is not asked to end it
        raise
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def connect(imap: Imap) -> imaplib.IMAP4:
    """A client that is encrypted as the settings want. Raises OSError, imaplib.IMAP4.error."""
    if imap.security == "tls":
        return BoundedTls(imap.host, imap.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    client = Bounded(imap.host, imap.port, timeout=TIMEOUT)
    if imap.security == "starttls":
        try:
            client.starttls(ssl.create_default_context())
        except BaseException:
            client.shutdown()
            raise
    return client


def log_in(imap: Imap, client: imaplib.IMAP4) -> None:
    """Logs in with token or password (RFC 4616 where that is not ASCII). Raises MailboxError."""
    user, password = imap.user, imap.password
    try:
        if imap.token:
            client.authenticate("XOAUTH2", lambda _: f"user={user}\1auth=Bearer {imap.token}\1\1".encode())
        elif (user + password).isascii() and not re.search(r"[\x00-\x1f\x7f]", password):
            client.login(user, password)
        else:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxError(
            phrase("{mailbox} refuses the login: {reason}", mailbox=imap.shown, reason=masked(imap, said(error))),
            hint=phrase("check the user, and the password in {name}", name=imap.variable),
        ) from None  # the cause may hold the command


def select(imap: Imap, client: imaplib.IMAP4, *, writing: bool) -> tuple[int, int]:
    """Opens the folder, for writing or only to look; returns how many messages it holds, and its UIDVALIDITY (0: none).

    Raises MailboxError where there is no such folder, MailboxLost.
    """
    status, data = asked(imap, lambda: client.select(folder_name(imap.folder), readonly=not writing))
    if status != "OK":
        raise MailboxError(
            phrase("{mailbox} cannot be opened: {reason}", mailbox=imap.shown, reason=said(data)),
            hint=phrase("check the folder's name and who may read it"),
        )
    (validity,) = client.response("UIDVALIDITY")[1][:1] or (None,)
    return int(data[0] or 0), int(validity or 0)


def asked(imap: Imap, ask: Callable[[], T]) -> T:
    """What a command gives; errors of network and protocol become ours."""
    try:
        return ask()
    except (OSError, imaplib.IMAP4.error) as error:
        raise lost(imap, error) from error


def lost(imap: Imap, error: object) -> MailboxError:
    """The error for a server that cannot be reached, or went away."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxError(
            phrase("the certificate of {mailbox} is not trusted: {reason}", mailbox=imap.shown,
                   reason=error.verify_message),
            hint=phrase("use the name in the certificate; SSL_CERT_FILE names further authorities"),
        )  # fmt: skip
    return MailboxLost(
        phrase("the connection to {mailbox} failed: {reason}", mailbox=imap.shown, reason=said(error)),
        hint=phrase("check server, port and encryption, and run the command again: it goes on where it stopped"),
    )


def said(answer: Any) -> str | Phrase:
    """What a server or the system said, as text of at most 200 characters."""
    if isinstance(answer, TimeoutError):
        return phrase("no answer in time")
    if isinstance(answer, OSError) and answer.strerror:
        return answer.strerror
    raw = answer.args[0] if isinstance(answer, Exception) and answer.args else answer
    raw = raw[0] if isinstance(raw, list) and raw else raw
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    return text[:200]


def masked(imap: Imap, text: str | Phrase) -> str | Phrase:
    """What a server said, without the secret that it may repeat."""
    secret = imap.token or imap.password
    return text.replace(secret, "***") if isinstance(text, str) and secret else text


def folder_name(name: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501 section 5.1.3), in quotation marks."""

    def shift(match: re.Match[str]) -> str:
        return "&" + base64.b64encode(match[0].encode("utf-16-be"), b"+,").decode().rstrip("=") + "-"

    text = re.sub(r"[^\x20-\x7e]+", shift, name.replace("&", "&-"))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
