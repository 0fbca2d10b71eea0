"""Calendar files as RFC 5545 wants them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.edition import File
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


def find_loose_identities(dossier: Dossier) -> Iterator[Finding]:
    """A date has another identity in a second build, or two dates share one.

    Why: Calendars know an appointment by its UID (RFC 5545 section 3.8.4.7): another one for the same date makes a
        second entry, the same one for two dates overwrites the first. ruhrmail makes them from the issue's name, the
        event's title and, for a tour, the place: a date that moves keeps its own unless an event has several in one
        place. A finding here is a fault of ruhrmail's.
    Bad:
        # two events with one UID
    Good:
        # the files as ruhrmail writes them
    Remedy: report it, with the events that cause it
    """
    again = dossier.again()
    files = dossier.editions[0].files
    before = identities(files)
    after = identities(again[0].files) if again else before
    hint = phrase("this is a fault of ruhrmail's: report it with this event")
    if before != after:
        message = phrase("dates have other identities in a second build")
        yield Finding("ics/uid-stable", "error", dossier.whole, message, hint)
    for uid in shared_identities(files):
        message = phrase("two dates have the identity {uid}", uid=uid)
        yield Finding("ics/uid-stable", "error", dossier.whole, message, hint)


def shared_identities(files: Iterable[File]) -> Iterator[str]:
    """The UIDs that several dates have: those twice in one file, and those in several files that say different things
    (the file with all dates of an issue that has one says the same)."""
    kept: dict[str, set[bytes]] = {}
    for file in files:
        for uids in identities([file]).values():
            yield from (uid for uid, times in Counter(uids).items() if times > 1)
            if len(uids) == 1:
                kept.setdefault(uids[0], set()).add(file.content)
    yield from (uid for uid, contents in kept.items() if len(contents) > 1)


def identities(files: Iterable[File]) -> dict[str, tuple[str, ...]]:
    """The UIDs in each calendar file."""
    texts = {file.name: file.content.replace(b"\r\n ", b"") for file in files if file.name.endswith(".ics")}
    return {
        name: tuple(one.decode("utf-8", "replace") for one in re.findall(rb"^UID[^:]*:(.*?)\r?$", text, re.MULTILINE))
        for name, text in texts.items()
    }
