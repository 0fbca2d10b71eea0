"""Readers to look at an issue as: made-up ones, and those of the list by search."""

import hmac
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from threading import Lock

from ruhrmail.compose import SAMPLE_PERSON
from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.edition import Made
from ruhrmail.flows.roster import open_list
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.variants import all_tags

MOST_FOUND = 20
MOST_KNOWN = 500
NEUTRAL = "neutral"
NOBODY = Person("leserin@leserin.example", "leserin@leserin.example")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to look at an issue as; `id` stands in addresses and says nothing about the person."""

    id: str
    label: Phrase
    person: Person
    every_tag: bool = False

    def tags_in(self, made: Made) -> tuple[str, ...]:
        """Their tags; a reader with every tag has those that the issue names."""
        if not self.every_tag:
            return self.person.tags
        return tuple(sorted(all_tags(block.condition for block in made.file.issue.content)))


LONG = replace(
    SAMPLE_PERSON,
    salutation="Herr",
    title="Prof. Dr.-Ing. habil.",
    first_name="Maximilian-Alexander",
    last_name="von Hohenstein-Wallenberg zu Oberbrechen-Niederwenigern",
    company="Gesellschaft für Strukturentwicklung und Wirtschaftsförderung im mittleren Ruhrgebiet mbH & Co. KG",
)
FOREIGN = replace(SAMPLE_PERSON, salutation="Ms", language="en")
MADE_UP = (
    Reader(NEUTRAL, phrase("Somebody we know nothing about"), NOBODY),
    Reader("named", phrase("Erika Beispiel, with everything"), SAMPLE_PERSON),
    Reader("no-first-name", phrase("Without a first name"), replace(SAMPLE_PERSON, first_name="")),
    Reader("long-name", phrase("With a very long name"), LONG),
    Reader("every-tag", phrase("With every tag"), SAMPLE_PERSON, every_tag=True),
    Reader("other-language", phrase("Who reads in another language"), FOREIGN),
)


@dataclass(frozen=True, slots=True)
class Search:
    """Readers whose rows hold what was asked for; `complete` is false where there are more."""

    readers: tuple[Reader, ...]
    complete: bool


@dataclass(slots=True)
class Readers:
    """Everybody that an issue can be looked at as. Found people are known by a keyed hash, the latest few hundred.

    Several threads may ask.
    """

    key: bytes
    known: "OrderedDict[str, Person]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, name: str) -> Reader | None:
        """The reader of this id; None for one that is not known (any more)."""
        made_up = next((one for one in MADE_UP if one.id == name), None)
        person = self.known.get(name)
        return made_up or (None if person is None else reader_of(name, person))

    def search(self, config: Config, text: str) -> Search:
        """The people of the list whose rows hold `text`, in the order of the file, without any of its bad rows.

        Nothing for a list that cannot be read: that is a finding, not an answer.
        """
        try:
            found = list(find_people(config, text.strip(), MOST_FOUND + 1))
        except InvalidInput:
            found = []
        readers = tuple(self.remember(person) for person in found[:MOST_FOUND])
        return Search(readers, len(found) <= MOST_FOUND)

    def remember(self, person: Person) -> Reader:
        """A reader for somebody of the list."""
        name = "list-" + hmac.new(self.key, person.key.encode(), "sha256").hexdigest()[:20]
        with self.lock:
            self.known.pop(name, None)
            self.known[name] = person
            while len(self.known) > MOST_KNOWN:
                self.known.popitem(last=False)
        return reader_of(name, person)


def reader_of(name: str, person: Person) -> Reader:
    """Somebody of the list as a reader."""
    full = " ".join(one for one in (person.title, person.first_name, person.last_name) if one)
    return Reader(name, phrase("{text}", text=full or person.email), person)


def find_people(config: Config, text: str, most: int) -> Iterator[Person]:
    """People of the list whose rows hold the text, letter case aside; at most so many."""
    if not text:
        return iter(())
    return open_list(config).find(text, most)
