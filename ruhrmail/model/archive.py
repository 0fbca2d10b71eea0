"""What the archive tells about a public issue: only what is for everybody, as plain text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Story:
    """An article as lists show it. `place` is where it stands relative to the issue's page: `radweg.html`, `#radweg`.

    `topic` is its kicker as an address can hold it; both are empty where it has none.
    """

    title: str
    place: str
    text: str = ""
    kicker: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One date of an event: times as ISO 8601 writes them, in Central European time, and its VEVENT (RFC 5545); `when`
    is the time in words."""

    uid: str
    title: str
    start: str
    end: str
    place: str
    entry: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What lists, feeds and search engines say of an issue; `zone` is the VTIMEZONE its dates need, if any."""

    title: str = ""
    text: str = ""
    language: str = "de"
    stories: tuple[Story, ...] = ()
    happenings: tuple[Happening, ...] = ()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A public issue as the archive keeps it. `texts` holds the running text of its page (`""`) and of its articles'
    pages by their names, for the search."""

    slug: str
    date: date
    number: int | None
    about: About
    texts: Mapping[str, str] = field(default_factory=dict)
