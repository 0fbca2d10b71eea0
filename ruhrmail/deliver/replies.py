"""Bytes from a server to replies (RFC 5321 section 4.2, RFC 3463)."""

import re

from ruhrmail.model.mail import Reply

MAX_REPLY = 32 * 1024
MAX_TEXT = 500
LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\n]*?))?\r?\n")
SIMPLE = re.compile(rb"[2-5][0-9]{2} [^\n]*\n")
ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|$)")


class Garbled(Exception):
    """What came is no SMTP reply."""


def read_reply(data: bytes | bytearray, start: int = 0) -> tuple[int, list[bytes], int] | None:
    """The first complete reply from `start` on: its code, the texts of its lines, and where it ends.

    None while it is incomplete. Raises Garbled.
    """
    end = data.find(b"\n", start) + 1
    if end and data[start + 3 : start + 4] == b" " and SIMPLE.fullmatch(data, start, end):  # nearly always
        return int(data[start : start + 3]), [bytes(data[start + 4 : end]).rstrip(b"\r\n")], end
    texts: list[bytes] = []
    code, offset = b"", start
    while (end := data.find(b"\n", offset)) >= 0:
        match = LINE.fullmatch(data, offset, end + 1)
        if match is None or (code and match[1] != code):
            raise Garbled
        code, offset = match[1], end + 1
        texts.append(match[3] or b"")
        if match[2] != b"-":
            return int(code), texts, offset
    if len(data) - start > MAX_REPLY:
        raise Garbled
    return None


def make_reply(code: int, texts: list[bytes]) -> Reply:
    """Lines joined with a space, the enhanced code (RFC 3463) taken out, control characters and excess removed."""
    cleaned = [clean(text.decode("utf-8", "replace")) for text in texts]
    first = ENHANCED.match(cleaned[0]) if cleaned else None
    enhanced = first[1] if first else ""
    if enhanced:
        cleaned = [text.removeprefix(enhanced).lstrip() for text in cleaned]
    return Reply(code, " ".join([text for text in cleaned if text])[:MAX_TEXT], enhanced)


def clean(text: str) -> str:
    """One line of a reply without control characters and runs of blanks."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def show_reply(reply: Reply) -> str:
    """`550 5.1.1 no such user`."""
    return " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)
