"""Addresses as editors write them, although Markdown puts them into ASCII and takes its own signs away."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

import idna

WRITTEN = re.compile(r"(?<=<)[^<>\n]+(?=>)|(?:https?:|mailto:|tel:|www\.)[^\s<>\"]+", re.IGNORECASE)
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
AROUND = re.compile(r"[).,;:!?'*_]")
"""Signs that may end an address or what stands behind it."""
HOST = re.compile(r"(?<=[/@.])xn--[a-z0-9-]+(?=[.:/?#]|$)", re.IGNORECASE)


def find_address(text: str, url: str) -> tuple[int, str] | None:
    """Where a text writes an address of the finished mail, and how; None where it does not."""
    wanted = spell(url)
    for match in WRITTEN.finditer(text):
        for written in beginnings(match[0]):
            if spell(written) == wanted:
                return match.start(), written
    return None


def beginnings(text: str) -> Iterator[str]:
    """The whole, and what stands before each sign that may not belong to it, the longest first."""
    yield text
    for match in reversed(list(AROUND.finditer(text))):
        yield text[: match.start()]


def spell(url: str) -> str:
    """An address without what two spellings may differ in: escapes of Markdown, HTML, hosts and paths."""
    plain = unquote(unescape(ESCAPE.sub(r"\1", url)))
    return HOST.sub(in_letters, plain)


def in_letters(match: re.Match[str]) -> str:
    """A part of a host in its own letters."""
    try:
        return idna.decode(match[0])
    except idna.IDNAError:
        return match[0]
