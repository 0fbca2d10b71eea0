"""A CSV file to the store: looked at, shown, and imported with what allows to mail its people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.refresh import Sorted, stamp_of
from ruhrmail.flows.roster import roster_path
from ruhrmail.model.consent import Imported, NewImport
from ruhrmail.model.finding import Finding
from ruhrmail.model.people import Person
from ruhrmail.roster import Roster, has_consent, open_roster
from ruhrmail.store import ReadRoster, Store, import_people, open_rehearsal, open_store


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file was understood: encoding, separator, and for each header the column it means (empty: not used).

    `dropped`: the headers of another tool's columns that are not taken over.
    `is_roster`: the file is the project's list, which `send` reads by itself.
    """

    name: str
    encoding: str
    separator: str
    columns: tuple[tuple[str, str], ...]
    is_roster: bool
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows, and what was found on the way; `basis` is what was declared, empty for nothing."""

    imported: Imported
    findings: tuple[Finding, ...]
    basis: str


AskBasis = Callable[[], str]
"""Asks for the legal basis; raises UsageError where nobody is there to be asked, or nothing is answered."""


def import_file(  # noqa: PLR0913 - what to import, and the three questions of the door
    config: Config,
    path: Path,
    basis: str,
    machine: Machine,
    show: Callable[[Preview], None],
    ask: AskBasis,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Imports a file, or tries to: a dry run works on a copy of the store that is thrown away.

    `ask` is called when some row says nothing about consent and no basis was declared, by `basis` or the settings.
    Raises InvalidInput for a file that cannot be read, UsageError, StoreError.
    """
    roster = open_file(config, path)
    show(preview_of(config, roster))
    declared = basis or config.newsletter.legal_basis or ""
    if not declared and lacks_basis(roster):
        declared = ask()
    found = Sorted(replace(roster, legal_basis=True))
    new = NewImport(roster.name, roster.sha256, frozenset(roster.columns), declared)
    reading = ReadRoster(stamp_of(roster), lambda: len(found.findings)) if is_roster(config, path) else None
    with opened(config, machine, dry_run=dry_run) as store:
        imported = import_people(store, found.people(), new, machine.now(), found.count_rejected, roster=reading)
    return ImportReport(imported, tuple(found.findings), declared)


def open_file(config: Config, path: Path, *, address_first: bool = False) -> Roster:
    """The file with its header understood, as the project's list would be; with `address_first` the first column holds
    the addresses where none is called so. Raises InvalidInput."""
    return open_roster(
        path,
        config.name_of(path),
        legal_basis=bool(config.newsletter.legal_basis),
        smtputf8=config.settings.delivery.smtputf8,
        address_first=address_first,
    )


def is_roster(config: Config, path: Path) -> bool:
    """Whether a file is the project's list."""
    return path.resolve() == roster_path(config).resolve()


def preview_of(config: Config, roster: Roster) -> Preview:
    """How the file was understood."""
    pairs = tuple(zip(roster.headers, roster.names, strict=True))
    return Preview(roster.name, roster.encoding, roster.delimiter, pairs, is_roster(config, roster.path))


def lacks_basis(roster: Roster) -> bool:
    """Whether some row says nothing about consent; reads up to the first one."""
    people = (row for row in roster.rows() if isinstance(row, Person))
    return any(not has_consent(person) for person in people)


@contextmanager
def opened(config: Config, machine: Machine, *, dry_run: bool) -> Iterator[Store]:
    """The store, or a copy of it. Raises StoreError."""
    opening = open_rehearsal if dry_run else open_store
    with opening(config.store, now=machine.now(), randomness=machine.randomness) as store:
        yield store
