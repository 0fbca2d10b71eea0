"""What people chose, over what files say of them: whoever reads a file hands its people through here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Text, cast, select

from ruhrmail.model.people import Person
from ruhrmail.model.preferences import Choice
from ruhrmail.store.schema import preferences, subscribers

CHOICE = (*(cast(preferences.c[name], Text).label(name) for name in ("offered", "topics")), preferences.c.language)


def heeding(connection: Connection, people: Iterable[Person]) -> Iterable[Person]:
    """The people of a file, those who chose something with what they chose."""
    choices = read_choices(connection)
    return (heed(one, choices[one.key]) if one.key in choices else one for one in people) if choices else people


def heed(person: Person, choice: Choice) -> Person:
    """What a file says of somebody, with what they chose themselves."""
    return replace(person, tags=choice.tags(person.tags), language=choice.language or person.language)


def read_choices(connection: Connection) -> Mapping[str, Choice]:
    """What everybody chose, by their address's key: few beside the list."""
    everybody = select(subscribers.c.key, *CHOICE).join(subscribers, subscribers.c.id == preferences.c.subscriber)
    rows = connection.execute(everybody)
    return {row.key: choice_of(row.offered, row.topics, row.language) for row in rows}


def read_choice(connection: Connection, subscriber: int) -> tuple[Choice, datetime] | None:
    """What somebody chose, and when (UTC); None for nothing."""
    ours = select(*CHOICE, preferences.c.at).where(preferences.c.subscriber == subscriber)
    row = connection.execute(ours).one_or_none()
    return None if row is None else (choice_of(row.offered, row.topics, row.language), row.at)


@lru_cache(maxsize=1024)
def choice_of(offered: str, topics: str, language: str) -> Choice:
    """The choice that a row tells about; many people share one."""
    return Choice(tuple(json.loads(offered)), tuple(json.loads(topics)), language)
