"""Attributes as JSON to merge fields."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ruhrmail.migrate.texts import cleaned
from ruhrmail.model.migration import Complaint
from ruhrmail.model.phrase import phrase

NameColumn = Callable[[str], str]


def read_attributes(text: str, name_column: NameColumn) -> dict[str, str]:
    """The values of a JSON object by the names of merge fields: nested ones joined by `_`, lists by commas.

    Raises ValueError for what is no object.
    """
    try:
        found = cleaned(json.loads(text)) if text else {}
    except RecursionError as error:
        raise ValueError(text[:40]) from error
    if not isinstance(found, dict):
        raise ValueError(text[:40])
    return dict(flattened(found, "", name_column))


def flattened(found: Mapping[str, Any], before: str, name_column: NameColumn) -> Iterator[tuple[str, str]]:
    """The values of an object and of those in it."""
    for key, value in found.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{key}_", name_column)
        else:
            yield name_column(before + key), as_text(value)


def as_text(value: object) -> str:
    """A value of JSON as a cell, without the blanks around it."""
    if isinstance(value, list):
        return ", ".join(as_text(one) for one in value)
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return json.dumps(value, ensure_ascii=False)


def no_object(column: str) -> Complaint:
    """The complaint about attributes that are none."""
    return Complaint(column, phrase("the attributes are no JSON object"))
