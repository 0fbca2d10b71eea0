"""The list as a directory: whom to look for, and adding somebody by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.flows.audience import choose_audience
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.people import opened, read_given_address
from ruhrmail.flows.refresh import opened_up_to_date
from ruhrmail.model.audience import Audience, Both, Expression, Has
from ruhrmail.model.consent import NewImport, Standing
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import split_tags
from ruhrmail.store import (
    Census,
    Entry,
    Search,
    further_columns,
    import_people,
    read_directory,
    take_census,
)


@dataclass(frozen=True, slots=True)
class Directory:
    """People who were looked for, read as they are asked for, and the columns they have beyond the known ones."""

    entries: Iterator[Entry]
    further: Sequence[str]


@contextmanager
def opened_directory(config: Config, search: Search, machine: Machine, *, columns: bool = False) -> Iterator[Directory]:
    """Everybody who is looked for; with `columns` their further columns too. Raises StoreError."""
    with opened_up_to_date(config, machine) as store:
        if store is None:
            yield Directory(iter(()), ())
        else:
            yield Directory(read_directory(store, search), further_columns(store, search) if columns else ())


def make_search(
    config: Config, text: str, standing: Standing | None, tags: Sequence[str], audience: str | None
) -> Search:
    """What to look for: everybody with all of these tags, within an audience. Raises AudienceError."""
    chosen = choose_audience(config, audience)
    parts: list[Expression] = [Has("tag", tag) for tag in tags]
    if chosen.expression is not None:
        parts.append(chosen.expression)
    expression = Both(tuple(parts)) if parts else None
    return Search(text, standing, Audience(expression=expression, language=config.newsletter.language))


def count_people(config: Config, machine: Machine) -> Census | None:
    """How the list stands and how it grew; None where nothing is stored yet. Raises StoreError."""
    with opened_up_to_date(config, machine) as store:
        return take_census(store) if store else None


def add_person(config: Config, text: str, columns: Mapping[str, str], basis: str, machine: Machine) -> bool:
    """Puts somebody onto the list with what allows to mail them; False where they were on it with the same columns.

    `columns` are those that were named, by the names that merge fields use. Raises RuhrmailError for somebody who is
    suppressed, UsageError for what is no address or holds invisible characters, StoreError.
    """
    address = read_given_address(config, text)
    for name, value in columns.items():
        if not value.isprintable():
            raise UsageError(phrase("there is an invisible character in {name}", name=name))
    known = {name: value for name, value in columns.items() if name in KNOWN_COLUMNS and name != "tags"}
    fields = {name: value for name, value in columns.items() if name not in KNOWN_COLUMNS}
    tags = split_tags(columns.get("tags", ""))
    person = Person(address.email, address.key, **known, tags=tags, fields=fields)
    new = NewImport("", "", frozenset({"email", *columns}), basis)
    with opened(config, machine) as store:
        done = import_people(store, [person], new, machine.now())
    if done.suppressed:
        raise RuhrmailError(
            phrase("{email} is suppressed: nothing was changed", email=address.email),
            hint=phrase("`ruhrmail subscribers show {email}` tells why", email=address.email),
        )
    return bool(done.added or done.changed)
