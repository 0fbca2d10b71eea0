"""Bytes to a message of the standard library, whatever they hold, in bounded time and memory."""

import codecs
import email.policy
import re
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser

Mail = Message

MOST_BYTES = 1 << 20
"""What comes after is not read: what happened stands before the copy of our mail."""
MOST_HEADER_BYTES = 1 << 17
MOST_PARTS, MOST_NESTED = 1000, 40
"""Beyond these the parts are not told apart: honest reports have three parts, and three levels."""
HEADER_END = re.compile(rb"\r?\n\r?\n")
PARSER = BytesParser(policy=email.policy.compat32)
HEADER_PARSER = BytesHeaderParser(policy=email.policy.compat32)


def parse(data: bytes) -> Mail:
    """The message; where its parts are too many, too deep or beyond repair, its header with the rest as plain text."""
    data = with_bounded_header(data[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    if is_tangled(data):
        return header_only(data)
    try:
        return PARSER.parsebytes(data)
    except (MessageError, RecursionError, ValueError, LookupError):
        return header_only(data)


def header_only(data: bytes) -> Mail:
    """The header, and the rest as one text: a report whose parts nobody can tell apart."""
    message = HEADER_PARSER.parsebytes(data)
    for name in ("content-type", "content-transfer-encoding"):
        del message[name]
    return message


def with_bounded_header(data: bytes) -> bytes:
    """The bytes with what is too much of the header left out."""
    end = HEADER_END.search(data)
    at = end.start() if end else len(data)
    return data if at <= MOST_HEADER_BYTES else data[:MOST_HEADER_BYTES] + data[at:]


def is_tangled(data: bytes) -> bool:
    """Whether there are more parts, or more parts within parts, than any report has."""
    low = data.lower()
    return data.count(b"\n--") > MOST_PARTS or low.count(b"multipart/") + low.count(b"message/") > MOST_NESTED


def header(message: Mail, name: str) -> str:
    """A header's value on one line, decoded (RFC 2047); empty where there is none."""
    return next(headers(message, name), "")


def headers(message: Mail, name: str) -> Iterator[str]:
    """Every value of a header, as above."""
    for value in message.get_all(name, []):
        yield " ".join(decoded(str(value)).split())


def decoded(value: str) -> str:
    """Encoded words as text; the value as it is where they are wrong."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def own_parts(message: Mail) -> Iterator[Mail]:
    """The message and its parts in order, without those of messages that it encloses."""
    yield message
    if message.get_content_maintype() == "multipart":
        payload = message.get_payload()
        for part in payload if isinstance(payload, list) else ():
            if isinstance(part, Message):
                yield from own_parts(part)


def text_of(part: Mail) -> str:
    """The text of a part, however it is encoded. One that the parser took apart is put together again."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(text_of_enclosed(one) for one in payload if isinstance(one, Message))
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, MessageError):
        raw = None
    if not isinstance(raw, bytes):
        return str(payload or "")
    return raw.decode(codec_of(part), "replace").replace("\0", "")


def text_of_enclosed(part: Mail) -> str:
    """A message within a part as text, its header first."""
    lines = [f"{name}: {value}" for name, value in part.items()]
    return "\n".join((*lines, "", text_of(part)))


def codec_of(part: Mail) -> str:
    """The charset that a part names, where Python knows it; else one that reads every byte."""
    try:
        name = part.get_content_charset() or "utf-8"
        codecs.lookup(name)
        b"".decode(name)
    except (LookupError, ValueError):
        return "latin-1"
    return name
