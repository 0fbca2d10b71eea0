"""Events to iCalendar files (RFC 5545): one for each date, and one that holds them all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from ruhrmail.model.blocks import Article, Block
from ruhrmail.model.edition import File
from ruhrmail.model.events import Event, EventDate, Events
from ruhrmail.model.issue import Issue
from ruhrmail.model.links import host_of
from ruhrmail.render.layout import anchor_of, unguessable
from ruhrmail.render.typography import MANUAL

MEDIA_TYPE = "text/calendar; charset=utf-8"
ALL_DATES = {"de": "termine", "en": "events"}
ONE_DATE = {"de": "termin", "en": "event"}
ZONE = "Europe/Berlin"
SHIFTS = (
    ("DAYLIGHT", "CEST", datetime(1981, 3, 29, 2), 3, 1, 2),
    ("STANDARD", "CET", datetime(1996, 10, 27, 3), 10, 2, 1),
)
"""Summer and winter: name, when the rule was first used, its month, hours from and to UTC."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One date of an event and the file it stands in; `listed` when everybody may see it."""

    name: str
    uid: str
    event: Event
    date: EventDate
    listed: bool


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendar files of an issue. `last` is the last block of dates for everybody: all dates are offered there."""

    entries: tuple[Entry, ...] = ()
    names: Mapping[Event, tuple[str, ...]] = field(default_factory=dict)
    whole: str = ""
    last: Events | None = None

    def name_of(self, event: Event, number: int) -> str | None:
        """The file of an event's date, None where there is none."""
        names = self.names.get(event, ())
        return names[number] if number < len(names) else None

    def below(self, block: Events) -> str | None:
        """The file with all dates, where it is offered below this block."""
        several = sum(entry.listed for entry in self.entries) > 1
        return self.whole if several and block is self.last else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What calendar files say besides the dates: `page` is the issue's address, `plain` and `link` fill in
    what everybody may read in the place of merge fields."""

    language: str
    date: date
    page: str
    plain: Callable[[str], str]
    link: Callable[[str], str]


def plan_calendars(issue: Issue, slug: str, language: str, url: str) -> Calendars:
    """Names and identities of all dates; dates that are not for everybody get names that nobody can guess."""
    taken, identities = {ALL_DATES[language]}, set[str]()
    entries: dict[Event, tuple[Entry, ...]] = {}
    for event, listed in list_events(issue):
        if event not in entries:
            stem = anchor_of(event.title) or ONE_DATE[language]
            dates = event.all_dates()
            names = name_dates(event, stem, listed, taken)
            uids = [f"{free(identify(f'{slug}/{stem}', one, dates), identities)}@{host_of(url)}" for one in dates]
            entries[event] = tuple(
                Entry(f"{name}.ics", uid, event, one, listed) for name, uid, one in zip(names, uids, dates, strict=True)
            )
    public = [block for block in issue.content if isinstance(block, Events) and block.for_everybody]
    return Calendars(
        entries=tuple(entry for found in entries.values() for entry in found),
        names={event: tuple(entry.name for entry in found) for event, found in entries.items()},
        whole=f"{ALL_DATES[language]}.ics",
        last=public[-1] if public else None,
    )


def list_events(issue: Issue) -> Sequence[tuple[Event, bool]]:
    """Every event of the issue and of its articles' pages, and whether everybody may see it; those who may, first."""
    found = [(event, block.for_everybody) for block in issue.content for event in events_of(block)]
    return sorted(found, key=lambda pair: not pair[1])


def events_of(block: Block) -> Iterator[Event]:
    """The events that a block shows, or the page of an article; blocks of a page are for everybody or not shown."""
    if isinstance(block, Events):
        yield from block.events
    elif isinstance(block, Article) and isinstance(block.body, tuple):
        yield from (event for inner in block.body if inner.for_everybody for event in events_of(inner))


def name_dates(event: Event, stem: str, listed: bool, taken: set[str]) -> list[str]:
    """`radtour`, `radtour-2`; with a hash of the event where its address must not be guessed."""
    if not listed:
        stem = unguessable(stem, event)
    return [free(stem, taken) for _ in event.all_dates()]


def free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken; it is taken then."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found


def identify(name: str, one: EventDate, dates: Sequence[EventDate]) -> str:
    """A date's identity: no time in it where it can be told without, so that a date which moves stays the same."""
    places = [anchor_of(date.place or "") for date in dates]
    if len(dates) == 1:
        return name
    if all(places) and len(set(places)) == len(places):
        return f"{name}/{anchor_of(one.place or '')}"
    return f"{name}/{stamp(one)}"


def stamp(one: EventDate) -> str:
    """A date's start in an identity: 20261121 or 20261121T1000."""
    return one.start.strftime("%Y%m%dT%H%M" if isinstance(one.start, datetime) else "%Y%m%d")


def write_calendars(calendars: Calendars, facts: Facts) -> tuple[File, ...]:
    """The files of all dates, then the one with those for everybody."""
    written = [(entry, write_entry(entry, facts)) for entry in calendars.entries]
    listed = [content for entry, content in written if entry.listed]
    files = [(entry.name, [content], entry.listed) for entry, content in written]
    whole = [(calendars.whole, listed, True)] if listed else []
    return tuple(File(name, frame(dates, facts.language), MEDIA_TYPE, shown) for name, dates, shown in (*files, *whole))


def frame(events: Sequence[bytes], language: str) -> bytes:
    """One calendar: UTF-8, CRLF, lines folded at 75 octets; the same events give the same bytes."""
    maker = f"PRODID:-//ruhrmail//ruhrmail//{language.upper()}"
    head = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", maker, "CALSCALE:GREGORIAN", ""])
    zone = [write_zone()] if any(map(needs_zone, events)) else []
    return b"".join([head.encode(), *zone, *events, b"END:VCALENDAR\r\n"])


def needs_zone(event: bytes) -> bool:
    """Whether a VEVENT names the time zone."""
    return f"TZID={ZONE}".encode() in event


def write_entry(entry: Entry, facts: Facts) -> bytes:
    """One date as a VEVENT."""
    from icalendar import Event as Component

    component = Component()
    for name, value in properties(entry, facts):
        component.add(name, value)
    content: bytes = component.to_ical()
    return content


def properties(entry: Entry, facts: Facts) -> Iterator[tuple[str, str | date]]:
    """What a VEVENT says. Without an end it says none: a day counts whole, an hour has no length."""
    yield "uid", entry.uid
    yield "dtstamp", datetime.combine(facts.date, time(), tzinfo=UTC)
    yield "summary", in_one_line(entry.event.title)
    yield from span(entry.date)
    if entry.date.place:
        yield "location", in_one_line(entry.date.place)
    link = entry.event.link
    url = facts.link(link.url) if link else ""
    label = f"{link.label}: {url}" if link and link.label else url
    if description := "\n\n".join(part for part in (facts.plain(entry.event.text or ""), label) if part):
        yield "description", description
    yield "url", url if url.startswith("http") else facts.page


def in_one_line(text: str) -> str:
    """A title or a place as calendars and lists show it: in one line, without the signs where it may be broken."""
    return " ".join(MANUAL.sub("", text).split())


def span(one: EventDate) -> Iterator[tuple[str, date]]:
    """Start and end: days with the day after the last (RFC 5545 section 3.6.1), hours in Central European time."""
    if not isinstance(one.start, datetime):
        last = one.end or one.start
        yield "dtstart", one.start
        yield "dtend", (last.date() if isinstance(last, datetime) else last) + timedelta(days=1)
        return
    zone = ZoneInfo(ZONE)
    start = one.start.replace(tzinfo=zone)
    yield "dtstart", start
    end = one.end.replace(tzinfo=zone) if isinstance(one.end, datetime) else start
    if end.astimezone(UTC) > start.astimezone(UTC):  # an end must be later, also where the clocks change
        yield "dtend", end


@cache
def write_zone() -> bytes:
    """Europe/Berlin as the rule stands since 1996: the last Sundays of March and October."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    zone = Timezone()
    zone.add("tzid", ZONE)
    for kind, name, first, month, before, after in SHIFTS:
        shift = TimezoneDaylight() if kind == "DAYLIGHT" else TimezoneStandard()
        shift.add("tzname", name)
        shift.add("dtstart", first)
        shift.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        shift.add("tzoffsetfrom", timedelta(hours=before))
        shift.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(shift)
    content: bytes = zone.to_ical()
    return content
