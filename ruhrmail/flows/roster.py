"""subscribers.csv to its columns and findings; the store is only asked about rows without proof of consent."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_missing
from ruhrmail.model.finding import Finding
from ruhrmail.roster import Proven, Roster, Seen, nobody, open_roster
from ruhrmail.store import Store, granted_keys, holds_consents, open_store_readonly

CONSENT = "legal/consent-missing"


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
    if is_missing(roster_path(config)):
        return []
    try:
        roster = open_list(config)
        found = [row for row in roster.rows() if isinstance(row, Finding)]
        return found if all(one.rule != CONSENT for one in found) else with_records(config, roster)
    except InvalidInput as error:
        return list(error.findings)


def with_records(config: Config, roster: Roster) -> list[Finding]:
    """The same where rows lack proof: the store's records may prove them, and decide how grave it is."""
    store = open_store_readonly(config.store)
    if store is None:
        return [row for row in roster.rows() if isinstance(row, Finding)]
    with store:
        found = [row for row in roster.rows(proven_by(store)) if isinstance(row, Finding)]
        return weigh_consent(store, found)


def proven_by(store: Store) -> Proven:
    """Whether the store has a record that allows to mail an address, asked by key."""
    if not holds_consents(store):
        return nobody
    keys = Seen()
    for key in granted_keys(store):
        keys.first_line(key, 1)
    return keys.__contains__


def weigh_consent(store: Store, findings: Sequence[Finding]) -> list[Finding]:
    """Rows without proof are a warning as long as nobody's consent is on record, and an error from then on."""
    grave = any(one.rule == CONSENT for one in findings) and holds_consents(store)
    return [replace(one, severity="error") if grave and one.rule == CONSENT else one for one in findings]
