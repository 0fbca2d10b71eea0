"""Erasure: an address goes from the store, and is looked for in the list."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.files import is_missing
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.people import opened, read_given_address
from ruhrmail.flows.roster import open_list, roster_path
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, find_sender, forget, is_moving, keys_of, put_aside

PATIENCE = 60
"""Seconds to wait for a mail to the person that is on its way."""
LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it: whether the store knew the address, the rows of the list that still name it, and a store that
    could not be read and was put aside, in which it may still stand."""

    known: bool
    rows: tuple[Finding, ...] = ()
    put_aside: Path | None = None


def forget_address(config: Config, text: str, machine: Machine) -> Forgotten:
    """Erases everything about an address but its keyed hash, which keeps it from being mailed and stored again.

    Whoever changed their address goes with each that they had, whichever of them is named.
    A mail to it that is under way is waited for, since what the relay says of it would be written afterwards. Raises
    UsageError for what is no address, RuhrmailError where that mail does not end, StoreError.
    """
    address = read_given_address(config, text)
    with opened(config, machine) as store:
        keys = keys_of(store, address.key)
        for key in keys:
            wait_for_mail(config, store, key)
        known = forget(store, address.key, machine.now())
    return Forgotten(known, tuple(rows_that_name(config, keys)), put_aside(config.store))


def wait_for_mail(config: Config, store: Store, key: str) -> None:
    """Returns once no mail to the address is on its way. Raises RuhrmailError after a minute."""
    end = time.monotonic() + PATIENCE
    while is_moving(store, key) and find_sender(config.store) is not None:
        if time.monotonic() > end:
            raise RuhrmailError(
                phrase("a mail to this address is on its way, and the relay does not answer"),
                hint=phrase("run the command again later, or stop the mailing first: ruhrmail stop SLUG"),
            )
        time.sleep(LOOK_EVERY)


def rows_that_name(config: Config, keys: Sequence[str]) -> list[Finding]:
    """The rows of the list that hold one of the addresses, as errors at their lines; none where it cannot be read."""
    if is_missing(roster_path(config)):
        return []
    message = phrase("the list still names this address")
    hint = phrase("delete the row; until then it is left out of every mailing, and not stored again")
    try:
        places = list(open_list(config).places_of(*keys))
    except InvalidInput as error:
        return list(error.findings)
    return [Finding("csv/forgotten", "error", place, message, hint) for place in places]
