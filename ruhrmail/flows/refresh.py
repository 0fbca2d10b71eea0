"""subscribers.csv to the store."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_missing
from ruhrmail.flows.evidence import proven_by, superseded_rows, weigh_consent
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.roster import open_list, roster_path
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import Proven, Roster, nobody
from ruhrmail.store import Store, list_size, open_store, open_store_readonly, roster_state, sync_roster


@dataclass(slots=True)
class Sorted:
    """The rows of a roster, people passed on and findings kept."""

    roster: Roster
    proven: Proven = nobody
    findings: list[Finding] = field(default_factory=list)

    def count_rejected(self) -> int:
        """How many rows could not be used so far; repetitions of an address are no loss."""
        return sum(one.severity == "error" for one in self.findings)

    def people(self) -> Iterator[Person]:
        """Everybody who can be mailed. Raises InvalidInput when the file changed since its hash was taken.

        Half a file, read while a program wrote it, must not be remembered under the hash of the whole.
        """
        for row in self.roster.rows(self.proven):
            if isinstance(row, Finding):
                self.findings.append(row)
            else:
                yield row
        if not self.roster.unchanged():
            message = phrase("the file changed while it was read")
            place = Location(self.roster.name)
            raise InvalidInput([Finding("csv/unreadable", "error", place, message, phrase("run the command again"))])


def refresh_roster(config: Config, store: Store, now: datetime) -> tuple[Finding, ...]:
    """Brings the store's list up to date when the file's bytes changed, or settings that decide who may be on it.

    Gives what is wrong with the file in any case.

    Raises InvalidInput where the file cannot be read at all, StoreError.
    """
    if is_missing(roster_path(config)) and lives_without_roster(store):
        return ()
    found = Sorted(open_list(config))
    stamp = stamp_of(found.roster)
    state = roster_state(store)
    is_new = state is None or state.sha256 != stamp
    if not found.roster.legal_basis and (is_new or (state and state.complaints)):
        found.proven = proven_by(store)
    if is_new:
        sync_roster(store, found.people(), stamp, now, lambda: len(found.findings))
    elif state and state.complaints:
        for _ in found.people():
            pass  # only the findings are wanted: they are never stored, for they name people
    return (*weigh_consent(store, found.findings), *superseded_rows(store, found.roster))


@contextmanager
def opened_up_to_date(config: Config, machine: Machine) -> Iterator[Store | None]:
    """The store with the roster as it stands; None where there is neither.

    Only read, unless the roster changed since it was read. A roster that cannot be read leaves the store as it is: the
    question is about people, and `check` tells what is wrong with the file. Raises StoreError.
    """
    store = open_store_readonly(config.store)
    if is_read(config, store):
        with store or nullcontext():
            yield store
        return
    if store is not None:
        store.close()
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as writable:
        with suppress(InvalidInput):
            refresh_roster(config, writable, machine.now())
        yield writable


def is_read(config: Config, store: Store | None) -> bool:
    """Whether there is nothing new to read in the roster."""
    try:
        roster = open_list(config)
    except InvalidInput:
        return True
    state = roster_state(store) if store else None
    return state is not None and state.sha256 == stamp_of(roster)


def lives_without_roster(store: Store) -> bool:
    """Whether everybody on the list came another way, and no roster was ever read: then none need be there."""
    return roster_state(store) is None and list_size(store) > 0


def stamp_of(roster: Roster) -> str:
    """What the store remembers of a reading: the file's bytes and how they were looked at."""
    return f"{roster.sha256}{'+basis' if roster.legal_basis else ''}{'+smtputf8' if roster.smtputf8 else ''}"
