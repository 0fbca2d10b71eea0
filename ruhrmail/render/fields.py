"""Merge fields through a rendering: marks in the source, gaps in the result.

A mark is one ASCII word that occurs nowhere in the issue, not even when all signs between letters and digits are
taken away. So it passes Markdown, HTML and MJML unchanged and is found again without doubt.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ruhrmail.model.merge import (
    FIELD,
    PREFERENCES_TOKEN,
    TOKENS,
    UNSUBSCRIBE_TOKEN,
    MergeField,
    MergeText,
    Place,
    field_of,
)

PlaceOf = Callable[[str, int], Place]
"""Tells from a text and an offset in it what kind of place that is."""

URL_IN_TEXT = re.compile(r"(?:https?://|mailto:|tel:)\S*\Z", re.IGNORECASE)
URL_ATTRIBUTE = re.compile(r"(?:href|src)\s*=\s*(?:\"[^\"]*|'[^']*)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one issue. `fields` are its different merge fields, each known by its number."""

    stem: str
    fields: tuple[MergeField, ...]

    def put(self, text: str) -> str:
        """The text with a mark in place of every merge field."""
        return FIELD.sub(lambda match: self.mark(field_of(match)), text) if "{{" in text else text

    def mark(self, field: MergeField) -> str:
        """The word that stands for a field."""
        return f"{self.stem}{self.fields.index(field)}z"

    @property
    def unsubscribe(self) -> str:
        """The mark of the token in the unsubscribe address."""
        return self.mark(MergeField(UNSUBSCRIBE_TOKEN))

    @property
    def preferences(self) -> str:
        """The mark of the token in the address of the page where readers choose topics."""
        return self.mark(MergeField(PREFERENCES_TOKEN))

    def cut(self, text: str, place_of: PlaceOf) -> MergeText:
        """The finished text with gaps where marks stand."""
        parts: list[str | MergeField] = []
        end = 0
        for match in re.finditer(rf"{self.stem}(\d+)z", text):
            parts.append(text[end : match.start()])
            parts.append(replace(self.fields[int(match[1])], place=place_of(text, match.start())))
            end = match.end()
        parts.append(text[end:])
        return tuple(part for part in parts if part != "")


def make_marks(texts: Iterable[str]) -> Marks:
    """Marks for everything that `texts` (all that an issue and its settings say) hold."""
    whole = "\n".join(texts)
    found = [replace(field_of(match), place="text") for match in FIELD.finditer(whole)]
    fields = tuple(dict.fromkeys([*map(MergeField, TOKENS), *found]))
    return Marks(choose_stem(whole), fields)


def choose_stem(whole: str) -> str:
    """A word that does not occur in the letters and digits of `whole`; the same for the same text."""
    bare = re.sub(r"[^0-9a-z]", "", whole.lower())
    digest, count = hashlib.blake2b(whole.encode("utf-8"), digest_size=5).hexdigest(), 0
    while (stem := f"q{digest}{count:x}x") in bare:
        count += 1
    return stem


def place_in_html(text: str, offset: int) -> Place:
    """`url` inside the value of href or src, else `html`."""
    start = text.rfind("<", 0, offset)
    return "url" if start > text.rfind(">", 0, offset) and URL_ATTRIBUTE.search(text, start, offset) else "html"


def place_in_text(text: str, offset: int) -> Place:
    """`url` inside an address, else `text`."""
    start = max(text.rfind(" ", 0, offset), text.rfind("\n", 0, offset)) + 1
    return "url" if URL_IN_TEXT.search(text, start, offset) else "text"


def place_in_line(_: str, __: int) -> Place:
    """Subject and preheader are plain text everywhere."""
    return "text"
