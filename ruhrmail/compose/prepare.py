"""Edition to PreparedMessage: a whole message encoded once, cut where recipients differ."""

import base64
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from itertools import groupby, pairwise

from ruhrmail.compose.headers import attach, encode_mailbox, encode_phrase, encode_unstructured
from ruhrmail.compose.quoted import encode_text
from ruhrmail.compose.values import clean, fill_subject
from ruhrmail.model.edition import Asset, Edition
from ruhrmail.model.mail import PreparedMessage, Slot
from ruhrmail.model.merge import MergeField, MergeText, Place
from ruhrmail.tokens import UNSUBSCRIBE_PREFIX

LETTERS = {ord(letter): pair for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))}
LABEL = re.compile("[^a-z0-9]+")
DATED = re.compile(rb"Date: [^\r]*\r\nMessage-ID: \Z")
Part = str | Slot


@dataclass(frozen=True, slots=True)
class Headers:
    """What a mailing's headers say besides the edition.

    `date` is aware: when the mailing was prepared. `url` is where the web service is reachable, without a slash at its
    end. `list_domain` is the namespace of the List-ID (RFC 2919), such as `newsletter.example`.
    `unsubscribe_domain` takes mails that ask to be unsubscribed; empty where nobody reads them.
    """

    sender_name: str
    sender_address: str
    list_name: str
    list_domain: str
    url: str
    date: datetime
    reply_to: str | None = None
    unsubscribe_domain: str = ""


def prepare(edition: Edition, headers: Headers) -> PreparedMessage:
    """The message of one edition (multipart/alternative, quoted-printable), ready to be merged.

    Nothing but the arguments goes into it: the same edition and headers give the same bytes. Raises RuhrmailError
    for an address that no header can hold.
    """
    text = list(body(edition.text, "text"))
    html = list(body(edition.html, "html"))
    boundary = name_boundary([*text, *html])
    parts: list[Part] = [
        *top(edition, headers),
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n',
        f"--{boundary}\r\n{part_headers('plain')}",
        *text,
        f"\r\n--{boundary}\r\n",
        *(related(html, edition.assets, f"{boundary}r") if edition.embedded else (part_headers("html"), *html)),
        f"\r\n--{boundary}--\r\n",
    ]
    return PreparedMessage(tuple(join_literals(parts)), edition.language)


def top(edition: Edition, headers: Headers) -> Iterator[Part]:
    """The headers of the message (RFC 5322, RFC 2369, RFC 2919, RFC 8058) without its Content-Type."""
    yield encode_mailbox("From", clean(headers.sender_name), headers.sender_address) + "\r\n"
    yield Slot("to")
    if headers.reply_to:
        yield encode_mailbox("Reply-To", "", headers.reply_to) + "\r\n"
    if any(isinstance(part, MergeField) for part in edition.subject):
        yield Slot("subject", edition.subject)
    else:
        yield encode_unstructured("Subject", fill_subject(edition.subject, None, edition.language)) + "\r\n"
    yield f"Date: {format_datetime(headers.date)}\r\nMessage-ID: "
    yield Slot("message-id")
    yield "\r\nMIME-Version: 1.0\r\n"
    # Not folded, though longer than 78: an address on a line of its own is what careless readers of headers miss.
    yield f"List-Unsubscribe: <{headers.url}/u/"
    yield Slot("unsubscribe-token")
    if headers.unsubscribe_domain:
        yield f">, <mailto:{UNSUBSCRIBE_PREFIX}"
        yield Slot("unsubscribe-return")
        yield f"@{headers.unsubscribe_domain}?subject=unsubscribe"
    yield ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    yield list_id(headers.list_name, headers.list_domain) + "\r\n"
    yield f"Content-Language: {edition.language}\r\n"


def redate(message: PreparedMessage, date: datetime) -> PreparedMessage:
    """The same message with another Date header (aware): what was prepared days ahead is of the day it leaves."""
    line = f"Date: {format_datetime(date)}\r\nMessage-ID: ".encode("ascii")
    parts = (
        DATED.sub(line, part) if isinstance(part, bytes) and following == Slot("message-id") else part
        for part, following in zip(message.parts, (*message.parts[1:], None), strict=True)
    )
    return replace(message, parts=tuple(parts))


def list_id(name: str, domain: str) -> str:
    """`List-ID: Ruhrblick <ruhrblick.newsletter.example>` (RFC 2919)."""
    plain = unicodedata.normalize("NFC", name).lower().translate(LETTERS)
    label = LABEL.sub("-", unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()).strip("-")
    return attach(encode_phrase("List-ID", clean(name)), f"<{label or 'newsletter'}.{domain}>")


def part_headers(subtype: str) -> str:
    """The headers of one alternative."""
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


def related(html: Sequence[Part], assets: Sequence[Asset], boundary: str) -> Iterator[Part]:
    """The HTML with the pictures it shows (multipart/related, RFC 2387), each named by its Content-ID (RFC 2392)."""
    shown = "".join(part for part in html if isinstance(part, str)).replace("=\r\n", "")
    yield f'Content-Type: multipart/related; type="text/html";\r\n boundary="{boundary}"\r\n\r\n'
    yield f"--{boundary}\r\n{part_headers('html')}"
    yield from html
    for asset in assets:
        if f"cid:{asset.content_id}" in shown:
            yield f"\r\n--{boundary}\r\n{picture_headers(asset)}"
            yield base64.encodebytes(asset.content).decode("ascii").replace("\n", "\r\n")
    yield f"\r\n--{boundary}--\r\n"


def picture_headers(asset: Asset) -> str:
    """The headers of a picture inside the mail."""
    return (
        f'Content-Type: {asset.media_type}; name="{asset.name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-ID: <{asset.content_id}>\r\nContent-Disposition: inline; filename="{asset.name}"\r\n\r\n'
    )


def body(text: MergeText, place: Place) -> Iterator[Part]:
    """A body as encoded literals and slots; it ends with a line break, as every line does."""
    pieces = tuple(join_strings(text))
    last = pieces[-1] if pieces else ""
    if not isinstance(last, str) or not last.endswith("\n"):
        pieces = tuple(join_strings((*pieces, "\n")))
    for piece, following in pairwise((*pieces, None)):
        if isinstance(piece, str):
            yield encode_text(piece, following is not None)
        elif piece is not None:
            yield Slot("url" if piece.place == "url" else place, (piece,))


def join_strings(text: Sequence[str | MergeField]) -> Iterator[str | MergeField]:
    """The same text with every run of strings joined to one."""
    for literal, run in groupby(text, key=lambda part: isinstance(part, str)):
        if literal:
            yield "".join(str(part) for part in run)
        else:
            yield from run


def join_literals(parts: Sequence[Part]) -> Iterator[bytes | Slot]:
    """The parts with every run of literals joined to ASCII bytes."""
    for literal, run in groupby(parts, key=lambda part: isinstance(part, str)):
        if literal:
            yield "".join(str(part) for part in run).encode("ascii")
        else:
            yield from (part for part in run if isinstance(part, Slot))


def name_boundary(parts: Sequence[Part]) -> str:
    """A boundary made from the content; `=_` never occurs in quoted-printable (RFC 2045 section 6.7)."""
    return f"=_{sha256(repr(parts).encode()).hexdigest()[:32]}"
