"""The blocks of an issue, as editors write them."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, StringConstraints, model_validator
from pydantic import Tag as PydanticTag

from ruhrmail.model.events import Events
from ruhrmail.model.links import Link, Url
from ruhrmail.model.placed import Placed
from ruhrmail.model.written import Line, Lines, Markdown, Written, wrong

Anchor = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
ANCHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIXED_PAGES = frozenset({"index", "mail"})
"""Names of HTML files that every issue has; no article's page may take one of them."""


def read_anchor(text: str) -> str:
    """An id: small letters, digits and single hyphens."""
    if not ANCHOR.fullmatch(text):
        raise wrong("schema/id", "{value} cannot be an id", "small letters a-z, digits and hyphens", value=text)
    return text


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
