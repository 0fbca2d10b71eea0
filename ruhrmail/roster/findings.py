"""What can be wrong with a row, as findings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.people import STATE_COLUMN
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.roster.address import LETTERS
from ruhrmail.roster.columns import cell_column
from ruhrmail.source.document import mask

MAX_EXCERPT = 120
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
COMPARE = phrase("compare the row with the first line: a delimiter or a quotation mark is missing, or one is too many")


@dataclass(frozen=True, slots=True)
class Spot:
    """A row as messages show it: the file's name, the line where the row starts, that line's text."""

    name: str
    number: int
    line: str
    delimiter: str = ","

    def at(self, cell: int | None = None) -> Location:
        """The location of one of the row's cells, counted from 0, else of the row."""
        column = 1 if cell is None else cell_column(self.line, cell, self.delimiter)
        return Location(self.name, self.number, column, shorten(self.line))


def shorten(line: str) -> str:
    """The line as one can show it: at most 120 characters, nothing invisible, nothing undecodable."""
    text = INVISIBLE.sub(" ", line.rstrip("\r\n")[: MAX_EXCERPT + 1])
    text = mask(text.encode("utf-8", "replace").decode("utf-8"))
    return text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1] + "…"


def empty_file(name: str) -> InvalidInput:
    """Nothing is in the file, not even a header."""
    message = phrase("the file is empty")
    hint = phrase("the first line names the columns: email,salutation,title,first_name,last_name")
    return InvalidInput([Finding("csv/empty", "error", Location(name), message, hint)])


def no_email_column(spot: Spot, headers: Sequence[str]) -> InvalidInput:
    """The header names no column of addresses."""
    if any("@" in header for header in headers):
        message = phrase("the first line holds an address where the names of the columns belong")
    else:
        message = phrase("there is no column with the e-mail addresses")
    hint = phrase("put a line in front that names the columns, one of them email")
    return InvalidInput([Finding("csv/no-email-column", "error", spot.at(), message, hint)])


def not_mailed(spot: Spot, cell: int) -> InvalidInput:
    """The people are those whom an export of ours says not to mail."""
    message = phrase("people who are not on the list were exported into this file: {column}", column=STATE_COLUMN)
    hint = phrase("who left must not be mailed; whom you may mail nevertheless, put into a file without this column")
    return InvalidInput([Finding("csv/columns", "error", spot.at(cell), message, hint)])


def unused_column(spot: Spot, cell: int, header: str) -> Finding:
    """A column without a name, or with one that another has already."""
    if header.strip():
        message = phrase("a column {name} was there before; this one is not used", name=shorten(header.strip()))
    else:
        message = phrase("column {number} has no name and is not used", number=cell + 1)
    return Finding("csv/columns", "warning", spot.at(cell), message, phrase("rename the column or delete it"))


def wrong_count(spot: Spot, found: int, wanted: int) -> Finding:
    """A row with more or fewer cells than the header."""
    message = phrase("the row has {found} cells, the first line has {wanted}", found=found, wanted=wanted)
    return Finding("csv/columns", "error", spot.at(), message, COMPARE)


def open_quote(spot: Spot) -> Finding:
    """A row whose quotation marks do not pair up."""
    return Finding("csv/columns", "error", spot.at(), phrase("the quotation marks of this row do not pair up"), COMPARE)


def too_long(spot: Spot) -> Finding:
    """A row that nobody wrote by hand."""
    message = phrase("a cell of this row is longer than 1 MB")
    return Finding("csv/too-long", "error", spot.at(), message, phrase("delete the cell's content"))


def undecodable(spot: Spot, cell: int) -> Finding:
    """A cell with bytes that are no text in the file's encoding."""
    message = phrase("a character of this row cannot be read")
    return Finding("csv/encoding", "error", spot.at(cell), message, phrase("save the file as UTF-8 and mend the row"))


def control_character(spot: Spot, cell: int, character: str) -> Finding:
    """A cell with something invisible, which is left out."""
    message = phrase("the invisible character U+{code} is left out", code=f"{ord(character):04X}")
    return Finding("csv/encoding", "warning", spot.at(cell), message, phrase("delete it"))


def bad_address(spot: Spot, cell: int, text: str, reason: Phrase) -> Finding:
    """A cell that holds no address."""
    if text.strip():
        message = phrase("{value} is no mail address: {reason}", value=shorten(text.strip()), reason=reason)
    else:
        message = phrase("the e-mail address is missing")
    return Finding("csv/address", "error", spot.at(cell), message, ALLOW if reason is LETTERS else MEND)


MEND = phrase("mend the address or delete the row")
ALLOW = phrase("ask for another address, or set `delivery.smtputf8: true` where a relay offers SMTPUTF8")


def duplicate(spot: Spot, cell: int, first: int) -> Finding:
    """An address that was there before."""
    message = phrase("the same address as in line {line}; this row is not used", line=first)
    return Finding("csv/duplicate", "info", spot.at(cell), message)


def consent_missing(spot: Spot, count: int) -> Finding:
    """Rows that say nothing about consent, named once at the first of them."""
    message = phrase("rows without proof of consent: {count}, this is the first", count=count)
    hint = phrase("fill in consented_at and consent_source, or state `legal_basis` in ruhrmail.yaml")
    return Finding("legal/consent-missing", "warning", spot.at(), message, hint)
