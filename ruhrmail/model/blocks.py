"""The blocks of an issue, as editors write them (pydantic, for strangers write here)."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic import Tag as PydanticTag
from pydantic_core import PydanticCustomError

from ruhrmail.model.dates import EventTime, When
from ruhrmail.model.variants import FOR_EVERYBODY, Condition, fold_tag, make_condition

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""A short text: plain, no markup."""
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A text whose line ends are kept: addresses, offices, closings."""
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=100_000, pattern=r"\S")]
"""Paragraphs, emphasis, links and lists."""
Anchor = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]

SCHEMES = ("https:", "http:", "mailto:", "tel:")
SLIPPED = re.compile(r"https?[;.,]?/{1,3}(?=[^/])", re.IGNORECASE)
"""A scheme whose colon went missing, as in `https//`."""
ANCHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIXED_PAGES = frozenset({"index", "mail"})
"""Names of HTML files that every issue has; no article's page may take one of them."""


def read_url(url: str) -> str:
    """An absolute link with a scheme that mail clients open."""
    if url.lower().startswith(SCHEMES):
        scheme, _, rest = url.partition(":")
        empty = not host_of(url) if scheme.lower().startswith("http") else not rest
        if empty or not has_port(url) or re.search(r"\s", re.sub(r"\{\{.*?\}\}", "", url)):
            raise wrong("link/broken", "this is no complete address: {value}", "copy it from the browser", value=url)
        return url
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
        raise wrong("link/scheme", "mail clients do not open {value}", "use https:, mailto: or tel:", value=url)
    slip = SLIPPED.match(url)
    hint = "did you mean {word}?" if slip else "write it with https:// in front"
    word = f"https://{url[slip.end() :]}" if slip else ""
    raise wrong("link/relative", "the link is not complete: {value}", hint, value=url, word=word)


def has_port(url: str) -> bool:
    """False for a web address whose port is no number from 1 to 65535; most name none."""
    match = re.match(r"https?://(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:\[]*):([^/?#@]+)(?:[/?#]|$)", url, re.IGNORECASE)
    return not match or (match[1].isdecimal() and match[1].isascii() and 0 < int(match[1][:6]) < 65536)


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

    model_config = ConfigDict(
        json_schema_extra={"if": {"not": {"required": ["decorative"]}}, "then": {"required": ["alt"]}}
    )

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


def read_tags(value: object) -> object:
    """One tag, several with commas between, or a list of tags."""
    if isinstance(value, str):
        return tuple(one for one in re.split("[|;,]", value) if one.strip()) or (value,)
    return value


def read_tag(text: str) -> str:
    """A tag as a cell of the list can hold it."""
    if re.search(r"[|;,\s]", text):
        raise wrong("schema/tag", "no reader can have the tag {value}", "a tag is one word", value=text)
    return text


Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(read_tag)]
TAG_SCHEMA = {"type": ["string", "number"], "minLength": 1, "maxLength": 100}
Tags = Annotated[
    tuple[Tag, ...],
    BeforeValidator(read_tags),
    WithJsonSchema({"anyOf": [TAG_SCHEMA, {"type": "array", "items": TAG_SCHEMA}]}),
]


class Placed(Written):
    """What every block can say about who sees it: readers with one of these tags, readers with none of those."""

    only_for: Tags = ()
    not_for: Tags = ()

    @property
    def condition(self) -> Condition:
        """Who sees the block."""
        return make_condition(self.only_for, self.not_for)

    @property
    def for_everybody(self) -> bool:
        """True for what may stand on public pages."""
        return self.condition == FOR_EVERYBODY

    def seen_with(self, tags: Iterable[str]) -> bool:
        """True when a reader with these tags sees the block."""
        return self.condition.holds(frozenset(map(fold_tag, tags)))


class Editorial(Placed):
    """The editor's letter."""

    type: Literal["editorial"]
    text: Markdown
    portrait: Picture | None = None
    salutation: Line | None = None
    closing: Lines | None = None
    author: Line | None = None
    role: Lines | None = None
    signature: Picture | None = None


def kind_of_body(value: object) -> str:
    """Markdown, or a list of blocks."""
    return "blocks" if isinstance(value, list | tuple) else "markdown"


Body = Annotated[
    Annotated[Markdown, PydanticTag("markdown")]
    | Annotated[Annotated[tuple["Block", ...], Field(min_length=1)], PydanticTag("blocks")],
    Discriminator(kind_of_body),
]
"""The full article, a page of its own."""


class Article(Placed):
    """A story's teaser, linked to where it is told."""

    type: Literal["article"]
    title: Line
    id: Annotated[Anchor, AfterValidator(read_anchor)] | None = None
    kicker: Line | None = None
    image: Picture | None = None
    text: Markdown | None = None
    link: Link | None = None
    body: Body | None = None
    layout: Literal["lead", "card"] | None = None

    @model_validator(mode="after")
    def leads_somewhere(self) -> Self:
        if self.link is not None and self.body is not None:
            raise wrong("schema/both", "the article has `link` and `body`", "keep one of the two", at="body")
        return self


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

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["start"]}, {"required": ["dates"]}]})

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
            template = "the event has `start` and `dates`" if self.start else "the event has `end` and `dates`"
            raise wrong("schema/both", template, "keep one of the two", at="dates")
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


class Events(Placed):
    """Dates to note, shown in the order of the file."""

    type: Literal["events"]
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    title: Line | None = None


class Heading(Placed):
    """A headline between blocks."""

    type: Literal["heading"]
    text: Line
    level: Annotated[int, Field(ge=2, le=3)] = 2


class Text(Placed):
    """Running text."""

    type: Literal["text"]
    text: Markdown


class Image(Placed, Picture):
    """A picture across the whole width."""

    type: Literal["image"]
    link: Link | None = None


class Button(Placed):
    """A call to do something."""

    type: Literal["button"]
    url: Url
    label: Line


class Divider(Placed):
    """A rule between blocks."""

    type: Literal["divider"]


class Gallery(Placed):
    """Pictures beside each other."""

    type: Literal["gallery"]
    images: Annotated[tuple[Picture, ...], Field(min_length=1, max_length=60)]
    title: Line | None = None


class Quote(Placed):
    """What somebody said."""

    type: Literal["quote"]
    text: Lines
    author: Line | None = None
    role: Lines | None = None
    portrait: Picture | None = None


class Contents(Placed):
    """A table of contents; its entries come by themselves."""

    type: Literal["contents"]
    title: Line | None = None


class Card(Written):
    """Something to read on."""

    title: Line
    link: Link
    text: Markdown | None = None
    image: Picture | None = None


class Related(Placed):
    """More on this topic."""

    type: Literal["related"]
    cards: Annotated[tuple[Card, ...], Field(min_length=1)]
    title: Line | None = None


class Figure(Written):
    """A key number."""

    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    label: Line
    note: Line | None = None


class Figures(Placed):
    """Key numbers beside each other."""

    type: Literal["figures"]
    figures: Annotated[tuple[Figure, ...], Field(min_length=1)]
    title: Line | None = None


class Logo(Picture):
    """A partner's sign."""

    link: Link | None = None


class Logos(Placed):
    """Partners and sponsors."""

    type: Literal["logos"]
    logos: Annotated[tuple[Logo, ...], Field(min_length=1)]
    title: Line | None = None


Block = Annotated[
    Editorial
    | Article
    | Events
    | Heading
    | Text
    | Image
    | Gallery
    | Quote
    | Button
    | Contents
    | Related
    | Figures
    | Logos
    | Divider,
    Field(discriminator="type"),
]
Article.model_rebuild()
