"""Who answers for a newsletter, as pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImprintLine:
    """One line: what is told, what it is called in front of it (or nothing), and where it leads (or nowhere)."""

    value: str
    label: str = ""
    url: str = ""
