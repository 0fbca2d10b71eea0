"""Merge fields: gaps in a text that each recipient fills.

The grammar that editors write is `{{ name }}` or `{{ name or "default" }}`; nothing else of a template language.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Place = Literal["text", "html", "url"]
"""Where a field stands in rendered text: it decides how a value is escaped."""

GREETING = "greeting"
UNSUBSCRIBE_TOKEN = ":unsubscribe_token"  # noqa: S105 - a name, no secret
PREFERENCES_TOKEN = ":preferences_token"  # noqa: S105 - the same
"""Filled in by ruhrmail for each recipient; the colon keeps them apart from every column name."""
TOKENS = (UNSUBSCRIBE_TOKEN, PREFERENCES_TOKEN)

KNOWN_COLUMNS = (
    "email",
    "salutation",
    "title",
    "first_name",
    "last_name",
    "company",
    "language",
    "tags",
    "consented_at",
    "consent_source",
    "consent_text",
)

FIELD = re.compile(
    r"""\{\{\s*(?P<name>[a-z][a-z0-9_]*)(?:\s+or\s+(?:"(?P<double>[^"{}]*)"|'(?P<single>[^'{}]*)'))?\s*\}\}"""
)
LOOKS_LIKE_FIELD = re.compile(r"\{\{|\}\}|\{%|%\}")


@dataclass(frozen=True, slots=True)
class MergeField:
    """One gap: the column's name, the text for a missing or empty value, and where it stands."""

    name: str
    default: str = ""
    place: Place = "text"


MergeText = tuple[str | MergeField, ...]
"""A text cut at its merge fields."""


def field_of(match: re.Match[str]) -> MergeField:
    """The field that one match of `FIELD` stands for."""
    return MergeField(match["name"], match["double"] or match["single"] or "")


def fill(text: MergeText, value: Callable[[MergeField], str]) -> str:
    """The text with `value(field)` in place of each field; `value` escapes for the field's place."""
    return "".join(part if isinstance(part, str) else value(part) for part in text)
