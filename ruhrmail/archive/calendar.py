"""All dates of all public issues as one calendar (RFC 5545), to subscribe to."""

from collections.abc import Mapping, Sequence

from ruhrmail.archive.masthead import Masthead, newest_first
from ruhrmail.model.archive import Happening, Leaf

PATH = "calendar.ics"


def write_calendar(masthead: Masthead, leaves: Sequence[Leaf]) -> Mapping[str, bytes]:
    """The calendar by its path, UTF-8, CRLF; none where there is no date.

    A date that several issues announce stands in it once, as the first one told it, so that its identity stays.
    """
    zone = next((leaf.about.zone for leaf in leaves if leaf.about.zone), "")
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ruhrmail//archive//{masthead.language.upper()}"]
    head += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", *fold(f"X-WR-CALNAME:{escaped(masthead.name)}"), ""]
    entries = "".join(happening.entry for happening in all_dates(leaves))
    whole = "\r\n".join(head) + zone + entries + "END:VCALENDAR\r\n"
    return {PATH: whole.encode()} if entries else {}


def all_dates(leaves: Sequence[Leaf]) -> Sequence[Happening]:
    """Every date once, in the order of time."""
    found: dict[tuple[str, str, str], Happening] = {}
    for leaf in reversed(newest_first(leaves)):
        for one in leaf.about.happenings:
            found.setdefault((one.title.casefold(), one.start, one.place.casefold()), one)
    return sorted(found.values(), key=lambda one: (one.start, one.uid))


def escaped(text: str) -> str:
    """A text value (RFC 5545 section 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def fold(line: str) -> list[str]:
    """A content line of at most 75 octets each (section 3.1)."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > 73:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
