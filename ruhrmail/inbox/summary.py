"""A message to the one line that people see of it."""

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

HEAD = 64 * 1024
"""How much of a message is looked at, in bytes."""
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Summary:
    """Printable text throughout. `recipient` names all of them, `sender` is empty for a bounce; `size` in bytes."""

    recipient: str
    sender: str
    subject: str
    size: int
    file: Path


def summarize(head: bytes, size: int, file: Path) -> Summary:
    """What the first bytes of a kept message say; whatever is broken in it stays visible as it is."""
    text = head.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0].decode("utf-8", "replace")
    headers = HeaderParser().parsestr(text, headersonly=True)
    recipients = all_of(headers, "Delivered-To") or all_of(headers, "To")
    sender = first_of(headers, "Return-Path", "From")
    return Summary(
        recipient=printable(", ".join(recipients))[:LONGEST],
        sender=printable(sender).removeprefix("<").removesuffix(">")[:LONGEST],
        subject=printable(decode_words(first_of(headers, "Subject")))[:LONGEST],
        size=size,
        file=file,
    )


def all_of(headers: Message, name: str) -> list[str]:
    """Every value of a header."""
    return [str(value) for value in headers.get_all(name, [])]


def first_of(headers: Message, *names: str) -> str:
    """The first header there is, empty when there is none."""
    return next((str(headers[name]) for name in names if name in headers), "")


def decode_words(text: str) -> str:
    """Encoded words (RFC 2047) to text; what cannot be decoded stays."""
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(part if isinstance(part, str) else decode(part, charset) for part, charset in parts)


def decode(part: bytes, charset: str | None) -> str:
    """Bytes in a charset that may not exist; without one it is what `decode_header` makes of plain text."""
    try:
        return part.decode(charset or "raw-unicode-escape", "replace")
    except (LookupError, ValueError):
        return part.decode("utf-8", "replace")


def printable(text: str) -> str:
    """One line without control characters and writing directions: mail must not steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
