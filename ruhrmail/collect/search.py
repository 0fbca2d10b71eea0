"""A mail in the folders of an IMAP account, by its Message-ID: which folder, and what stands on top of it."""

import base64
import imaplib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruhrmail.collect.authentication import Authentication, authentications_in
from ruhrmail.collect.found import LIMIT
from ruhrmail.collect.imap_client import asked, folder_name, logged_in
from ruhrmail.config import Imap

FOLDER = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (?P<name>.+)', re.DOTALL)
JUNK = re.compile(r"junk|spam|bulk|unerwünscht|unbekannt", re.IGNORECASE)
"""Folders for what a provider distrusts, where it does not mark them (RFC 6154); GMX and WEB.DE keep unknown senders
apart, in "Unbekannt"."""
SKIPPED = (rb"\Noselect", rb"\NonExistent", rb"\Drafts", rb"\Sent", rb"\All")
MOST = 50


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: as commands have it, as people read it, and whether it is for spam."""

    command: str
    name: str
    junk: bool


@dataclass(frozen=True, slots=True)
class Located:
    """Where a mail arrived, and what the provider found out about it."""

    folder: str
    junk: bool
    authentications: tuple[Authentication, ...]


def wait_for_mail(
    imap: Imap, message_id: str, until: float, pause: float, sleep: Callable[[float], None] = time.sleep
) -> Located | None:
    """Looks for a mail until `time.monotonic()` is there; None when it did not come. Raises MailboxError."""
    with logged_in(imap) as client:
        while True:
            found = next(search(imap, client, message_id), None)
            if found is not None or time.monotonic() + pause > until:
                return found
            sleep(pause)


def search(imap: Imap, client: imaplib.IMAP4, message_id: str) -> Iterator[Located]:
    """The mail in every folder that has it."""
    for folder in folders_of(imap, client):
        if asked(imap, lambda name=folder.command: client.select(name, readonly=True))[0] != "OK":  # type: ignore[misc]
            continue
        status, data = asked(imap, lambda: client.search(None, "HEADER", "Message-ID", f'"{message_id}"'))
        numbers = data[0].split() if status == "OK" and data[0] else []
        if numbers:
            yield Located(folder.name, folder.junk, authentications_in(headers_of(imap, client, numbers[-1].decode())))


def headers_of(imap: Imap, client: imaplib.IMAP4, number: str) -> bytes:
    """The header fields of a message, as far as they matter."""
    _, data = asked(imap, lambda: client.fetch(number, f"(BODY.PEEK[HEADER]<0.{LIMIT // 8}>)"))
    return next((bytes(one[1]) for one in data if isinstance(one, tuple)), b"")


def folders_of(imap: Imap, client: imaplib.IMAP4) -> list[Folder]:
    """The folders that mail may arrive in, the inbox first."""
    inbox = Folder(folder_name(imap.folder), imap.folder, junk=False)
    _, data = asked(imap, client.list)
    others = [folder for one in data if one and (folder := read_folder(one)) and folder.name != inbox.name]
    return [inbox, *sorted(others, key=lambda one: not one.junk)][:MOST]


def read_folder(line: bytes | tuple[bytes, bytes]) -> Folder | None:
    """A line of LIST (RFC 3501 section 7.2.2); None for a folder that no mail arrives in."""
    literal = line[1] if isinstance(line, tuple) else None
    match = FOLDER.fullmatch(line[0] if isinstance(line, tuple) else line)
    if match is None or any(flag.lower() in match["flags"].lower() for flag in SKIPPED):
        return None
    raw = literal if literal is not None else match["name"]
    if raw.startswith(b'"') and literal is None:
        raw = re.sub(rb"\\(.)", rb"\1", raw.strip()[1:-1])
    name = read_name(raw)
    return Folder(folder_name(name), name, rb"\junk" in match["flags"].lower() or bool(JUNK.search(name)))


def read_name(raw: bytes) -> str:
    """A folder's name out of modified UTF-7 (RFC 3501 section 5.1.3)."""

    def letters(match: re.Match[str]) -> str:
        code = match[1].replace(",", "/")
        return base64.b64decode(code + "=" * (-len(code) % 4)).decode("utf-16-be", "replace") if code else "&"

    return re.sub(r"&([A-Za-z0-9+,]*)-", letters, raw.decode("ascii", "replace"))
