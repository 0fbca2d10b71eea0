"""Dates in running text that name a weekday."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

WEEKDAYS = {
    "de": ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}
SHORT = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6, "sonnabend": 5}
MONTHS = {
    "de": re.findall(r"\w+", "januar februar märz april mai juni juli august september oktober november dezember"),
    "en": re.findall(r"\w+", "january february march april may june july august september october november december"),
}
SHORT_MONTHS = ["jan", "feb", "mrz", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dez"]
GERMAN = re.compile(
    rf"\b(?P<weekday>(?i:{'|'.join(WEEKDAYS['de'])}|sonnabend)|(?:Mo|Di|Mi|Do|Fr|Sa|So)(?=[.,]|\s+\d{{1,2}}\.\s?\d))\.?"
    rf"(?i:s|vormittag|mittag|nachmittag|abend|nacht)?,?\s+(?i:(?:de[nmr]|am)\s+)?"
    rf"(?P<day>\d{{1,2}})\.\s*(?:(?P<month>(?i:{'|'.join(MONTHS['de'])}))|(?P<short>(?i:{'|'.join(SHORT_MONTHS)}))\."
    rf"|(?P<number>\d{{1,2}})\.)(?:\s*(?P<year>\d{{4}})|(?P<century>\d{{2}})(?!\d))?"
)
ENGLISH = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS['en'])}),?\s+(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+"
    rf"(?P<month>{'|'.join(MONTHS['en'])})|(?P<first>{'|'.join(MONTHS['en'])})\s+(?P<second>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,?\s+(?P<year>\d{4}))?",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """A date as a text has it: its words, their offset, the weekday it names and the day it means."""

    words: str
    offset: int
    weekday: int
    day: date


def find_dates(text: str, issued: date) -> Iterator[Said]:
    """Every existing date of a text that names a weekday; without a year it is the one nearest to the issue."""
    for language, pattern in (("de", GERMAN), ("en", ENGLISH)):
        for match in pattern.finditer(text):
            found = day_of(match, language, issued)
            if found:
                yield Said(match[0], match.start(), weekday_of(match["weekday"], language), found)


def day_of(match: re.Match[str], language: str, issued: date) -> date | None:
    """The day that a match means; None where there is none."""
    groups = match.groupdict()
    month, day = month_of(groups, language), int(groups["day"] or groups["second"])
    year = groups["year"] or (f"20{groups['century']}" if groups.get("century") else "")
    years = [int(year)] if year else [issued.year + step for step in (0, 1, -1)]
    found = [one for year in years if (one := make_day(year, month, day))]
    return min(found, key=lambda one: abs((one - issued).days), default=None)


def month_of(groups: Mapping[str, str | None], language: str) -> int:
    """1 for January."""
    name = (groups["month"] or groups.get("first") or groups.get("short") or "").lower()
    if not name:
        return int(groups["number"] or 0)
    stem = "mär" if name == "mrz" else name
    return next(number for number, month in enumerate(MONTHS[language], 1) if month.startswith(stem))


def make_day(year: int, month: int, day: int) -> date | None:
    """A day, None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weekday_of(word: str, language: str) -> int:
    """0 for Monday."""
    short = word.lower().rstrip(".")
    return SHORT[short] if short in SHORT else WEEKDAYS[language].index(short)


def name_weekday(day: date, language: str) -> str:
    """The weekday's name."""
    name = WEEKDAYS[language][day.weekday()]
    return name.capitalize()
