"""The guard before a mailing: do its links lead to a service that knows this list and this key?

A send from a fresh clone would mail everybody again, with links that nobody can leave by.
"""

from ruhrmail.config import Config
from ruhrmail.errors import ServiceError
from ruhrmail.flows.service import ask_service
from ruhrmail.flows.work import destination_of
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.tokens import Keyring


def leaves_machine(config: Config) -> bool:
    """Whether a mailing goes through a relay that is not on this machine: only then is the service asked."""
    return destination_of(config) == "relay" and any(not relay.loopback for relay in config.relays)


def check_service(config: Config, store_id: str, keyring: Keyring) -> None:
    """Returns when the service at the newsletter's address uses this store and knows the key that signs here.

    Raises ServiceError, within seconds.
    """
    found, key = ask_service(config.url), keyring.key_ids[0]
    if found.store != store_id:
        raise ServiceError(
            phrase(
                "the web service at {url} keeps another list: its store is {theirs}, the one here is {ours}",
                url=config.url, theirs=found.store[:32], ours=store_id,
            ),
            hint=phrase(
                "send where its store lies, or name that store in RUHRMAIL_STORE: from here everybody would be mailed "
                "again, and nobody could leave"
            ),
        )  # fmt: skip
    if key not in found.keys:
        raise ServiceError(
            phrase("the web service at {url} does not know the key that signs here ({key})", url=config.url, key=key),
            hint=phrase(
                "give both the same RUHRMAIL_SECRET, or the same file .ruhrmail/secret: "
                "with another key every link to leave is dead"
            ),
        )


def foretell(config: Config, *, unchecked: bool) -> Phrase | None:
    """What the plan says of the service before anybody asked it; None where it is never asked."""
    if not leaves_machine(config):
        return None
    if unchecked:
        return phrase("{url} is not asked (--no-service-check), which the ledger notes", url=config.url)
    return phrase("{url} is asked before the first mail whether its links work", url=config.url)
