"""YAML text to a Document, without resolving any scalar and within bounds.

Built from the C parser's events, so that depth, size and aliases are bounded before anything is built, and every
key and value keeps its place. Refused: duplicate keys, merge keys, tags, recursion, several documents, other
encodings than UTF-8, and characters that no mail may hold.
"""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from ruhrmail.errors import InvalidInput
from ruhrmail.files import read_beginning
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.build import Builder, Refused
from ruhrmail.source.document import Document, place_in
from ruhrmail.source.mistakes import explain

MAX_BYTES = 1_000_000
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, noncharacters, bidirectional overrides and halves of surrogate pairs."""
LINE_END = re.compile(r"\r\n|\n|\r")
SEPARATORS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")
"""Line ends of YAML 1.1 that come along from word processors. No editor counts them, so they are spaces here."""


def load_document(path: Path, name: str) -> Document:
    """Reads the YAML file at `path`, called `name` in messages. Raises InvalidInput with all that is wrong."""
    try:
        raw = read_beginning(path, MAX_BYTES + 1)
    except OSError as error:
        raise refusal("yaml/unreadable", Location(name), *unreadable(error)) from error
    return parse_document(decode(raw, name), path, name)


def unreadable(error: OSError) -> tuple[Phrase, Phrase]:
    """Message and hint for a file that the system does not hand out."""
    return phrase("the file cannot be read: {reason}", reason=error.strerror or error), phrase(
        "check the name and the permissions of the file"
    )


def decode(raw: bytes, name: str) -> str:
    """The text of a UTF-8 file, with or without a byte order mark. Raises InvalidInput."""
    if len(raw) > MAX_BYTES:
        raise refusal(
            "yaml/too-large",
            Location(name),
            phrase("the file is larger than 1 MB"),
            phrase("split it, and keep pictures as files beside it"),
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (raw[:2].count(0) == 1 and len(raw) > 1):
        raise refusal("yaml/encoding", Location(name), phrase("the file is UTF-16"), SAVE_AS_UTF8)
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = LINE_END.split(raw[: error.start].decode("utf-8"))
        lines = LINE_END.split(raw.decode("utf-8", "replace"))
        at = place_in(name, lines, len(before) - 1, len(before[-1]))
        raise refusal("yaml/encoding", at, phrase("the file is not UTF-8"), SAVE_AS_UTF8) from error


SAVE_AS_UTF8 = phrase("save the file as UTF-8")


def parse_document(text: str, path: Path, name: str) -> Document:
    """Parses YAML text. Raises InvalidInput with file, line and column of what cannot be read."""
    text = text.translate(SEPARATORS)
    lines = LINE_END.split(text)
    refuse_characters(text, lines, name)
    builder = Builder()
    try:
        data = builder.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except Refused as error:
        raise InvalidInput([finding_of(item, lines, name) for item in error.items]) from None
    except yaml.MarkedYAMLError as error:
        place, message, hint = explain(error, text, lines)
        raise refusal("yaml/syntax", place_in(name, lines, *place), message, hint) from error
    except yaml.YAMLError as error:
        raise refusal("yaml/syntax", Location(name), phrase("the file is not YAML: {reason}", reason=error)) from error
    if data is None:
        raise refusal(
            "yaml/empty",
            Location(name),
            phrase("the file is empty"),
            phrase("copy an existing file, or make one with `ruhrmail new`"),
        )
    document = Document(name, path, lines, data, builder.marks)
    refuse_escapes(document)
    return document


def refusal(rule: str, at: Location, message: Phrase, hint: Phrase | None = None) -> InvalidInput:
    """The error for a single reason."""
    return InvalidInput([Finding(rule, "error", at, message, hint)])


def finding_of(item: tuple[str, tuple[int, int], Phrase, Phrase], lines: Sequence[str], name: str) -> Finding:
    """What the builder refused, as a finding."""
    rule, place, message, hint = item
    return Finding(rule, "error", place_in(name, lines, *place), message, hint)


def refuse_characters(text: str, lines: Sequence[str], name: str) -> None:
    """Raises InvalidInput for every line that holds a character no mail may hold."""
    if not FORBIDDEN.search(text):
        return
    found = [(number, match) for number, line in enumerate(lines) if (match := FORBIDDEN.search(line))]
    raise InvalidInput([illegal(match[0], place_in(name, lines, number, match.start())) for number, match in found])


def refuse_escapes(document: Document) -> None:
    """The same for characters written as escapes, such as `"\\0"`."""
    found = []
    for keys in document.marks:
        value = document.get(keys)
        if isinstance(value, str) and (match := FORBIDDEN.search(value)):
            found.append(illegal(match[0], document.at_word(keys, match.start())))
    if found:
        raise InvalidInput(found)


def illegal(character: str, at: Location) -> Finding:
    """The finding for one forbidden character."""
    message = phrase("the character U+{code} cannot stand in a mail", code=f"{ord(character):04X}")
    return Finding("text/illegal-char", "error", at, message, phrase("delete it; it is invisible in most editors"))
