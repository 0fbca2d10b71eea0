"""Dates in words, as they are read in German and English."""

from datetime import date, datetime, time

from babel.dates import format_date

from ruhrmail.model.dates import When
from ruhrmail.render.spacing import NARROW, NO_BREAK

LOCALES = {"de": "de_DE", "en": "en_GB"}
LONG = {"de": "d. MMMM y", "en": "d MMMM y"}
CLOSE = {language: pattern.replace(" ", NO_BREAK, 1) for language, pattern in LONG.items()}
"""As `LONG`, in a line that may break: never between day and month."""
FULL = {language: f"EEEE, {pattern}" for language, pattern in CLOSE.items()}
SHORT = {language: pattern.removesuffix(" y") for language, pattern in CLOSE.items()}
DAY = {"de": "d.", "en": "d"}
CLOCK = {"de": f"{NARROW}Uhr", "en": ""}
"""What stands behind a time; the space is the one that the typographer sets in running text."""


def name_day(day: date, language: str) -> str:
    """6. November 2026; 6 November 2026."""
    return format_date(day, LONG[language], LOCALES[language])


def name_span(start: When, end: When | None, language: str) -> str:
    """A day, a span of days, or a day with its hours: `Samstag, 21. November 2026, 10–17 Uhr`."""
    days, hours = part_span(start, end, language)
    return f"{days}, {hours}" if hours else days


def part_span(start: When, end: When | None, language: str) -> tuple[str, str]:
    """The same in two parts: the days, and the hours where all of them are on one day, otherwise nothing."""
    if isinstance(start, datetime):
        return part_hours(start, end if isinstance(end, datetime) else None, language)
    last = end.date() if isinstance(end, datetime) else end
    return name_days(start, last or start, language), ""


def name_days(start: date, end: date, language: str) -> str:
    """`10.–11. Dezember 2026`, `30. November – 2. Dezember 2026`; one day with its weekday."""
    if start == end:
        return write(start, FULL[language], language)
    if (start.year, start.month) == (end.year, end.month):
        return f"{write(start, DAY[language], language)}–{write(end, CLOSE[language], language)}"
    first = SHORT if start.year == end.year else CLOSE
    return f"{write(start, first[language], language)} – {write(end, CLOSE[language], language)}"


def part_hours(start: datetime, end: datetime | None, language: str) -> tuple[str, str]:
    """A day and its hours; over midnight both days are named with theirs."""
    day = write(start.date(), FULL[language], language)
    if end is None or end == start:
        return day, name_time(start.time(), language) + CLOCK[language]
    if end.date() == start.date():
        return day, name_hours(start.time(), end.time(), language)
    spots = (
        f"{write(spot.date(), FULL[language], language)}, {name_time(spot.time(), language)}" for spot in (start, end)
    )
    return " – ".join(f"{spot}{CLOCK[language]}" for spot in spots), ""


def name_hours(start: time, end: time, language: str) -> str:
    """`10–17 Uhr`; where one of them has minutes, both show theirs: `18:00–20:30 Uhr`."""
    if start.minute or end.minute:
        return f"{name_minutes(start)}–{name_minutes(end)}{CLOCK[language]}"
    return f"{name_time(start, language)}–{name_time(end, language)}{CLOCK[language]}"


def name_time(moment: time, language: str) -> str:
    """10 or 10:30 in German; 10:00 or 10:30 in English."""
    return str(moment.hour) if language == "de" and moment.minute == 0 else name_minutes(moment)


def name_minutes(moment: time) -> str:
    """10:00."""
    return f"{moment.hour}:{moment.minute:02d}"


def name_month(day: date, language: str) -> str:
    """The month's short name for a date badge: Nov, Mrz."""
    return write(day, "LLL", language).rstrip(".")


def write(day: date, pattern: str, language: str) -> str:
    """A day in babel's pattern language."""
    return format_date(day, pattern, LOCALES[language])


def machine_time(when: When) -> str:
    """For HTML's `datetime`: 2026-11-21 or 2026-11-21T10:00."""
    return when.strftime("%Y-%m-%dT%H:%M") if isinstance(when, datetime) else when.isoformat()
