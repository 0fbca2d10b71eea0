"""Whom returned mail is about: a genuine token to a person of this list who got that mailing."""

from collections.abc import Iterable
from dataclasses import dataclass

from ruhrmail.bounce import Clue, clues_in_text
from ruhrmail.config import Config
from ruhrmail.flows.writing import list_bytes
from ruhrmail.model.bounce import ReturnEvent
from ruhrmail.roster import Address, read_address
from ruhrmail.store import Sending, Store, find_sending, mailing_by_id, read_record, subscriber_by_token_id
from ruhrmail.tokens import LINK, Keyring, Purpose, Token


@dataclass(frozen=True, slots=True)
class Trace:
    """The person (None: forgotten since), the mailing (None: a mail about joining), and that they were mailed."""

    subscriber: int | None
    key: str
    mailing: int | None
    sending: Sending | None = None


def trace_clues(store: Store, keyring: Keyring, clues: Iterable[Clue]) -> Trace | None:
    """Whom the first genuine token is about; None where there is none, or nobody was sent that. Raises StoreError."""
    token = next((found for clue in clues if (found := verify(store, keyring, clue)) is not None), None)
    return None if token is None else trace_token(store, token)


def verify(store: Store, keyring: Keyring, clue: Clue) -> Token | None:
    """The token of a clue, if it was signed for this list."""
    read = keyring.verify_link if clue.is_link else keyring.verify_return
    token = read(clue.text, clue.purpose)
    return token if token is not None and token.list == list_bytes(store) else None


def trace_token(store: Store, token: Token) -> Trace | None:
    """Whom a genuine token is about."""
    mailing = token.mailing or None
    found = subscriber_by_token_id(store, token.subscriber)
    if found is None:
        known = mailing is not None and mailing_by_id(store, mailing) is not None
        return Trace(None, "", mailing) if known else None
    sending = find_sending(store, found[0], mailing)
    return Trace(found[0], found[1].key, mailing, sending) if sending is not None else None


def trace_message_id(config: Config, store: Store, addresses: Iterable[str], message_id: str) -> Trace | None:
    """Who among some addresses got the mail with this Message-ID, which nobody can guess; None where nobody did."""
    for address in addresses:
        found = read_address(address, smtputf8=config.settings.delivery.smtputf8)
        if message_id and isinstance(found, Address):
            record = read_record(store, found.key)
            for one in record.received:
                if one.delivery.message_id.strip("<>") == message_id.strip("<> "):
                    sending = find_sending(store, record.number, one.number)
                    return Trace(record.number, found.key, one.number, sending)
    return None


def trace_event(config: Config, store: Store, keyring: Keyring, event: ReturnEvent) -> Trace | None:
    """Whom a service's event is about: by token, by our Message-ID, and where it names neither, by the address."""
    clues = list(clues_in_text(f"{event.return_address} "))
    if LINK.fullmatch(event.link_token):
        clues.append(Clue(event.link_token, Purpose.UNSUBSCRIBE, is_link=True))
    found = trace_clues(store, keyring, clues)
    if found is not None or clues:
        return found
    if event.message_id:
        return trace_message_id(config, store, (event.address,), event.message_id)
    return trace_address(config, store, event.address)


def trace_address(config: Config, store: Store, address: str) -> Trace | None:
    """Who has this address and was mailed before; the latest mailing is taken for the one that is meant."""
    found = read_address(address, smtputf8=config.settings.delivery.smtputf8)
    record = read_record(store, found.key) if isinstance(found, Address) else None
    if record is None or not record.received:
        return None
    latest = record.received[-1].number
    return Trace(record.number, record.key, latest, find_sending(store, record.number, latest))
