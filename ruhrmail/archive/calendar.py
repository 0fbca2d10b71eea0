"""All dates of all public issues as one calendar (RFC 5545), to subscribe to."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ruhrmail.archive.masthead import Masthead, newest_first
from ruhrmail.model.archive import Happening, Leaf

PATH = "calendar.ics"
UID = re.compile(r"^UID:[^\r]*(?:\r\n [^\r]*)*", re.MULTILINE)
"""The whole line, folded or not."""


def write_calendar(masthead: Masthead, leaves: Sequence[Leaf]) -> Mapping[str, bytes]:
    """The calendar by its path, UTF-8, CRLF; none where there is no date.

    A date that several issues announce stands in it once, as the latest one tells it, under the identity that the first
    gave it: so calendars take over what changed, and show nothing twice. It has no METHOD: with PUBLISH every date
    would need an ORGANIZER (RFC 5546 section 3.2.1).
    """
    zone = next((leaf.about.zone for leaf in leaves if leaf.about.zone), "")
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ruhrmail//archive//{masthead.language.upper()}"]
    head += ["CALSCALE:GREGORIAN", *fold(f"X-WR-CALNAME:{escaped(masthead.name)}"), ""]
    entries = "".join(happening.entry for happening in all_dates(leaves))
    whole = "\r\n".join(head) + zone + entries + "END:VCALENDAR\r\n"
    return {PATH: whole.encode()} if entries else {}


def all_dates(leaves: Sequence[Leaf]) -> Sequence[Happening]:
    """Every date once, in the order of time; those that look alike in one issue are several."""
    found: dict[tuple[tuple[str, str, str], int], Happening] = {}
    for leaf in reversed(newest_first(leaves)):
        met = Counter[tuple[str, str, str]]()
        for one in leaf.about.happenings:
            alike = (one.title.casefold(), one.start, one.place.casefold())
            met[alike] += 1
            key = (alike, met[alike])
            found[key] = as_known(one, found[key].uid) if key in found else one
    return sorted(found.values(), key=lambda one: (one.start, one.uid))


def as_known(one: Happening, uid: str) -> Happening:
    """A date under the identity that calendars know it by."""
    line = "\r\n".join(fold(f"UID:{uid}"))
    return replace(one, uid=uid, entry=UID.sub(lambda _: line, one.entry, count=1))


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
