"""Editorial facts: dates that are over, weekdays that do not fit, numbers and lines that were there before."""

from collections.abc import Callable, Iterator

from ruhrmail.check.dossier import Dossier, Neighbour
from ruhrmail.check.place import spot
from ruhrmail.check.text import NO_TEXT, PATTERN
from ruhrmail.check.weekday import find_dates, name_weekday
from ruhrmail.model.events import Events, day
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase


def find_stale_dates(dossier: Dossier) -> Iterator[Finding]:
    """An event is over before the issue appears.

    Why: A date that is over helps nobody, and mostly its year or month is a slip. The issue's own date counts, never
        today's, so that an old issue stays as it was.
    Bad:
        content:
          - {type: events, events: [{title: Hallenfest, start: 2026-10-21}]}
    Good:
        content:
          - {type: events, events: [{title: Hallenfest, start: 2026-11-21}]}
    Remedy: mend the date, or leave the event out
    """
    issue = dossier.issue
    for number, block in enumerate(issue.content):
        for place, event in enumerate(block.events) if isinstance(block, Events) else ():
            for which, one in enumerate(event.all_dates()):
                if day(one.end or one.start) < issue.date:
                    keys = ("content", number, "events", place, *(("dates", which) if event.dates else ()))
                    at = dossier.document.at_value((*keys, "end" if one.end else "start"))
                    message = phrase("{title} is over when the issue appears", title=event.title)
                    hint = phrase("mend the date, or leave the event out")
                    yield Finding("issue/stale-date", "warning", at, message, hint)


def find_wrong_weekdays(dossier: Dossier) -> Iterator[Finding]:
    """A text names a weekday that the date does not have.

    Why: Readers note the weekday and come on the wrong day. Without a year the date nearest to the issue is meant.
    Bad:
        content:
          - {type: text, text: "Wir treffen uns am Freitag, 21. November."}
    Good:
        content:
          - {type: text, text: "Wir treffen uns am Samstag, 21. November."}
    Remedy: look into a calendar, and mend the weekday or the date
    """
    issued = dossier.issue.date
    for keys, text in dossier.written():
        if keys[-1] in NO_TEXT:
            continue
        for said in find_dates(text, issued):
            if said.day.weekday() != said.weekday:
                at = spot(dossier.document, keys, said.offset, said.words)
                right = name_weekday(said.day, dossier.language)
                message = phrase("{words}: this day is a {weekday}", words=" ".join(said.words.split()), weekday=right)
                hint = phrase("mend the weekday or the date")
                yield Finding("issue/weekday-mismatch", "warning", at, message, hint)


def find_same_number(dossier: Dossier) -> Iterator[Finding]:
    """Another issue has this number already.

    Why: Readers and archives tell issues apart by their numbers.
    Bad:
        # issues/2026-10.yaml has the number 6
        number: 6
    Good:
        number: 7
    Remedy: count on from the issue before
    """
    number = "" if dossier.issue.number is None else str(dossier.issue.number)
    for other in earlier(dossier, lambda one: one.number.isdigit() and str(int(one.number)) == number):
        message = phrase("the issue {slug} has the number {number} already", slug=other.slug, number=number)
        at = dossier.document.at_value(("number",))
        yield Finding("issue/duplicate-number", "warning", at, message, phrase("count on from the issue before"))


def find_same_subject(dossier: Dossier) -> Iterator[Finding]:
    """An earlier issue had the same subject.

    Why: Two mails with one subject look like the same mail sent twice, and some inboxes join them to a thread.
    Bad:
        # issues/2026-10.yaml has this subject too
        subject: Neues aus der Region
    Good:
        subject: Licht in der Maschinenhalle
    Remedy: say what is in this issue
    """
    yield from same_line(dossier, "subject", dossier.issue.subject, phrase("say what is in this issue"))


def find_same_preheader(dossier: Dossier) -> Iterator[Finding]:
    """An earlier issue had the same preheader.

    Why: The preheader is what inboxes show beside the subject; the old one was forgotten when the issue was copied.
    Bad:
        # issues/2026-10.yaml has this preheader too
        preheader: Drei Geschichten, vier Termine und ein Blick zurück
    Good:
        preheader: Elf Betriebe ziehen in die Halle, und im Kabelkeller wird gebraut
    Remedy: say what else is in this issue
    """
    text = dossier.issue.preheader or ""
    yield from same_line(dossier, "preheader", text, phrase("say what else is in this issue"))


def same_line(dossier: Dossier, key: str, text: str, hint: Phrase) -> Iterator[Finding]:
    """The finding for a line that an earlier issue had; about one that nobody has written yet `text/unwritten` says
    all there is to say."""
    if text.strip() in PATTERN:
        return
    for other in earlier(dossier, lambda one: bool(text) and fold(getattr(one, key)) == fold(text)):
        at: Location = dossier.document.at_value((key,))
        message = phrase("the issue {slug} had the same {key}", slug=other.slug, key=key)
        yield Finding(f"{key}/repeated", "warning", at, message, hint)


def earlier(dossier: Dossier, same: Callable[[Neighbour], bool]) -> Iterator[Neighbour]:
    """The first of the issues before this one for which `same` holds; of one day the slug decides."""
    own = (dossier.issue.date, dossier.slug)
    found = (one for one in dossier.neighbours if one.date and (one.date, one.slug) < own and same(one))
    yield from sorted(found, key=lambda one: (str(one.date), one.slug))[:1]


def fold(text: str) -> str:
    """A line without what nobody sees as a difference."""
    return " ".join(text.split()).casefold()
