"""subscribers.csv to the store."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.roster import open_list
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import Roster
from ruhrmail.store import Store, roster_state, sync_roster


@dataclass(slots=True)
class Sorted:
    """The rows of a roster, people passed on and findings kept."""

    roster: Roster
    findings: list[Finding] = field(default_factory=list)

    def people(self) -> Iterator[Person]:
        """Everybody who can be mailed. Raises InvalidInput when the file changed since its hash was taken.

        Half a file, read while a program wrote it, must not be remembered under the hash of the whole.
        """
        for row in self.roster.rows():
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
    found = Sorted(open_list(config))
    stamp = stamp_of(found.roster)
    state = roster_state(store)
    if state is None or state.sha256 != stamp:
        sync_roster(store, found.people(), stamp, now, lambda: len(found.findings))
    elif state.complaints:
        for _ in found.people():
            pass  # only the findings are wanted: they are never stored, for they name people
    return tuple(found.findings)


def stamp_of(roster: Roster) -> str:
    """What the store remembers of a reading: the file's bytes and how they were looked at."""
    return f"{roster.sha256}{'+basis' if roster.legal_basis else ''}{'+smtputf8' if roster.smtputf8 else ''}"
