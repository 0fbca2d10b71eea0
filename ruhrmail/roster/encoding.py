"""Which encoding a file of unknown origin has, found in bounded memory."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import TextIOWrapper
from itertools import takewhile
from pathlib import Path

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

CHUNK = 1 << 20
SAMPLE = 4096
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look at all bytes of a file tells: their SHA-256 (hexadecimal) and their encoding."""

    sha256: str
    encoding: str


def scan(path: Path, name: str) -> Scan:
    """Reads the file once. A byte order mark decides, then NULs (UTF-16), then strict UTF-8, else Windows-1252.

    Raises InvalidInput for a file that cannot be read.
    """
    digest, decoder, valid = sha256(), codecs.getincrementaldecoder("utf-8")(), True
    head = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                head = head or chunk[:SAMPLE]
                digest.update(chunk)
                valid = valid and decodes(decoder, chunk)
            valid = valid and decodes(decoder, b"", final=True)
        encoding = by_head(head) or ("utf-8" if valid else by_majority(path))
    except OSError as error:
        raise unreadable(name, error) from error
    return Scan(digest.hexdigest(), encoding)


def decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    """True when the decoder accepts the next bytes."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def by_head(head: bytes) -> str | None:
    """The encoding that a byte order mark or the NULs of UTF-16 give away."""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    if (even + odd) * 4 < len(head) or not head:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def by_majority(path: Path) -> str:
    """UTF-8 where most lines with foreign letters are (then single lines are broken), else Windows-1252."""
    valid = broken = 0
    with path.open("rb") as file:
        for line in lines_with_letters(takewhile(bool, iter(lambda: file.readline(CHUNK), b""))):
            try:
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                broken += 1
    return "utf-8" if valid > broken else "cp1252"


def lines_with_letters(lines: Iterable[bytes]) -> Iterable[bytes]:
    """The lines that hold more than ASCII."""
    return (line for line in lines if not line.isascii())


def open_text(path: Path, name: str, encoding: str) -> TextIOWrapper:
    """The file as text with its own line ends. What cannot be decoded becomes half a surrogate pair, or U+FFFD.

    Raises InvalidInput.
    """
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    try:
        return path.open(encoding=encoding, errors=errors, newline="")
    except OSError as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError) -> InvalidInput:
    """The error for a file that the system does not hand out."""
    message = phrase("the file cannot be read: {reason}", reason=error.strerror or error)
    hint = phrase("check the name and the permissions of the file")
    return InvalidInput([Finding("csv/unreadable", "error", Location(name), message, hint)])
