"""Numbers and days of issues in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.dates import format_date

from ruhrmail.i18n import translator
from ruhrmail.model.phrase import phrase


@dataclass(frozen=True, slots=True)
class Words:
    """`Ausgabe 7` (empty without a number), `6. November 2026`."""

    issue: Callable[[int | None], str]
    day: Callable[[date], str]


@cache
def archive_words(language: str) -> Words:
    """The words of a language (`de`, `en`)."""
    words = translator(language)

    def issue(number: int | None) -> str:
        return "" if number is None else words(phrase("Issue {number}", number=number))

    def day(one: date) -> str:
        return str(format_date(one, "long", locale=language))

    return Words(issue, day)
