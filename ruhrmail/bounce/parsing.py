"""Bytes to a message of the standard library, whatever they hold, in bounded time and memory."""

import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser

Mail = Message

MOST_BYTES = 1 << 20
"""What comes after is not read: what happened stands before the copy of our mail."""
MOST_HEADER_BYTES = 1 << 16
MOST_COPY_BYTES, LEAST_COPY_BYTES = 1 << 14, 1 << 10
"""So much of our own mail is enough to see whose it was; only complaints are asked of it."""
MOST_LINE, MOST_FOLDS, MOST_BLANKS = 1000, 50, 50
"""The length of a line, and how many lines one after the other may be folded or blank: nobody writes more (RFC 5322
section 2.1.1), and the parser's time grows with their square."""
MOST_PARTS, MOST_NESTED = 1000, 40
"""Beyond these the parts are not told apart: honest reports have three parts, and three levels."""
ENCLOSED = b"message/rfc822"
COMPLAINT = b"feedback-report"
REPORTS = (b"delivery-status", COMPLAINT)
NO_CHARSETS = ("punycode", "idna", "unicode_escape", "raw_unicode_escape")
"""Codecs of Python that no mail is written in, and that make other words of it."""
HEADER_END = re.compile(rb"\r?\n\r?\n")
PARSER = BytesParser(policy=email.policy.compat32)
HEADER_PARSER = BytesHeaderParser(policy=email.policy.compat32)


def parse(data: bytes) -> Mail:
    """The message; where its parts are too many, too deep or beyond repair, its header with the rest as plain text."""
    data = with_bounded_lines(
        without_copy(with_bounded_header(data[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")))
    )
    if is_tangled(data):
        return header_only(data)
    try:
        return PARSER.parsebytes(data)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError):
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


def without_copy(data: bytes) -> bytes:
    """The bytes without the rest of our own mail, where that comes last."""
    low = data.lower()
    at = low.find(ENCLOSED)
    if at < 0 or any(low.find(report, at) >= 0 for report in REPORTS):
        return data
    return data[: at + (MOST_COPY_BYTES if low.find(COMPLAINT, 0, at) >= 0 else LEAST_COPY_BYTES)]


def with_bounded_lines(data: bytes) -> bytes:
    """The bytes with lines cut, and left out where too many follow each other that are folded or blank."""
    lines = data.split(b"\n")
    kept: list[bytes] = []
    folds = blanks = 0
    for line in lines:
        folds = folds + 1 if line[:1] in (b" ", b"\t") else 0
        blanks = blanks + 1 if line in (b"", b"\r") else 0
        if folds <= MOST_FOLDS and blanks <= MOST_BLANKS:
            kept.append(line[:MOST_LINE])
    return b"\n".join(kept)


def is_tangled(data: bytes) -> bool:
    """Whether there are more parts, or more parts within parts, than any report has."""
    low = data.lower()
    return data.count(b"\n--") > MOST_PARTS or low.count(b"multipart/") + low.count(b"message/") > MOST_NESTED


def header(message: Mail, name: str) -> str:
    """A header's value on one line, decoded (RFC 2047); empty where there is none."""
    return next(headers(message, name), "")


def headers(message: Mail, name: str) -> Iterator[str]:
    """Every value of a header, as above."""
    for other, value in message.raw_items():
        if other.lower() == name.lower():
            yield " ".join(decoded(readable(str(value))).split())


def readable(value: str) -> str:
    """A header as it came, with letters that nobody encoded: in UTF-8, or in what servers used before."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def decoded(value: str) -> str:
    """Encoded words as text; the value as it is where they are wrong."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):
        return value


def own_parts(message: Mail) -> Iterator[Mail]:
    """The message and its parts in order, without those of messages that it encloses."""
    yield message
    if message.get_content_maintype() == "multipart":
        for part in enclosed_in(message):
            yield from own_parts(part)


def text_of(part: Mail) -> str:
    """The text of a part, however it is encoded. One that the parser took apart is put together again."""
    if part.is_multipart():
        return "\n".join(text_of_enclosed(one) for one in enclosed_in(part))
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, MessageError):  # nobody can tell what it was
        return ""
    if not isinstance(raw, bytes):
        return ""
    try:
        text = raw.decode(codec_of(part), "replace")
    except (LookupError, ValueError):  # codecs that are none of texts, or know no replacement
        text = raw.decode("latin-1")
    return text.replace("\0", "")


def enclosed_in(part: Mail) -> list[Mail]:
    """The parts of a part, or the message within it; none for a text."""
    payload = part.get_payload() if part.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def text_of_enclosed(part: Mail) -> str:
    """A message within a part as text, its header first."""
    lines = [f"{name}: {readable(str(value))}" for name, value in part.raw_items()]
    return "\n".join((*lines, "", text_of(part)))


def fields_of(part: Mail) -> str:
    """The text of a part that the parser takes for a message though it holds fields, decoded where it is encoded."""
    text = text_of(part)
    name = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if name not in ("base64", "quoted-printable") or not part.is_multipart():
        return text
    plain = Message()
    plain["Content-Transfer-Encoding"] = name
    plain.set_payload(text.strip())
    return text_of(plain)


def codec_of(part: Mail) -> str:
    """The charset that a part names; one that reads every byte where it is no name, or that of no mail."""
    try:
        name = part.get_content_charset() or "utf-8"
    except (LookupError, ValueError, TypeError):
        return "latin-1"
    return "latin-1" if name in NO_CHARSETS else name


def parameter(message: Mail, name: str) -> str:
    """A parameter of the Content-Type in small letters; empty where there is none that can be read."""
    try:
        value = message.get_param(name, "")
    except (LookupError, ValueError, TypeError):
        return ""
    return value.lower() if isinstance(value, str) else ""
