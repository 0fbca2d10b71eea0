"""Mailchimp: an audience's export, one CSV for each standing, together in a zip file."""

import re
from collections.abc import Sequence

from ruhrmail.migrate.moments import Moment, read_or_none, says_when
from ruhrmail.migrate.tool import DROPPED, Agreed, cleared, own, refused, settled, split_quoted, story
from ruhrmail.model.migration import Arrival, Stood, stricter
from ruhrmail.model.people import Person

TITLE = "Mailchimp"
MARKS = {"member_rating", "optin_time", "confirm_time", "leid", "euid"}
ENOUGH = 3
OWN_COLUMNS = {
    "optin_time": "@asked", "confirm_time": "@confirmed", "confirm_ip": "@origin", "tags": "@tags",
    "unsub_time": "@left", "unsub_reason": "@why", "clean_time": "@bounced", "email_address": "email",
}  # fmt: skip
DROPPED_COLUMNS = {
    "email_type", "member_rating", "optin_ip", "latitude", "longitude", "gmtoff", "dstoff", "timezone", "cc", "region",
    "last_changed", "leid", "euid", "notes", "unsub_campaign_title", "unsub_campaign_id", "unsub_reason_other",
    "clean_campaign_title", "clean_campaign_id",
}  # fmt: skip
"""What a newsletter does not need: places, ratings, identifiers, notes."""
FILES = (
    (Stood.UNSUBSCRIBED, re.compile(r"(?<![a-z])un[ _.-]*subscribed(?![a-z])")),
    (Stood.BOUNCED, re.compile(r"(?<![a-z])cleaned(?![a-z])")),
    (Stood.UNCONFIRMED, re.compile(r"(?<![a-z])no[nt][ _.-]*subscribed(?![a-z])")),
    (Stood.SUBSCRIBED, re.compile(r"(?<![a-z])subscribed(?![a-z])")),
)
"""What the name of a file says, also where somebody has written it otherwise; the first that is found counts."""
COLUMNS = ((Stood.BOUNCED, "clean_time"), (Stood.UNSUBSCRIBED, "unsub_time"))
"""Which column says it by being there."""
ROWS = (("@bounced", Stood.BOUNCED), ("@left", Stood.UNSUBSCRIBED))
COMPLAINT = re.compile("abuse|spam", re.IGNORECASE)


class Mailchimp:
    """`subscribed_…`, `unsubscribed_…`, `cleaned_…` and `nonsubscribed_…csv`: only the name says who they are."""

    title = TITLE
    address_first = True

    def fits(self, headers: Sequence[str]) -> bool:
        """By the columns that every export has, whatever merge fields the audience adds."""
        return len(MARKS & set(headers)) >= ENOUGH

    def column(self, header: str, name: str) -> str:
        """Its capitals are its own, what the audience added is a merge field."""
        plain = header.strip().lower().replace(" ", "_")
        return DROPPED if plain in DROPPED_COLUMNS else OWN_COLUMNS.get(plain, name)

    def named(self, file: str, headers: Sequence[str]) -> Stood | None:
        """By the name of the file, or by a column of those who left or bounced: of both the stricter."""
        name = file.rpartition("/")[2].lower()
        said = next((standing for standing, pattern in FILES if pattern.search(name)), None)
        shown = next((standing for standing, column in COLUMNS if column in headers), None)
        return said if shown is None else stricter(shown, said)

    def tells(self, headers: Sequence[str]) -> bool:
        """Its rows never do."""
        return False

    def arrive(self, person: Person, named: Stood | None) -> Arrival:
        """A person; whom nothing calls subscribed is not."""
        named = stricter(standing_of(person), named or Stood.UNCONFIRMED)
        asked, confirmed = read_or_none(own(person, "@asked")), read_or_none(own(person, "@confirmed"))
        if named is Stood.SUBSCRIBED:
            tags = split_quoted(own(person, "@tags"))
            found = settled(person, Agreed(agreed_at(asked, confirmed), TITLE), cleared(person), tags)
            origin = own(person, "@origin") if asked else ""
            return Arrival(found, named, confirmed.at if confirmed else None, story(TITLE, asked, confirmed), origin)
        left = read_or_none(own(person, "@bounced" if named is Stood.BOUNCED else "@left"))
        complained = named is Stood.UNSUBSCRIBED and COMPLAINT.search(own(person, "@why"))
        return refused(person, Stood.COMPLAINED if complained else named, TITLE, left)


def standing_of(person: Person) -> Stood:
    """What the row itself says: who has a time of leaving or bouncing is not subscribed, whatever the file says."""
    found = (standing for column, standing in ROWS if says_when(own(person, column)))
    return next(found, Stood.SUBSCRIBED)


def agreed_at(asked: Moment | None, confirmed: Moment | None) -> str:
    """When they agreed. Without a time of signing up the operator had added them, which proves nothing."""
    return (confirmed or asked).text if asked else ""
