"""Where mail lies that we read: `imaps://user@host/FOLDER`, a Maildir, an mbox, or standard input."""

import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AfterValidator, Field

from ruhrmail.config.addresses import Address
from ruhrmail.config.delivery import Duration, read_relay_name
from ruhrmail.config.relays import is_loopback
from ruhrmail.model.written import Line, Written, wrong

Security = Literal["tls", "starttls", "plain"]
SCHEMES: dict[str, tuple[Security, int]] = {
    "imaps": ("tls", 993), "imap+starttls": ("starttls", 143), "imap": ("starttls", 143),
}  # fmt: skip
STANDARD_INPUT = "-"
EXAMPLE = "such as imaps://bounces@mail.example/INBOX"
INBOX = "INBOX"
EVERY = 300.0
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Imap:
    """A folder on an IMAP server. `token` is an OAuth 2 access token that logs in instead of the password (XOAUTH2).

    Without encryption (`plain`) a login goes to this machine only. `variable` is where the password is read from.
    """

    host: str
    port: int
    security: Security
    user: str
    folder: str = INBOX
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    variable: str = ""

    @property
    def shown(self) -> str:
        """Its address as messages have it: without a user."""
        scheme = "imaps" if self.security == "tls" else "imap"
        return f"{scheme}://{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where returned mail lies: a folder or file at `path`, or a folder on a server; neither of both: it comes by
    standard input, one message for each call.

    `name` is how messages and records call it. The web service looks every `every` seconds; `delete`: what was
    understood is deleted.
    """

    name: str
    path: Path | None = None
    imap: Imap | None = None
    every: float = EVERY
    delete: bool = False

    @property
    def key(self) -> str:
        """What its position is kept under: the place, told apart by user, but without user and password."""
        if self.imap is None:
            return str(self.path) if self.path else STANDARD_INPUT
        return f"{self.imap.shown}#{sha256(self.imap.user.encode()).hexdigest()[:12]}"


def read_mailbox_address(text: str) -> str:
    """Checks the address of a mailbox that stands in ruhrmail.yaml: no secrets there."""
    parse_mailbox(text, Path())
    return text


def read_imap_address(text: str) -> str:
    """The same for a mailbox that can only be a folder on a server."""
    if parse_mailbox(text, Path()).imap is None:
        raise broken("the address does not begin with imaps://, imap+starttls:// or imap://")
    return text


def parse_mailbox(text: str, project: Path, name: str = "") -> Mailbox:
    """The mailbox of an address or path; relative paths count from `project`. Raises a validation error."""
    if text == STANDARD_INPUT:
        return Mailbox(name or STANDARD_INPUT)
    if "://" in text:
        imap = parse_imap(text)
        return Mailbox(name or imap.shown, imap=imap)
    if CONTROL.search(text):
        raise broken("a control character stands in the address")
    return Mailbox(name or text, path=Path(os.path.normpath(project / Path(text).expanduser())))


def parse_imap(text: str) -> Imap:
    """`imaps://user@host:993/FOLDER`; the folder is INBOX where none is named, its letters may be percent-encoded.

    `imap` and `imap+starttls` are encrypted after the greeting (STARTTLS); on this machine `imap` is not.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise broken("the address names no host, or no port from 1 to 65535") from None
    if parts.scheme not in SCHEMES:
        raise broken("the address does not begin with imaps://, imap+starttls:// or imap://")
    security, usual = SCHEMES[parts.scheme]
    if not host or port == 0:
        raise broken("the address names no host, or no port from 1 to 65535")
    if parts.scheme == "imap" and is_loopback(host):
        security = "plain"
    user, folder = names_in(parts)
    return Imap(host, port or usual, security, user, folder or INBOX)


def names_in(parts: SplitResult) -> tuple[str, str]:
    """User and folder of an address. Raises a validation error, for a password too."""
    if parts.password:
        raise wrong(
            "config/secret",
            "a password stands in the address of a mailbox",
            "take it out, change it, and put it into the environment: RUHRMAIL_BOUNCES_PASSWORD",
        )
    user, folder = unquote(parts.username or ""), unquote(parts.path.strip("/"))
    if not user:
        raise broken("the address names no user")
    if CONTROL.search(user + folder) or parts.query or parts.fragment:
        raise broken("a control character or an option stands in the address")
    return user, folder


def broken(what: str) -> Exception:
    """A mailbox that cannot be read."""
    return wrong("config/mailbox", what, EXAMPLE)


def read_mailbox_name(text: str) -> str:
    """What a mailbox is called: its password stands in a variable of that name."""
    return read_relay_name(text)


MailboxName = Annotated[str, AfterValidator(read_mailbox_name)]


class MailboxSettings(Written):
    """Where returned mail lies."""

    source: Annotated[Line, AfterValidator(read_mailbox_address)]
    name: MailboxName | None = None
    every: Annotated[Duration, Field(ge=1)] = EVERY
    delete: bool = False


class SeedSettings(Written):
    """A mailbox of ours at a provider, to see where our mail arrives."""

    address: Address
    imap: Annotated[Line, AfterValidator(read_imap_address)]
    name: MailboxName | None = None
