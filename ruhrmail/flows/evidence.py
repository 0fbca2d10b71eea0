"""What the store's consent records say about rows of the list that say nothing themselves."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from ruhrmail.config import Config
from ruhrmail.flows.roster import CONSENT, open_list
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import Proven, Roster, Seen, nobody
from ruhrmail.store import Store, granted_keys, holds_consents, imported_columns, open_store_readonly, superseded_keys


def with_records(config: Config, roster: Roster) -> list[Finding]:
    """The findings on a list with rows that lack proof: the records may prove them, and decide how grave it is."""
    store = open_store_readonly(config.store)
    if store is None:
        return [row for row in roster.rows() if isinstance(row, Finding)]
    with store:
        found = [row for row in roster.rows(proven_by(store)) if isinstance(row, Finding)]
        return weigh_consent(store, found)


def proven_by(store: Store) -> Proven:
    """Whether the store has a record that allows to mail an address, asked by key; a former one needs none."""
    if not holds_consents(store):
        return nobody
    keys = Seen()
    for key in chain(granted_keys(store), superseded_keys(store)):
        keys.first_line(key, 1)
    return keys.__contains__


def find_superseded(config: Config) -> list[Finding]:
    """The rows of the list that name a former address; nothing where there is no store, or no such address."""
    store = open_store_readonly(config.store)
    if store is None:
        return []
    with store:
        return superseded_rows(store, open_list(config))


def superseded_rows(store: Store, roster: Roster) -> list[Finding]:
    """The rows that name an address in whose place its owner put another: they do not count. Raises InvalidInput."""
    keys = superseded_keys(store)
    places = roster.places_of(*keys) if keys else ()
    message = phrase("the owner of this address has their mail at another one now; this row does not count")
    hint = phrase("`ruhrmail subscribers show ADDRESS` names the new one: write that into the row, or delete it")
    return [Finding("csv/superseded", "info", place, message, hint) for place in places]


def weigh_consent(store: Store, findings: Sequence[Finding]) -> list[Finding]:
    """Rows without proof are a warning as long as nobody's consent is on record, and an error from then on."""
    grave = any(one.rule == CONSENT for one in findings) and holds_consents(store)
    return [replace(one, severity="error") if grave and one.rule == CONSENT else one for one in findings]


def columns_of_imports(config: Config) -> frozenset[str]:
    """The columns that imported files had; none where there is no store, or none that can be read."""
    store = open_store_readonly(config.store)
    if store is None:
        return frozenset()
    with store:
        return imported_columns(store)
