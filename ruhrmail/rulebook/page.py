"""A manual page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A rule's manual page: what it finds, why that matters, an example with the fault and one without, the remedy.

    An example is empty where none would help; `why` is, where the title says it all.
    """

    title: str
    why: str
    bad: str
    good: str
    remedy: str
