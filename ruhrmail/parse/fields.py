"""Merge fields: where they may stand, and whether a column has that name."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import FIELD, GREETING, LOOKS_LIKE_FIELD
from ruhrmail.model.phrase import phrase
from ruhrmail.source import Document
from ruhrmail.source.document import Keys

IN_LINK = re.compile(r"(?:\]\(\s*<?|<)(?:https?://|mailto:|tel:)[^\s<>]{0,2000}\Z", re.IGNORECASE)
"""The beginning of an address in Markdown, up to a field in it."""
PERSONAL = frozenset({"subject", "preheader", "salutation", "text", "closing", "url"})
"""The keys whose texts may hold merge fields; `url` draws a warning of its own."""


def check_fields(document: Document, columns: Collection[str] | None) -> Iterator[Finding]:
    """Findings on every merge field of an issue."""
    for keys in document.marks:
        value = document.get(keys)
        if isinstance(value, str) and LOOKS_LIKE_FIELD.search(value):
            yield from check_text(document, keys, value, columns)


def check_text(document: Document, keys: Keys, text: str, columns: Collection[str] | None) -> Iterator[Finding]:
    """Findings on the merge fields of one text."""
    key = "body" if "body" in keys else keys[-1]
    allowed = key in PERSONAL and not is_heading(document, keys)
    for match in FIELD.finditer(text):
        at, name = document.at_word(keys, match.start()), match["name"]
        if not allowed:
            yield Finding(
                "text/placeholder",
                "error",
                at,
                phrase("merge fields cannot stand in {key}", key=key),
                phrase("write a text that suits every reader"),
            )
        elif columns is not None and name != GREETING and name not in columns:
            near = get_close_matches(name, [*columns, GREETING], n=1)
            hint = (
                phrase("did you mean {word}?", word=near[0])
                if near
                else phrase("known here: {words}", words=", ".join(sorted(columns)))
            )
            yield Finding(
                "text/placeholder", "error", at, phrase("no column of the list has the name {name}", name=name), hint
            )
        elif keys[-1] == "url" or IN_LINK.search(text, 0, match.start()):
            yield Finding(
                "privacy/personal-link",
                "warning",
                at,
                phrase("this link is different for each reader and tells who followed it"),
                phrase("use the same link for everybody"),
            )
    rest = FIELD.sub(lambda match: " " * len(match[0]), text)
    for left in LOOKS_LIKE_FIELD.finditer(rest):
        yield Finding(
            "text/placeholder",
            "error",
            document.at_word(keys, left.start()),
            phrase("this is no merge field"),
            phrase('write {{ first_name }} or {{ first_name or "…" }}'),
        )
        break


def is_heading(document: Document, keys: Keys) -> bool:
    """True for the `text` of a heading, which is public like a title."""
    return document.get((*keys[:-1], "type")) == "heading"
