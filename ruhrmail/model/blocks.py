"""The blocks of an issue, as editors write them (pydantic, for strangers write here)."""

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ruhrmail.model.dates import EventTime, When

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""A short text: plain, no markup."""
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A text whose line ends are kept: addresses, offices, closings."""
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=100_000, pattern=r"\S")]
"""Paragraphs, emphasis, links and lists."""
Anchor = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]

SCHEMES = ("https:", "http:", "mailto:", "tel:")
ANCHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_url(url: str) -> str:
    """An absolute link with a scheme that mail clients open."""
    if url.lower().startswith(SCHEMES):
        scheme, _, rest = url.partition(":")
        empty = not host_of(url) if scheme.lower().startswith("http") else not rest
        if empty or re.search(r"\s", re.sub(r"\{\{.*?\}\}", "", url)):
            raise wrong("link/broken", "this is no complete address: {value}", "copy it from the browser", value=url)
        return url
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
        raise wrong("link/scheme", "mail clients do not open {value}", "use https:, mailto: or tel:", value=url)
    raise wrong("link/relative", "the link is not complete: {value}", "write it with https:// in front", value=url)


def host_of(url: str) -> str:
    """The host of a web address, without user and port; empty where it has none."""
    match = re.match(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", url, re.IGNORECASE)
    return match[1] if match else ""


def wrong(rule: str, template: str, hint: str, **values: object) -> PydanticCustomError:
    """An error that carries its rule id, message and hint to the finding."""
    return PydanticCustomError(rule, "invalid", {"template": template, "hint": hint, **values})


def read_anchor(text: str) -> str:
    """An id: small letters, digits and single hyphens."""
    if not ANCHOR.fullmatch(text):
        raise wrong("schema/id", "{value} cannot be an id", "small letters a-z, digits and hyphens", value=text)
    return text


Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(read_url)]


class Written(BaseModel):
    """What every part of an issue has in common: no unknown keys, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Picture(Written):
    """A picture beside the issue's file."""

    src: Line
    alt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] | None = None
    caption: Line | None = None
    credit: Line | None = None
    decorative: bool = False

    @model_validator(mode="after")
    def needs_alt(self) -> Self:
        if not self.alt and not self.decorative:
            raise wrong(
                "img/alt-missing",
                "the picture {src} has no alternative text",
                "say in `alt` what it shows, or set `decorative: true`",
                src=self.src,
                at="alt src",
            )
        return self


class Link(Written):
    """Where a text leads."""

    url: Url
    label: Line | None = None


class Editorial(Written):
    """The editor's letter."""

    type: Literal["editorial"]
    text: Markdown
    portrait: Picture | None = None
    salutation: Line | None = None
    closing: Lines | None = None
    author: Line | None = None
    role: Lines | None = None
    signature: Picture | None = None


class Article(Written):
    """A story's teaser, linked to where it is told."""

    type: Literal["article"]
    title: Line
    id: Annotated[Anchor, AfterValidator(read_anchor)] | None = None
    kicker: Line | None = None
    image: Picture | None = None
    text: Markdown | None = None
    link: Link | None = None
    layout: Literal["lead", "card"] | None = None


class EventDate(Written):
    """One day or span of an event."""

    start: EventTime
    end: EventTime | None = None
    place: Line | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        check_order(self.start, self.end)
        return self


class Event(Written):
    """Something to go to: on one day, over several, or at a series of places."""

    title: Line
    start: EventTime | None = None
    end: EventTime | None = None
    place: Line | None = None
    dates: Annotated[tuple[EventDate, ...], Field(min_length=1)] | None = None
    text: Markdown | None = None
    link: Link | None = None

    @model_validator(mode="after")
    def has_dates(self) -> Self:
        if self.start is None and self.dates is None:
            raise wrong("schema/missing", "the event has no date", "add `start:`, or `dates:` for several")
        if self.dates is not None and (self.start is not None or self.end is not None):
            raise wrong("schema/both", "the event has `start` and `dates`", "keep one of the two", at="dates")
        check_order(self.start, self.end)
        return self

    def all_dates(self) -> tuple[EventDate, ...]:
        """Every date of the event in the order of the file; a date without a place takes the event's."""
        if self.dates is None and self.start is not None:
            return (EventDate.model_construct(start=self.start, end=self.end, place=self.place),)
        return tuple(one if one.place else one.model_copy(update={"place": self.place}) for one in self.dates or ())


def check_order(start: When | None, end: When | None) -> None:
    """Raises when the end is not after the start, or one is a day and the other a time."""
    if start is None:
        if end is not None:
            raise wrong("schema/missing", "there is an end and no start", "add `start:`", at="end")
        return
    if end is None:
        return
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise wrong(
            "schema/date",
            "one of start and end has a time and the other has none",
            "write both with a time, or both without",
            at="end",
        )
    first, last = (start, end) if isinstance(start, datetime) else (day(start), day(end))
    if last < first:
        raise wrong("schema/date-order", "the end lies before the start", "swap them, or mend the year", at="end")


def day(when: When) -> date:
    """The day of a day or time."""
    return when.date() if isinstance(when, datetime) else when


class Events(Written):
    """Dates to note, shown in the order of the file."""

    type: Literal["events"]
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    title: Line | None = None


class Heading(Written):
    """A headline between blocks."""

    type: Literal["heading"]
    text: Line
    level: Annotated[int, Field(ge=2, le=3)] = 2


class Text(Written):
    """Running text."""

    type: Literal["text"]
    text: Markdown


class Image(Picture):
    """A picture across the whole width."""

    type: Literal["image"]
    link: Link | None = None


class Button(Written):
    """A call to do something."""

    type: Literal["button"]
    url: Url
    label: Line


class Divider(Written):
    """A rule between blocks."""

    type: Literal["divider"]


Block = Annotated[Editorial | Article | Events | Heading | Text | Image | Button | Divider, Field(discriminator="type")]
