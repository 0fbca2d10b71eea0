"""Numbers, times and sentences as the report's reader writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

from ruhrmail.model.phrase import Phrase

Translate = Callable[[Phrase], str]
SMALL_SHARE = 0.01
"""Shares below this are told with two digits behind the point, as providers do with complaints."""
DAY, HOUR, MINUTE = 86_400, 3600, 60


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
        """`4,2 %`; with two digits where it is small, a dash where nothing is to be shared."""
        if not whole:
            return "–"
        share = part / whole
        digits = "0.00" if 0 < share < SMALL_SHARE else "0.0"
        if share in (0, 1):
            digits = "0"
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
