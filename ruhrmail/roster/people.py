"""Cells to Person."""

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person
from ruhrmail.roster.address import Address

GUARDED = re.compile(r"'+[=+\-@\t\r|]")
"""How spreadsheets are kept from running a cell as a formula: the first apostrophe, which our export writes."""
TAG_SEPARATORS = re.compile(r"[|;,\s]+")
TEXTS = tuple(name for name in KNOWN_COLUMNS if name not in ("email", "tags"))


class PersonMaker:
    """Makes people from the rows of one file; `names` says what each column is, empty for an unused one."""

    def __init__(self, names: Sequence[str]) -> None:
        # A column that the file lacks is read from one more cell, which is always empty.
        self.width = len(names)
        places = {name: index for index, name in enumerate(names) if name}
        self.texts = itemgetter(*(places.get(name, self.width) for name in TEXTS))
        self.tags = places.get("tags", self.width)
        self.others = tuple((name, index) for name, index in places.items() if name not in KNOWN_COLUMNS)

    def values(self, cells: Sequence[str]) -> list[str]:
        """The cells as values: without the blanks around them and without a formula guard, and one empty one more."""
        values = [cell.strip() for cell in cells]
        if "'" in "".join(cells):
            values = [value[1:].strip() if GUARDED.match(value) else value for value in values]
        values.append("")
        return values

    def person(self, address: Address, values: Sequence[str]) -> Person:
        """The person of one row."""
        salutation, title, first_name, last_name, company, language, at, source, text = self.texts(values)
        return Person(
            address.email,
            address.key,
            salutation,
            title,
            first_name,
            last_name,
            company,
            language,
            split_tags(values[self.tags]),
            at,
            source,
            text,
            {name: values[index] for name, index in self.others},
        )


@lru_cache(maxsize=1000)
def split_tags(text: str) -> tuple[str, ...]:
    """Tags, each once, in their order; they stand between |, semicolons, commas or blanks."""
    return tuple(dict.fromkeys(tag for tag in TAG_SEPARATORS.split(text) if tag))
