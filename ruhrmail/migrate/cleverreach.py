"""CleverReach: the CSV of a list, one row for each recipient, with the times that its interface names."""

from collections.abc import Sequence

from ruhrmail.migrate.moments import Moment, read_moment, read_or_none, says_when
from ruhrmail.migrate.tool import DROPPED, Agreed, cleared, own, refused, settled, story, unreadable_time
from ruhrmail.model.migration import Arrival, Complaint, Stood, stricter
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase

TITLE = "CleverReach"
OWN_COLUMNS = {
    "@asked": ("registered", "registriert", "registriert am", "registrierungsdatum", "anmeldedatum"),
    "@confirmed": ("activated", "aktiviert", "aktiviert am", "aktivierungsdatum"),
    "@left": ("deactivated", "deaktiviert", "deaktiviert am", "deaktivierungsdatum", "abmeldedatum", "abgemeldet am"),
    "@source": ("source", "quelle"),
    "@active": ("active", "aktiv", "status"),
    "@bounced": ("bounced", "bounce", "gebounced", "bounces"),
    "@tags": ("tags", "schlagwörter", "schlagworte"),
    DROPPED: (
        "id", "imported", "group_id", "last_ip", "last_location", "last_client", "last_changed", "points", "stars",
        "conversion_rate", "response_rate", "order_rate", "events", "orders", "bewertung", "sterne", "punkte",
        "letzte ip", "letzte änderung", "geändert", "bestellungen", "ip",
    ),
}  # fmt: skip
MEANINGS = {header: column for column, headers in OWN_COLUMNS.items() for header in headers}
TIMES = ("@asked", "@confirmed", "@left")
SAY_WHO = ("@confirmed", "@left", "@active")
WORDS = {
    Stood.SUBSCRIBED: ("1", "true", "ja", "yes", "active", "aktiv", "activated", "aktiviert"),
    Stood.UNSUBSCRIBED: (
        "0", "false", "nein", "no", "inactive", "inaktiv", "deactivated", "deaktiviert", "abgemeldet", "unsubscribed",
    ),
    Stood.BOUNCED: ("bounced", "bounce", "gebounced"),
    Stood.UNCONFIRMED: ("unconfirmed", "unbestätigt", "pending", "nicht bestätigt"),
    Stood.BLOCKED: ("blacklist", "blacklisted", "blocked", "gesperrt"),
}  # fmt: skip
STANDINGS = {word: standing for standing, words in WORDS.items() for word in words}
NO = ("", "0", "false", "nein", "no", "null")
BOUNCE_COLUMN = "@bounced"


class CleverReach:
    """German or English headers, times as dates or seconds since 1970."""

    title = TITLE
    address_first = False

    def fits(self, headers: Sequence[str]) -> bool:
        """By two of its three times."""
        return len({MEANINGS.get(one) for one in headers} & set(TIMES)) > 1

    def column(self, header: str, name: str) -> str:
        """Its own columns; fields that the list adds are merge fields."""
        return MEANINGS.get(header.strip().lower(), name)

    def named(self, file: str, headers: Sequence[str]) -> Stood | None:
        """No name of a file says anything."""
        return None

    def tells(self, headers: Sequence[str]) -> bool:
        """Where a column says who is active."""
        return bool({MEANINGS.get(one) for one in headers} & set(SAY_WHO))

    def arrive(self, person: Person, named: Stood | None) -> Arrival | Complaint:
        """A recipient; of what several columns say the stricter holds."""
        word = own(person, "@active").lower()
        if word and word not in STANDINGS:
            return Complaint("@active", phrase("{value} is no state that {tool} knows", value=word, tool=TITLE))
        asked, left = read_or_none(own(person, "@asked")), read_or_none(own(person, "@left"))
        try:
            confirmed = read_moment(own(person, "@confirmed"))
        except (ValueError, OverflowError):
            return unreadable_time("@confirmed", own(person, "@confirmed"))
        standing = stricter(standing_of(person, confirmed, left), named)
        if word:
            standing = stricter(standing, STANDINGS[word])
        if standing is not Stood.SUBSCRIBED:
            return refused(person, standing, TITLE, left if standing is Stood.UNSUBSCRIBED else None)
        return subscribed(person, asked, confirmed)


def standing_of(person: Person, confirmed: Moment | None, left: Moment | None) -> Stood:
    """What the times say: a time of leaving counts unless they were activated again later."""
    if own(person, BOUNCE_COLUMN).lower() not in NO:
        return Stood.BOUNCED
    if says_when(own(person, "@left")) and (left is None or confirmed is None or confirmed.at <= left.at):
        return Stood.UNSUBSCRIBED
    if confirmed is None and "@confirmed" in person.fields:
        return Stood.UNCONFIRMED
    return Stood.SUBSCRIBED


def subscribed(person: Person, asked: Moment | None, confirmed: Moment | None) -> Arrival:
    """Somebody on the list. Equal times say only that they were added, by whomever."""
    opted_in = asked if asked and confirmed and asked.at < confirmed.at else None
    source = own(person, "@source")
    page = f"{TITLE}: {source}" if source else TITLE
    proven = Agreed(confirmed.text if confirmed and opted_in else "", page)
    found = settled(person, proven, cleared(person), own(person, "@tags").split(","))
    at = confirmed.at if confirmed else None
    return Arrival(found, Stood.SUBSCRIBED, at, story(TITLE, opted_in, confirmed))
