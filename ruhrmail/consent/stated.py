"""A day or time as lists state it to ISO 8601."""

import re
from datetime import date, datetime

GERMAN = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"
    r"(?:,? +(?P<hour>\d{1,2}):(?P<rest>\d\d(?::\d\d)?)(?: Uhr)?)?"
)
DAY = len("2026-05-01")


def iso_of(text: str) -> str | None:
    """The day or time, with an offset only where the list has one; None for what is neither, such as `Spring 2023`.

    ISO 8601 and German dates are understood.
    """
    text = text.strip()
    if match := GERMAN.fullmatch(text):
        clock = f"T{match['hour']:0>2}:{match['rest']}" if match["hour"] else ""
        text = f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}{clock}"
    kind = date if len(text) <= DAY else datetime
    try:
        return kind.fromisoformat(text).isoformat()
    except ValueError:
        return None
