"""What the public sees of a newsletter."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """Where somebody stands who uses the link of a confirmation mail."""

    OPEN = "open"
    """The link can confirm."""
    CONFIRMED = "confirmed"
    """It just did."""
    DONE = "done"
    """It did so before, and they are on the list."""
    LATE = "late"
    """It is too old, or they left since: whoever wants to come back asks anew."""
    BARRED = "barred"
    """They may not come back by themselves: after a complaint, or by the editors' hand."""


@dataclass(frozen=True, slots=True)
class Confirming:
    """Whose link it is, mostly hidden (`l…@newsletter.example`), in which language they read (`de`, `en`), and where
    they stand. Address and language are empty where nothing is known of them any more."""

    step: Step
    address: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose link it is: the address, mostly hidden (`l…@newsletter.example`), and whether it is off the list.

    `language` is the one that the person reads, empty where nobody said so; `preferences` the path of the page where
    they choose topics, empty where there is none. A genuine link of somebody the store knows no more has no address.
    """

    address: str
    gone: bool
    language: str = ""
    preferences: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is off the list: the language they read, and whether the store (still) knows who that was."""

    language: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """A public issue as the archive lists it."""

    slug: str
    title: str
    date: date
    number: int | None = None
