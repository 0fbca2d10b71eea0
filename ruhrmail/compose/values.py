"""What one reader's merge fields say, and how it is escaped for the place where it stands."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from urllib.parse import quote

from ruhrmail.i18n import greet
from ruhrmail.model.merge import GREETING, TOKENS, MergeField, MergeText, Place, fill
from ruhrmail.model.people import Person

SAMPLE_PERSON = Person(
    "erika.beispiel@leserin.example",
    "erika.beispiel@leserin.example",
    salutation="Frau",
    first_name="Erika",
    last_name="Beispiel",
    company="Beispielwerk",
    language="de",
)
"""The made-up reader of sample mails."""

BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
Escape = Callable[[str], str]
SPACES = re.compile(" {2,}")


def clean(value: str) -> str:
    """A value as one line of text: line breaks and tabs become a space, what no mail may hold is left out."""
    if not value.isprintable():
        value = FORBIDDEN.sub("", BREAKS.sub(" ", value))
    return value.strip()


def value_of(field: MergeField, person: Person, language: str, token: str) -> str:
    """What to write for a field, not yet escaped; the field's default where this reader's value is empty.

    `token` stands wherever a link carries one of the reader's own.
    """
    if field.name in TOKENS:
        return token
    raw = greet(person, language) if field.name == GREETING else person.value(field.name)
    return clean(raw) or field.default


def leave(value: str) -> str:
    """The value as it is."""
    return value


def quote_all(value: str) -> str:
    """The value as it stands in an address: percent-encoded, so that it ends no part of it (RFC 3986 section 2)."""
    return quote(value, safe="")


ESCAPES: Mapping[Place, Escape] = {"text": leave, "html": escape, "url": quote_all}
"""How a value stands in plain text, in HTML (also inside attributes), and in an address."""


def escaped(field: MergeField, place: Place, person: Person, language: str, token: str) -> str:
    """A field's value in a body of the given kind; inside an address it is percent-encoded in both."""
    return ESCAPES["url" if field.place == "url" else place](value_of(field, person, language, token))


def fill_html(text: MergeText, person: Person, language: str, token: str) -> str:
    """The HTML of a mail as this reader gets it."""
    return fill(text, partial(escaped, place="html", person=person, language=language, token=token))


def fill_text(text: MergeText, person: Person, language: str, token: str) -> str:
    """The plain text of a mail as this reader gets it."""
    return fill(text, partial(escaped, place="text", person=person, language=language, token=token))


def fill_subject(subject: MergeText, person: Person | None, language: str) -> str:
    """The subject as this reader gets it: one line, without the gaps that empty values would leave."""
    reader = person or Person("", "")
    line = fill(subject, partial(value_of, person=reader, language=language, token=""))
    return one_line(line)


def one_line(text: str) -> str:
    """A subject without the gaps that empty values would leave."""
    line = clean(text)
    return SPACES.sub(" ", line) if "  " in line else line
