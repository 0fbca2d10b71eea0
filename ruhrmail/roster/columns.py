"""Header rows: the delimiter, and what each column is called."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence

ALIASES = {
    "email": "email",
    "mail": "email",
    "emailaddress": "email",
    "mailaddress": "email",
    "emailadresse": "email",
    "mailadresse": "email",
    "anrede": "salutation",
    "titel": "title",
    "vorname": "first_name",
    "givenname": "first_name",
    "nachname": "last_name",
    "familienname": "last_name",
    "surname": "last_name",
    "firma": "company",
    "sprache": "language",
    "salutation": "salutation",
    "title": "title",
    "firstname": "first_name",
    "lastname": "last_name",
    "company": "company",
    "language": "language",
    "tags": "tags",
    "consentedat": "consented_at",
    "consentsource": "consent_source",
    "consenttext": "consent_text",
}
"""Header names without anything but letters, and the columns they mean."""
LETTERS = {ord(letter): pair for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))}
DELIMITERS = (",", ";", "\t")
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)
SAMPLE_ROWS = 50


def name_column(header: str) -> str:
    """The name by which merge fields use a column; empty for a header that is."""
    text = unicodedata.normalize("NFC", header).strip().lower().translate(LETTERS)
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    name = re.sub("[^a-z0-9]", "_", plain)
    return ALIASES.get(name.replace("_", ""), name)


def name_columns(headers: Sequence[str]) -> tuple[str, ...]:
    """The name of each column, empty for one that is not used: without a name, or with one that was there before."""
    names: list[str] = []
    for header in headers:
        name = name_column(header)
        names.append("" if name in names else name)
    return tuple(names)


def find_delimiter(sample: str) -> str:
    """The delimiter under which the beginning of a file makes most sense.

    One that finds a column of addresses wins, then the one whose rows have as many cells as the header, then the
    one with more columns.
    """
    return max(DELIMITERS, key=lambda delimiter: score(sample, delimiter))


def score(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter fits; greater is better."""
    rows = sample_rows(sample, delimiter)
    if not rows:
        return False, 0.0, 0
    header, *rest = rows
    alike = sum(len(row) == len(header) for row in rest) / len(rest) if rest else 1.0
    return "email" in map(name_column, header), alike if len(header) > 1 else 0.0, len(header)


def sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    """The first filled rows, read leniently."""
    lines = iter(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", sample))
    found: list[list[str]] = []
    for row in until_broken(csv.reader(lines, delimiter=delimiter)):
        if any(cell.strip() for cell in row):
            found.append(row)
        if len(found) == SAMPLE_ROWS:
            break
    return found


def until_broken(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows up to one that the csv module refuses."""
    try:
        yield from rows
    except csv.Error:
        return


def cell_column(line: str, index: int, delimiter: str) -> int:
    """The character column, from 1, at which a cell of a row begins; 1 where it lies on a later line."""
    quoted = False
    for column, character in enumerate(line, 1):
        if index == 0:
            return column
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            index -= 1
    return 1
