"""Cells to Person."""

import re
from collections.abc import Sequence

from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person
from ruhrmail.roster.address import Address

GUARDED = tuple(f"'{character}" for character in "=+-@\t\r|")
"""How spreadsheets are kept from running a cell as a formula; our export writes it."""
TAG_SEPARATORS = re.compile(r"[|;,\s]+")
TEXTS = tuple(name for name in KNOWN_COLUMNS if name not in ("email", "tags"))


class PersonMaker:
    """Makes people from the rows of one file; `names` says what each column is, empty for an unused one."""

    def __init__(self, names: Sequence[str]) -> None:
        # A column that the file lacks is read from one more cell, which is always empty.
        self.known = tuple((name, names.index(name) if name in names else len(names)) for name in TEXTS)
        self.tags = names.index("tags") if "tags" in names else len(names)
        self.others = tuple((name, index) for index, name in enumerate(names) if name and name not in KNOWN_COLUMNS)
        self.width = len(names)

    def values(self, cells: Sequence[str]) -> list[str]:
        """The cells as values: without the blanks around them and without a formula guard, and one empty one more."""
        values = [cell.strip() for cell in cells[: self.width]]
        values.append("")
        for index, value in enumerate(values):
            if value.startswith(GUARDED):
                values[index] = value[1:].strip()
        return values

    def person(self, address: Address, values: Sequence[str]) -> Person:
        """The person of one row."""
        return Person(
            address.email,
            address.key,
            **{name: values[index] for name, index in self.known},
            tags=split_tags(values[self.tags]) if values[self.tags] else (),
            fields={name: values[index] for name, index in self.others},
        )


def split_tags(text: str) -> tuple[str, ...]:
    """Tags, each once, in their order; they stand between |, semicolons, commas or blanks."""
    return tuple(dict.fromkeys(tag for tag in TAG_SEPARATORS.split(text) if tag))
