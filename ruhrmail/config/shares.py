"""Percents of readers: `check.clients` and `check.support`."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from ruhrmail.model.written import Line, wrong

PERCENT = r"(\d{1,3}(?:\.\d{1,6})?)\s*%?"
EVERYBODY = 100
USUAL = (
    "outlook/windows 17, outlook/outlook-com 10, outlook/macos 3, outlook/ios 3, outlook/android 3, apple-mail 20, "
    "gmail 15, gmx 10, web.de 9, t-online 5, thunderbird 2, ionos 1"
)
"""What ruhrmail takes for granted about readers in German companies, cities and universities: nobody measured it."""


def read_percent(value: object) -> float:
    """`12`, `12%` or `0.5 %` to a number from 0 to 100."""
    match = re.fullmatch(PERCENT, str(value).strip())
    percent = float(match[1]) if match else -1.0
    if not 0 <= percent <= EVERYBODY:
        raise wrong("config/share", "this is no share: {value}", "such as 12%", value=str(value))
    return percent


def spread_list(value: object) -> object:
    """Clients without shares have equal ones."""
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return {name: round(EVERYBODY / len(value), 6) for name in value}
    return value


def usual_clients() -> dict[str, float]:
    """The clients and shares of a project that names none."""
    pairs = (one.rpartition(" ") for one in USUAL.split(", "))
    return {name: float(share) for name, _, share in pairs}


PERCENT_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": EVERYBODY},
        {"type": "string", "pattern": rf"^\s*{PERCENT}\s*$"},
    ]
}
Percent = Annotated[float, PlainValidator(read_percent), WithJsonSchema(PERCENT_SCHEMA)]
Clients = Annotated[
    dict[Line, Percent],
    Field(max_length=50),
    BeforeValidator(spread_list),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": PERCENT_SCHEMA},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]
"""Mail clients with the percent of readers that have them."""
