"""Keila: the CSV of a project's contacts."""

from collections.abc import Callable, Sequence

from ruhrmail.migrate.attributes import no_object, read_attributes
from ruhrmail.migrate.tool import DROPPED, Agreed, cleared, own, refused, settled, story
from ruhrmail.model.migration import Arrival, Complaint, Stood, stricter
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase

TITLE = "Keila"
MARKS = {"email", "first name", "last name", "data"}
STANDINGS = {
    "active": Stood.SUBSCRIBED,
    "unsubscribed": Stood.UNSUBSCRIBED,
    "unreachable": Stood.BOUNCED,
}


class Keila:
    """Address, names, data and standing; no times, and nothing about consent."""

    title = TITLE
    address_first = False

    def __init__(self, name_column: Callable[[str], str]) -> None:
        self.name_column = name_column

    def fits(self, headers: Sequence[str]) -> bool:
        """By the columns that it always writes."""
        return set(headers) >= MARKS

    def column(self, header: str, name: str) -> str:
        """Its own columns; there are no others."""
        return {"data": "@attributes", "status": "@status", "external id": DROPPED}.get(header.strip().lower(), name)

    def named(self, file: str, headers: Sequence[str]) -> Stood | None:
        """No name of a file says anything."""
        return None

    def tells(self, headers: Sequence[str]) -> bool:
        """In a column that older versions did not have."""
        return "status" in headers

    def arrive(self, person: Person, named: Stood | None) -> Arrival | Complaint:
        """A contact."""
        status = own(person, "@status").lower()
        if status and status not in STANDINGS:
            return Complaint("@status", phrase("{value} is no state that {tool} knows", value=status, tool=TITLE))
        standing = stricter(STANDINGS.get(status, Stood.SUBSCRIBED), named)
        if standing is not Stood.SUBSCRIBED:
            return refused(person, standing, TITLE, None)
        try:
            fields = read_attributes(own(person, "@attributes"), self.name_column)
        except ValueError:
            return no_object("@attributes")
        tags = fields.pop("tags", "").split(",")
        found = settled(person, Agreed("", TITLE), cleared(person) | fields, tags)
        return Arrival(found, standing, None, story(TITLE, None, None))
