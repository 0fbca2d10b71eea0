"""A sentence with named gaps, translated only where it meets a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English template and the values for its gaps.

    Rooms make phrases, doors translate them: no room knows the reader's language.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.values) if self.values else self.template


def phrase(template: str, /, **values: object) -> Phrase:
    """`phrase("no issue named {slug}", slug="x")`; literal braces are doubled when there are values."""
    return Phrase(template, values)
