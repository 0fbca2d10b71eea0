"""subscribers.csv to its columns and findings; no store is opened."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.roster import Roster, open_roster

STRIDE = 1_000
"""Rows between two questions whether anybody still wants to know."""


def roster_path(config: Config) -> Path:
    """Where the list lies; it may be outside the project."""
    return config.project / config.settings.subscribers


def open_list(config: Config) -> Roster:
    """The project's list with its header understood. Raises InvalidInput."""
    path = roster_path(config)
    return open_roster(
        path,
        config.name_of(path),
        legal_basis=bool(config.newsletter.legal_basis),
        smtputf8=config.settings.delivery.smtputf8,
    )


def merge_columns(config: Config) -> frozenset[str] | None:
    """The names that the list's columns give to merge fields; None where it cannot be read, as in a fresh clone."""
    try:
        return frozenset(open_list(config).columns)
    except InvalidInput:
        return None


def roster_findings(config: Config) -> list[Finding]:
    """What is wrong with the list; nothing where there is none, as in a clone that keeps it out of git."""
    return list(find_in_list(config))


def find_in_list(config: Config, unwanted: Callable[[], bool] = lambda: False) -> Iterator[Finding]:
    """The same, while the list is being read; given up soon after `unwanted` says so."""
    if is_missing(roster_path(config)):
        return
    try:
        for number, row in enumerate(open_list(config).rows()):
            if isinstance(row, Finding):
                yield row
            if number % STRIDE == 0 and unwanted():
                return
    except InvalidInput as error:
        yield from error.findings
