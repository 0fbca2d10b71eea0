"""Who is on the list, and who gets a mailing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Characters that no value of a person holds."""
STATE_COLUMN = "ruhrmail_state"
"""The column of an export that says why people in it are not mailed: no list may have it."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a row of the list says about somebody.

    `email` as it was written with the domain in ASCII; `key` is what makes two addresses the same:
    the lower-case local part and the ASCII domain. `fields` holds every further column, all values text.
    `consented_at` is kept as it was written (ISO 8601 preferred).
    """

    email: str
    key: str
    salutation: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    consented_at: str = ""
    consent_source: str = ""
    consent_text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a column by the name that merge fields use; empty when there is none."""
        if name == "tags":
            return ", ".join(self.tags)
        known = name in self.__slots__ and name not in ("key", "fields")
        return str(getattr(self, name)) if known else self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A subscriber chosen for one mailing: the store's number, eight random bytes for links, and the person."""

    subscriber: int
    token_id: bytes
    person: Person
