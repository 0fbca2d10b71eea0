"""Numbers, times and sentences as the report's reader writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import idna
from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

from ruhrmail.model.phrase import Phrase

Translate = Callable[[Phrase], str]
SMALL_SHARE = 0.01
"""Shares below this are told with two digits behind the point, as providers do with complaints."""
TINY_SHARE, MOST_SHARE = 0.00005, 0.9995
"""Up to the one and from the other on, a share would be rounded to nothing or to all."""
WEEK = timedelta(days=7)
"""Spans that last so long may reach over more than a year."""
DAY, HOUR, MINUTE = 86_400, 3600, 60


def readable(domain: str) -> str:
    """A domain as people write it: `xn--mller-kva.example` as `müller.example`; one that is none stays as it is."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


@dataclass(frozen=True, slots=True)
class Wording:
    """`translate` puts phrases into `language` ("de" or "en"); `zone` is the reader's, None for the machine's."""

    translate: Translate
    language: str
    zone: tzinfo | None = None

    def say(self, text: Phrase) -> str:
        """A sentence, its numbers as people write them."""
        values = {name: self.number(value) if isinstance(value, int) else value for name, value in text.values.items()}
        return self.translate(Phrase(text.template, values))

    def number(self, number: int) -> str:
        """`12.345`."""
        return str(format_decimal(number, locale=self.language))

    def share(self, part: int, whole: int) -> str:
        """`4,2 %`; with two digits where it is small, a dash where nothing is to be shared. Somebody is never told as
        nobody (`< 0,01 %`), nor most as all (`> 99,9 %`)."""
        if not whole:
            return "–"
        share = part / whole
        if 0 < share <= TINY_SHARE:
            return f"< {self.percent(0.0001, '0.00')}"
        if MOST_SHARE <= share < 1:
            return f"> {self.percent(0.999, '0.0')}"
        if share in (0, 1):
            return self.percent(share, "0")
        return self.percent(share, "0.00" if share < SMALL_SHARE else "0.0")

    def percent(self, share: float, digits: str) -> str:
        """A share with the digits that a pattern of CLDR asks for."""
        sign = " %" if self.language == "de" else "%"
        return str(format_percent(share, f"{digits}{sign}", locale=self.language))

    def moment(self, at: datetime) -> str:
        """`6. November 2026, 09:12`."""
        pattern = "d. MMMM y, HH:mm" if self.language == "de" else "d MMMM y, HH:mm"
        return str(format_datetime(at.astimezone(self.zone), pattern, locale=self.language))

    def day(self, at: datetime) -> str:
        """`06.11.2026`."""
        pattern = "dd.MM.y" if self.language == "de" else "y-MM-dd"
        return str(format_datetime(at.astimezone(self.zone), pattern, locale=self.language))

    def tick(self, at: datetime, width: timedelta) -> str:
        """A time on an axis whose spans last `width`."""
        pattern = "HH:mm:ss" if width < timedelta(minutes=1) else "HH:mm"
        if width >= WEEK:
            return self.day(at)
        if width >= timedelta(days=1):
            pattern = "dd.MM." if self.language == "de" else "MM-dd"
        elif width >= timedelta(hours=1):
            pattern = "dd.MM. HH:mm" if self.language == "de" else "MM-dd HH:mm"
        return str(format_datetime(at.astimezone(self.zone), pattern, locale=self.language))

    def lasting(self, length: timedelta) -> str:
        """`2 d 3 h`, `1 h 5 min`, `12 min 3 s`, `4 s`: the two largest units."""
        rest = max(round(length.total_seconds()), 0)
        parts = []
        for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1, "s")):
            count, rest = divmod(rest, size)
            parts.append((count, unit))
        first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
        return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"
