"""A CSV file to people and findings, one row at a time."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.people import CONTROL, STATE_COLUMN, Person
from ruhrmail.roster import findings
from ruhrmail.roster.address import EDGES, Address, local_of, read_address
from ruhrmail.roster.columns import SEPARATOR, find_delimiter, name_columns
from ruhrmail.roster.encoding import open_text, scan
from ruhrmail.roster.findings import Spot
from ruhrmail.roster.lines import LineFeed, is_too_long, read_records
from ruhrmail.roster.people import PersonMaker
from ruhrmail.roster.search import find_rows
from ruhrmail.roster.seen import Seen

SAMPLE = 1 << 16
BLANK = " \t\r\n,;"
BROKEN = re.compile("[\ud800-\udfff\ufffd]")


Proven = Callable[[str], bool]
FirstLine = Callable[[str, int], int]
"""From an address's key and its line to the line where it came first."""


def nobody(_: str) -> bool:
    """True for whose consent is on record: here for no one."""
    return False


@dataclass(frozen=True, slots=True)
class Roster:
    """A CSV file whose header is understood.

    `columns` are the names that merge fields may use, `sha256` the hexadecimal hash of the file's bytes.
    `headers` is the header row as it stands in the file, `names` the column each of its cells means. `smtputf8` says
    that addresses may hold more than ASCII before the @.
    """

    path: Path
    name: str
    columns: tuple[str, ...]
    sha256: str
    encoding: str
    delimiter: str
    legal_basis: bool
    headers: tuple[str, ...]
    names: tuple[str, ...]
    smtputf8: bool = False

    def unchanged(self) -> bool:
        """Whether the file still holds the bytes that `sha256` is of. Raises InvalidInput when it is gone."""
        return scan(self.path, self.name).sha256 == self.sha256

    def find(self, text: str, most: int) -> Iterator[Person]:
        """The people whose rows hold the text, at most so many. Raises InvalidInput when the file is gone."""
        return find_rows(self, text, most)

    def rows(self, proven: Proven = nobody) -> Iterator[Person | Finding]:
        """Everybody in the file and everything that is wrong with it, in the order of the rows, each time anew.

        A row with an error, or with an address that was there before, yields no person. Without a legal basis the
        last finding counts the rows that say nothing about consent, but those of addresses whose consent is `proven`
        (asked by key) otherwise. Raises InvalidInput when the file is gone.
        """
        with self.reading(proven) as reading:
            yield from reading.run()

    @contextmanager
    def reading(self, proven: Proven = nobody, seen: FirstLine | None = None) -> Iterator["Reading"]:
        """The same as something that also tells where the row at hand stands. `seen` is asked for the line where an
        address came first, by default of those in this file. Raises InvalidInput when the file is gone."""
        with open_text(self.path, self.name, self.encoding) as file:
            yield Reading(self, LineFeed(file), proven, seen or Seen().first_line)

    def places_of(self, *keys: str) -> Iterator[Location]:
        """Where the addresses with these keys stand, every time they do. Raises InvalidInput when the file is gone."""
        email, locals_ = self.names.index("email"), {key.rpartition("@")[0] for key in keys}
        with open_text(self.path, self.name, self.encoding) as file:
            feed = LineFeed(file)
            records = read_records(feed, self.delimiter)
            skip_to_header(feed, records)
            for cells in records:
                text = EDGES.sub("", cells[email]) if cells is not None and email < len(cells) else ""
                if local_of(text).lower() in locals_:
                    found = read_address(text, smtputf8=self.smtputf8)
                    if isinstance(found, Address) and found.key in keys:
                        yield Spot(self.name, feed.first, feed.row[0], self.delimiter).at(email)


def open_roster(
    path: Path, name: str, *, legal_basis: bool = False, smtputf8: bool = False, address_first: bool = False
) -> Roster:
    """Looks at a CSV file once, called `name` in messages: encoding, delimiter, columns.

    `legal_basis` says that the newsletter states one for all rows, so that none needs consent columns, `smtputf8` that
    addresses may hold more than ASCII before the @, `address_first` that the first column holds the addresses where
    none is called so. Raises InvalidInput for a file that is empty, has no column of
    addresses or cannot be read.
    """
    found = scan(path, name)
    with open_text(path, name, found.encoding) as file:
        sample = file.read(SAMPLE)
    separator = SEPARATOR.match(sample)
    delimiter = separator[1] if separator else find_delimiter(sample)
    with open_text(path, name, found.encoding) as file:
        feed = LineFeed(file)
        headers = skip_to_header(feed, read_records(feed, delimiter))
        spot = Spot(name, feed.first, feed.row[0] if feed.row else "", delimiter)
    if headers is None:
        raise findings.empty_file(name)
    names = name_columns(headers)
    if address_first and "email" not in names:
        names = ("email", *names[1:])
    if "email" not in names:
        raise findings.no_email_column(spot, headers)
    if STATE_COLUMN in names:
        raise findings.not_mailed(spot, names.index(STATE_COLUMN))
    columns = tuple(one for one in names if one)
    return Roster(
        path, name, columns, found.sha256, found.encoding, delimiter, legal_basis, tuple(headers), names, smtputf8
    )


def skip_to_header(feed: LineFeed, records: Iterator[list[str] | None]) -> list[str] | None:
    """The first filled record after a line `sep=;`, None in an empty file."""
    for cells in records:
        separator = feed.first == 1 and SEPARATOR.fullmatch(feed.row[0])
        if not separator and (cells is None or "".join(cells).strip(BLANK)):
            return cells if cells is not None else [feed.row[0]]
    return None


class Reading:
    """One pass over the rows of a roster."""

    def __init__(self, roster: Roster, feed: LineFeed, proven: Proven, first_line: FirstLine) -> None:
        self.roster = roster
        self.feed = feed
        self.proven = proven
        self.email = roster.names.index("email")
        self.maker = PersonMaker(roster.names)
        self.first_line = first_line
        self.without_consent = 0
        self.first_without: Spot | None = None

    def run(self) -> Iterator[Person | Finding]:
        """People and findings."""
        records = read_records(self.feed, self.roster.delimiter)
        skip_to_header(self.feed, records)
        yield from self.header()
        wanted = len(self.roster.headers)
        for cells in records:
            if cells is None:
                yield findings.too_long(self.spot()) if is_too_long(self.feed) else findings.open_quote(self.spot())
                continue
            text = "".join(cells)
            if len(cells) == wanted and text.isprintable() and text.strip():
                yield self.person(cells)
            elif text.strip():
                yield from self.unusual(cells, wanted)
        if self.first_without is not None:
            yield findings.consent_missing(self.first_without, self.without_consent)

    def header(self) -> Iterator[Finding]:
        """What is wrong with the names of the columns."""
        for cell, (header, name) in enumerate(zip(self.roster.headers, self.roster.names, strict=True)):
            if not name:
                yield findings.unused_column(self.spot(), cell, header)

    def unusual(self, cells: list[str], wanted: int) -> Iterator[Person | Finding]:
        """The same for a row of another length, or one that holds line breaks or something worse."""
        if len(cells) < wanted or any(cell.strip() for cell in cells[wanted:]):
            yield findings.wrong_count(self.spot(), len(cells), wanted)
        else:
            yield from self.cleaned(cells[:wanted])

    def cleaned(self, cells: list[str]) -> Iterator[Person | Finding]:
        """The person of a row, without its control characters."""
        for index, cell in enumerate(cells):
            if BROKEN.search(cell):
                yield findings.undecodable(self.spot(), index)
                return
            match = CONTROL.search(cell)
            if match and index != self.email:
                yield findings.control_character(self.spot(), index, match[0])
                cells[index] = CONTROL.sub("", cell)
        yield self.person(cells)

    def person(self, cells: Sequence[str]) -> Person | Finding:
        """The person of a row, or why there is none."""
        values = self.maker.values(cells)
        text = values[self.email]
        address = read_address(text, smtputf8=self.roster.smtputf8)
        if not isinstance(address, Address):
            return findings.bad_address(self.spot(), self.email, text, address)
        number = self.feed.first
        first = self.first_line(address.key, number)
        if first != number:
            return findings.duplicate(self.spot(), self.email, first)
        person = self.maker.person(address, values)
        if not self.roster.legal_basis and not has_consent(person) and not self.proven(person.key):
            self.without_consent += 1
            self.first_without = self.first_without or self.spot()
        return person

    def at(self, column: str) -> Location:
        """Where the current row has the cell of a column."""
        return self.spot().at(self.roster.names.index(column))

    def spot(self) -> Spot:
        """Where the current row stands."""
        return Spot(self.roster.name, self.feed.first, self.feed.row[0], self.roster.delimiter)


def has_consent(person: Person) -> bool:
    """True for a row that says when somebody agreed, and where or to what."""
    return bool(person.consented_at and (person.consent_source or person.consent_text))
