"""Points in time as exports write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

NEVER = ("", "0", "null", "<nil>")
GO = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d{4})(?: .*)?")
"""What Go's `Time.String` writes: `2024-03-01 10:00:00.123456 +0100 CET`."""
GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))?(?: Uhr)?)?")
USUAL = len("2024-05-01 10:00:00")
SECONDS = re.compile(r"\d{6,11}")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, taken as UTC where nothing is said; `text` is ISO 8601, with an offset only where the export has one."""

    at: datetime
    text: str


def read_moment(text: str) -> Moment | None:
    """ISO 8601, Go's form, German dates, or seconds since 1970; None for none. Raises ValueError for anything else."""
    if len(text) == USUAL and text[4] == "-" and text > "0002":
        return moment_of(datetime.fromisoformat(text))
    text = text.strip()
    if not says_when(text):
        return None
    if SECONDS.fullmatch(text):
        return moment_of(datetime.fromtimestamp(int(text), UTC))
    if match := GO.fullmatch(text):
        return moment_of(datetime.fromisoformat("".join(match.groups())))
    if match := GERMAN.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        return moment_of(datetime(year, month, day, hour, minute, second))
    return moment_of(datetime.fromisoformat(text))


def says_when(text: str) -> bool:
    """Whether a cell holds a time, be it readable or not, rather than a word for none."""
    plain = text.strip().lower()
    return plain not in NEVER and not plain.startswith(("0000-", "0001-", "00.00."))


def moment_of(at: datetime) -> Moment:
    """Whole seconds; those with an offset in UTC."""
    if at.tzinfo is None:
        return Moment(at.replace(tzinfo=UTC, microsecond=0), at.isoformat("T", "seconds"))
    try:
        whole = at.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return Moment(whole, whole.isoformat())


def read_or_none(text: str) -> Moment | None:
    """The same where an unreadable time must not cost the row: who left stays gone, whenever it was."""
    if not text:
        return None
    try:
        return read_moment(text)
    except (ValueError, OverflowError):
        return None
