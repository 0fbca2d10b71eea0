"""A message as it lies somewhere to what a reader sees of it: headers, both parts, the way out."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser

CID = re.compile(r"cid:([^\"'\s>)]+)")
HTTPS = re.compile(r"<\s*(https?://[^<>\s]+)\s*>")
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
STUMBLES = (LookupError, ValueError, AttributeError, TypeError, AssertionError, RecursionError, MessageError)
"""What the library's parser raises over broken or deeply nested mail."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says. `html` and `text` are empty where it has no such part; `html` carries the pictures that the
    message carried; `unsubscribe` is the web address of the way out (RFC 2369), None without one."""

    headers: Sequence[tuple[str, str]]
    subject: str
    html: str
    text: str
    unsubscribe: str | None = None


def read_letter(content: bytes) -> Letter:
    """The parts of a message; what is broken in it is shown as well as can be."""
    try:
        return read_parts(content)
    except STUMBLES:
        return read_plainly(content)


def read_plainly(content: bytes) -> Letter:
    """A message whose parts cannot be told apart: its headers, and all that follows them as text."""
    parsed = BytesParser(policy=policy.compat32).parsebytes(content, headersonly=True)
    headers = [(name, " ".join(str(value).split())) for name, value in parsed.raw_items()]
    end = END_OF_HEADERS.search(content)
    subject = next((value for name, value in headers if name.lower() == "subject"), "")
    return Letter(headers, subject, "", content[end.end() if end else 0 :].decode("utf-8", "replace"))


def read_parts(content: bytes) -> Letter:
    """The parts of a message. Raises one of STUMBLES where they cannot be told apart."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    html, text = (text_of(message.get_body((kind,))) for kind in ("html", "plain"))
    headers = [(name, header_text(message, name, value)) for name, value in message.raw_items()]
    link = HTTPS.search(str(message["List-Unsubscribe"] or ""))
    subject = next((value for name, value in headers if name.lower() == "subject"), "")
    return Letter(headers, subject, show_pictures(html, message), text, link[1] if link else None)


def header_text(message: EmailMessage, name: str, value: object) -> str:
    """A header as people read it; one that cannot be decoded as it stands."""
    try:
        return str(message.policy.header_fetch_parse(name, str(value)))
    except STUMBLES:
        return " ".join(str(value).split())


def text_of(part: "MIMEPart | None") -> str:
    """The text of a part; empty where there is none or its charset does not exist."""
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except STUMBLES:
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def show_pictures(html: str, message: EmailMessage) -> str:
    """The HTML with the pictures that the message carries in the place of their names (RFC 2392)."""
    if "cid:" not in html:
        return html
    found = {
        str(part["Content-ID"]).strip(" <>"): f"data:{part.get_content_type()};base64,{b64encode(payload).decode()}"
        for part in message.walk()
        if part["Content-ID"] and isinstance(payload := part.get_payload(decode=True), bytes)
    }
    return CID.sub(lambda match: found.get(match[1], match[0]), html)
