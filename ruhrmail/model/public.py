"""What the public sees of a newsletter."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose link it is: the address, mostly hidden (`l…@newsletter.example`), and whether it is off the list."""

    address: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A public issue as the archive lists it."""

    slug: str
    title: str
    date: date
    number: int | None = None
