"""subscribers.csv to the store, and to findings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.model.people import Person
from ruhrmail.roster import Roster, open_roster
from ruhrmail.store import Store, roster_state, sync_roster


@dataclass(slots=True)
class Sorted:
    """The rows of a roster, people passed on and findings kept."""

    roster: Roster
    findings: list[Finding] = field(default_factory=list)

    def people(self) -> Iterator[Person]:
        """Everybody who can be mailed."""
        for row in self.roster.rows():
            if isinstance(row, Finding):
                self.findings.append(row)
            else:
                yield row


def roster_path(config: Config) -> Path:
    """Where the list lies; it may be outside the project."""
    return config.project / config.settings.subscribers


def open_list(config: Config) -> Roster:
    """The project's list with its header understood. Raises InvalidInput."""
    path = roster_path(config)
    return open_roster(path, config.name_of(path), legal_basis=bool(config.newsletter.legal_basis))


def merge_columns(config: Config) -> frozenset[str] | None:
    """The names that the list's columns give to merge fields; None where it cannot be read, as in a fresh clone."""
    try:
        return frozenset(open_list(config).columns)
    except InvalidInput:
        return None


def roster_findings(config: Config) -> list[Finding]:
    """What is wrong with the list; nothing where there is none, as in a clone that keeps it out of git."""
    if is_missing(roster_path(config)):
        return []
    try:
        rows = open_list(config).rows()
        return [row for row in rows if isinstance(row, Finding)]
    except InvalidInput as error:
        return list(error.findings)


def refresh_roster(config: Config, store: Store, now: datetime) -> tuple[Finding, ...]:
    """Brings the store's list up to date when the file's bytes changed; gives what is wrong with it in any case.

    Raises InvalidInput where the file cannot be read at all, StoreError.
    """
    found = Sorted(open_list(config))
    stamp = f"{found.roster.sha256}{'+basis' if found.roster.legal_basis else ''}"
    state = roster_state(store)
    if state is None or state.sha256 != stamp:
        sync_roster(store, found.people(), stamp, now, lambda: len(found.findings))
    elif state.complaints:
        for _ in found.people():
            pass  # only the findings are wanted: they are never stored, for they name people
    return tuple(found.findings)
