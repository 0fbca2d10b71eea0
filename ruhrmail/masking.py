"""What a server says, without saying whom it is about."""

import re
from collections.abc import Iterator

from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase

MASK = "***"
SHORTEST_NAME = 3
STOPS = r"""\s@<>()\[\]"',;:"""
ADDRESS = re.compile(rf"(?<![^{STOPS}])[^{STOPS}]+@[^{STOPS}]+")
ENCODED = re.compile(r"(?<![\w.+-])(?:[\w.+-]|%2B)+(?:%40|=40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def mask(text: str, person: Person | None = None) -> str:
    """A reply's text with every mail address as `***`; of `person` also the local part and the names as whole words.

    Servers repeat the address, forward it (`user=40host.example`), or name only the mailbox or its owner.
    """
    if "@" in text:
        text = ADDRESS.sub(MASK, text)
    if "40" in text:
        text = ENCODED.sub(MASK, text)
    if person is not None:
        small = text.lower()
        for word in words_of(person):
            if word.lower() in small:
                text = without(text, word)
    return text


def mask_phrase(said: Phrase) -> Phrase:
    """The phrase with every mail address in its values as `***`."""
    return Phrase(said.template, {name: masked_value(value) for name, value in said.values.items()})


def masked_value(value: object) -> object:
    """One value: texts and phrases without addresses, anything else as it is."""
    if isinstance(value, Phrase):
        return mask_phrase(value)
    return mask(value) if isinstance(value, str) else value


def words_of(person: Person) -> Iterator[str]:
    """What points to somebody: the local part (RFC 5321), as typed, without dots, without its tag; the names."""
    local = person.email.rpartition("@")[0]
    yield local
    if "." in local:
        yield local.replace(".", "")
    if "+" in local:
        yield local.partition("+")[0]
    yield from (name for name in (person.first_name, person.last_name) if len(name) >= SHORTEST_NAME)


def without(text: str, word: str) -> str:
    """The text with each occurrence of the word masked that no letter or digit touches, in any letter case."""
    small, low = text.lower(), word.lower()
    if not word or len(small) != len(text):  # a few letters grow when they become small: then nothing is certain
        return MASK if word else text
    pieces, done, at = [], 0, small.find(low)
    while at >= 0:
        end = at + len(low)
        if not (small[at - 1 : at].isalnum() or small[end : end + 1].isalnum()):
            pieces.append(text[done:at])
            done = end
        at = small.find(low, end)
    return MASK.join([*pieces, text[done:]])
