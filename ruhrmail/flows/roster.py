"""subscribers.csv to its columns and findings; the store is opened only where the file does not say enough."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, StoreError
from ruhrmail.files import is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.roster import Roster, open_roster

CONSENT = "legal/consent-missing"
SQLITE = "sqlite:///"
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


class ListColumns(Collection[str]):
    """The columns that merge fields may name: those of the list and, looked up at the first miss, of imported files."""

    def __init__(self, known: Iterable[str], more: Callable[[], frozenset[str]]) -> None:
        self.known = frozenset(known)
        self.more = more

    @cached_property
    def every(self) -> frozenset[str]:
        """All of them."""
        return self.known | self.more()

    def __contains__(self, name: object) -> bool:
        return name in self.known or name in self.every

    def __iter__(self) -> Iterator[str]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)


def merge_columns(config: Config) -> ListColumns | None:
    """The names that merge fields may use; None where the list cannot be read, as in a fresh clone: then any."""

    def imported() -> frozenset[str]:
        from ruhrmail.flows.evidence import columns_of_imports  # heavy, and seldom needed

        return columns_of_imports(config)

    try:
        return ListColumns({*KNOWN_COLUMNS, *open_list(config).columns}, imported)
    except InvalidInput:
        return None


def may_have_store(config: Config) -> bool:
    """Whether it is worth the time to look into the store: not on an editor's machine, where there is none."""
    path = config.store.removeprefix(SQLITE)
    return path == config.store or not is_missing(Path(path))


def roster_findings(config: Config) -> list[Finding]:
    """What is wrong with the list; nothing where there is none, as in a clone that keeps it out of git."""
    return list(find_in_list(config))


def find_in_list(config: Config, unwanted: Callable[[], bool] = lambda: False) -> Iterator[Finding]:
    """The same, while the list is being read; given up soon after `unwanted` says so."""
    if is_missing(roster_path(config)):
        return
    try:
        roster, unproven = open_list(config), False
        for number, row in enumerate(roster.rows()):
            if isinstance(row, Finding):
                unproven = unproven or row.rule == CONSENT
                if row.rule != CONSENT:
                    yield row
            if number % STRIDE == 0 and unwanted():
                return
        if unproven:
            from ruhrmail.flows.evidence import with_records  # heavy, and needed only where proof is missing

            yield from (one for one in with_records(config, roster) if one.rule == CONSENT)
        if may_have_store(config):
            from ruhrmail.flows.evidence import find_superseded  # heavy, and needed only where people were mailed

            with suppress(StoreError):  # `send` tells what is wrong with the store; this is about the list
                yield from find_superseded(config)
    except InvalidInput as error:
        yield from error.findings
