"""An issue rendered: what a mail holds and what the web page shows."""

from dataclasses import dataclass, field

from ruhrmail.model.archive import About
from ruhrmail.model.merge import MergeText


@dataclass(frozen=True, slots=True)
class Asset:
    """A fitted picture. `name` is made from its content (`0f3a….jpg`), so an address never changes its picture."""

    name: str
    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def content_id(self) -> str:
        """How a mail that carries the picture names it (RFC 2392), without `cid:` and angle brackets."""
        return f"{self.name}@picture"


@dataclass(frozen=True, slots=True)
class File:
    """A public file beside an issue's page: an article's page (`radweg.html`) or a calendar (`radtour.ics`).

    One that is not `listed` is for some readers' mails: nothing public leads there.
    """

    name: str
    content: bytes
    media_type: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Marked:
    """An edition's HTML once more, each element with its source mark: for checking alone, never built or sent."""

    html: MergeText
    web: str
    pages: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue, rendered for one set of visible blocks (`variant`, empty where an issue has only one).

    `html`, `text` and `subject` are cut at their merge fields; `web` is the finished public page, whose pictures
    lie in `assets/` beside it and whose article pages and calendars are `files`. `embedded`: the
    mail carries its pictures itself, its HTML names them by `content_id`.
    """

    slug: str
    variant: str
    language: str
    subject: MergeText
    preheader: MergeText
    html: MergeText
    text: MergeText
    web: str
    assets: tuple[Asset, ...]
    files: tuple[File, ...] = ()
    embedded: bool = False
    marked: Marked | None = None
    about: About = field(default_factory=About)
