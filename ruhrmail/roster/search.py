"""A word to the rows that hold it, over lists of a million rows: only these are made into people."""

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ruhrmail.model.people import Person
from ruhrmail.roster.address import Address, read_address
from ruhrmail.roster.encoding import open_text
from ruhrmail.roster.people import PersonMaker

if TYPE_CHECKING:
    from ruhrmail.roster.read import Roster


def find_rows(roster: "Roster", text: str, most: int) -> Iterator[Person]:
    """The people of rows that hold the text, letter case aside, at most so many, in the order of the file.

    A row whose cells hold line breaks is not found, nor is one without a usable address.
    """
    wanted, width = text.casefold(), len(roster.headers)
    maker, email = PersonMaker(roster.names), roster.names.index("email")
    found = 0
    with open_text(roster.path, roster.name, roster.encoding) as file:
        for line in file:
            if found >= most:
                return
            if wanted not in line.casefold():
                continue
            cells = next(csv.reader([line], delimiter=roster.delimiter), [])
            if len(cells) != width or tuple(cells) == roster.headers:
                continue
            values = maker.values(cells)
            address = read_address(values[email], smtputf8=roster.smtputf8)
            if isinstance(address, Address):
                found += 1
                yield maker.person(address, values)
