"""Calendar files as RFC 5545 wants them."""

import re
from collections import Counter
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

LONGEST = 75
"""Octets of a line without its end (RFC 5545 section 3.1)."""
DEMANDED = {"VCALENDAR": ("VERSION", "PRODID"), "VEVENT": ("UID", "DTSTAMP", "DTSTART", "SUMMARY")}
NAME = re.compile(r"([A-Z-]+)[;:]")


def find_invalid(dossier: Dossier) -> Iterator[Finding]:
    """A calendar file is not what calendars read.

    Why: An invitation that no calendar opens is worse than none. ruhrmail writes these files itself; a finding here is
        a fault of ruhrmail's.
    Bad:
        # an event without DTSTART
    Good:
        # the file as ruhrmail writes it
    Remedy: report it, with the event that causes it
    """
    for file in dossier.editions[0].files:
        if file.name.endswith(".ics"):
            for complaint in judge(file.content):
                message = phrase("the calendar {name} cannot be read: {reason}", name=file.name, reason=complaint)
                hint = phrase("this is a fault of ruhrmail's: report it with this event")
                yield Finding("ics/valid", "error", dossier.whole, message, hint)


def judge(content: bytes) -> Iterator[Phrase]:
    """What is wrong with a calendar file."""
    if not content.endswith(b"\r\n") or re.search(rb"(?<!\r)\n", content):
        yield phrase("lines must end in CRLF")
    if any(len(line) > LONGEST for line in content.split(b"\r\n")):
        yield phrase("a line is longer than 75 octets")
    lines = content.decode("utf-8", "replace").replace("\r\n ", "").split("\r\n")
    yield from judge_parts(lines)


def judge_parts(lines: list[str]) -> Iterator[Phrase]:
    """What is wrong with the components and their properties."""
    around: list[tuple[str, Counter[str]]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            around.append((value, Counter()))
        elif name == "END":
            kind, seen = around.pop() if around else ("", Counter[str]())
            if kind != value:
                yield phrase("{name} ends where it did not begin", name=value)
            yield from (
                phrase("{kind} lacks {name}", kind=kind, name=one) for one in DEMANDED.get(kind, ()) if not seen[one]
            )
        elif around and (match := NAME.match(line)):
            around[-1][1][match[1]] += 1
    if around:
        yield phrase("{name} has no end", name=around[-1][0])
