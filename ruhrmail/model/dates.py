"""Days and times as German and international editors write them."""

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

When = date | datetime
GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2})(?:[:.](\d{2})(?:\s*Uhr)?|\s*Uhr))?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
YEARS = range(1900, 2200)
"""Any other is a slip, and no calendar or mail header can be counted on to hold it."""
EXAMPLES = "write {example} or 21.11.2026"


def read_when(text: object) -> When:
    """`2026-11-21`, `2026-11-21T10:00`, `21.11.2026`, `21.11.2026 10:00`: a day, or a local time (naive)."""
    found = text if isinstance(text, date) else understand(text)
    if found.year not in YEARS:
        template, hint = "the year {year} cannot be meant", "mend the year: four digits, such as 2026"
        raise PydanticCustomError("schema/date", "no such year", {"template": template, "year": str(found.year),
                                                                  "hint": hint})  # fmt: skip
    return found


def understand(text: object) -> When:
    """What is written, of whatever year."""
    if isinstance(text, str) and (match := ISO.fullmatch(text.strip())):
        year, month, day, hour, minute = match.groups()
    elif isinstance(text, str) and (match := GERMAN.fullmatch(text.strip())):
        day, month, year, hour, minute = match.groups()
    else:
        raise no_date(text, "2026-11-21T10:00")
    try:
        found = date(int(year), int(month), int(day))
        return found if hour is None else datetime.combine(found, time(int(hour), int(minute or 0)))
    except ValueError:
        raise PydanticCustomError(
            "schema/date",
            "no such date",
            {"template": "there is no such day or time: {value}", "value": text, "hint": "look it up in a calendar"},
        ) from None


def read_day(text: object) -> date:
    """The same, for a day without a time."""
    found = read_when(text)
    if isinstance(found, datetime):
        raise no_date(text, "2026-11-21")
    return found


def no_date(text: object, example: str) -> PydanticCustomError:
    """The error for a text that is no date."""
    return PydanticCustomError(
        "schema/date",
        "no date",
        {"template": "this is no date: {value}", "value": str(text), "hint": EXAMPLES, "example": example},
    )


DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}"
WRITTEN_DAY = rf"^\s*(?:{DAY})\s*$"
WRITTEN_WHEN = rf"^\s*(?:{ISO.pattern}|{GERMAN.pattern})\s*$"
"""The same as a schema can say it: whether there is such a day is left to `read_when`."""

EventTime = Annotated[When, BeforeValidator(read_when), WithJsonSchema({"type": "string", "pattern": WRITTEN_WHEN})]
Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "pattern": WRITTEN_DAY})]
