"""listmonk: the CSV of its subscribers page, or the JSON of its interface, which knows lists and opt-ins as well."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ruhrmail.migrate.attributes import no_object, read_attributes
from ruhrmail.migrate.moments import Moment, read_or_none
from ruhrmail.migrate.tool import DROPPED, Agreed, cleared, own, refused, settled, story
from ruhrmail.model.migration import Arrival, Complaint, Stood, stricter
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase

TITLE = "listmonk"
MARKS = {"uuid", "email", "attributes", "status"}
OWN_COLUMNS = {
    "uuid": DROPPED, "id": DROPPED, "name": "@name", "attributes": "@attributes", "attribs": "@attributes",
    "status": "@status", "created_at": "@created", "updated_at": "@updated",
}  # fmt: skip
STANDINGS = {
    "enabled": Stood.SUBSCRIBED,
    "disabled": Stood.UNSUBSCRIBED,
    "blocklisted": Stood.BLOCKED,
    "blacklisted": Stood.BLOCKED,
}
SIMPLE = 2
"""How many words of a name are surely a first and a last one."""
Json = Mapping[str, Any]


class Listmonk:
    """`name_column` makes the names of attributes those that merge fields use."""

    title = TITLE
    address_first = False

    def __init__(self, name_column: Callable[[str], str]) -> None:
        self.name_column = name_column

    def fits(self, headers: Sequence[str]) -> bool:
        """By what it always writes."""
        return set(headers) >= MARKS

    def column(self, header: str, name: str) -> str:
        """Its own columns; there are no others."""
        return OWN_COLUMNS.get(header.strip().lower(), name)

    def named(self, file: str, headers: Sequence[str]) -> Stood | None:
        """Every file is called the same."""
        return None

    def tells(self, headers: Sequence[str]) -> bool:
        """In the column of its name."""
        return "status" in headers

    def arrive(self, person: Person, named: Stood | None) -> Arrival | Complaint:
        """A subscriber; without lists nothing says who confirmed, so nothing proves their consent."""
        status = own(person, "@status")
        if status.lower() not in STANDINGS:
            return Complaint(
                "@status", phrase("{value} is no state that {tool} knows", value=status or "–", tool=TITLE), KNOWN
            )
        lists = read_lists(own(person, "@lists"))
        standing = stricter(STANDINGS[status.lower()], named)
        if lists is not None:
            standing = stricter(standing, standing_on(lists))
        if standing is not Stood.SUBSCRIBED:
            updated = read_or_none(left_at(own(person, "@updated"), lists or (), standing))
            return refused(person, standing, TITLE, updated)
        try:
            fields = read_attributes(own(person, "@attributes"), self.name_column)
        except ValueError:
            return no_object("@attributes")
        return subscribed(person, fields, lists or ())


def read_lists(text: str) -> tuple[Json, ...] | None:
    """The lists of somebody as the interface gives them; None where the export has none."""
    found = json.loads(text) if text else None
    return tuple(one for one in found if isinstance(one, dict)) if isinstance(found, list) else None


def is_on(one: Json) -> bool:
    """Whether listmonk mails somebody on this list: on one with a double opt-in only after it."""
    status = one.get("subscription_status")
    return status == "confirmed" or (status == "unconfirmed" and one.get("optin") == "single")


def standing_on(lists: Sequence[Json]) -> Stood:
    """Where somebody stands over all lists: on one of them is on the list; off every one is gone."""
    if any(is_on(one) for one in lists):
        return Stood.SUBSCRIBED
    gone = bool(lists) and all(one.get("subscription_status") == "unsubscribed" for one in lists)
    return Stood.UNSUBSCRIBED if gone else Stood.UNCONFIRMED


def left_at(updated: str, lists: Sequence[Json], standing: Stood) -> str:
    """When somebody left the last list, else when their row was changed last."""
    times = [str(one.get("subscription_updated_at") or "") for one in lists]
    return max(times, default="") or updated if standing is Stood.UNSUBSCRIBED else updated


def subscribed(person: Person, fields: dict[str, str], lists: Sequence[Json]) -> Arrival:
    """Somebody on the list, with the lists as tags and what their opt-in proves."""
    on = [one for one in lists if is_on(one)]
    asked, confirmed = opted_in(on)
    remark = story(TITLE, asked, confirmed or read_or_none(own(person, "@created")))
    person, proven = named(person), Agreed(confirmed.text if confirmed else "", TITLE)
    tags = [*fields.pop("tags", "").split(","), *(str(one.get("name") or "") for one in on)]
    found = settled(person, proven, cleared(person) | fields, tags)
    return Arrival(found, Stood.SUBSCRIBED, confirmed.at if confirmed else None, remark, origin_of(on))


def opted_in(lists: Sequence[Json]) -> tuple[Moment | None, Moment | None]:
    """When somebody asked for a list and confirmed it later; nothing where the operator had confirmed for them."""
    for one in lists:
        asked = read_or_none(str(one.get("subscription_created_at") or ""))
        confirmed = read_or_none(str(one.get("subscription_updated_at") or ""))
        double = one.get("subscription_status") == "confirmed" and one.get("optin") != "single"
        if double and asked and confirmed and asked.at < confirmed.at:
            return asked, confirmed
    return None, None


def origin_of(lists: Sequence[Json]) -> str:
    """The network address of an opt-in, where listmonk was told to keep it."""
    metas = (one.get("subscription_meta") for one in lists)
    return next((str(meta["optin_ip"]) for meta in metas if isinstance(meta, dict) and meta.get("optin_ip")), "")


def named(person: Person) -> Person:
    """The one name as first and last name where it has two words, and as the field `name`."""
    name = own(person, "@name")
    words, email = name.split(), person.email.partition("@")[0]
    fields = {**person.fields, "name": "" if name.lower() == email.lower() else name}
    if len(words) == SIMPLE:
        return replace(person, first_name=words[0], last_name=words[1], fields=fields)
    return replace(person, fields=fields)


KNOWN = phrase("listmonk knows: {states}", states="enabled, disabled, blocklisted")
