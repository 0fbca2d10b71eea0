"""Whom returned mail is about: a genuine token to a person of this list who got that mailing."""

from collections.abc import Iterable

from ruhrmail.bounce import Clue, clues_in_text
from ruhrmail.config import Config
from ruhrmail.flows.writing import list_bytes
from ruhrmail.model.bounce import ReturnEvent
from ruhrmail.roster import Address, read_address
from ruhrmail.store import Sending, Store, find_by_message_id, find_sending, find_sending_to, read_record
from ruhrmail.tokens import LINK, Keyring, Purpose, Token


def trace_clues(store: Store, keyring: Keyring, clues: Iterable[Clue]) -> Sending | None:
    """The mail that the first genuine token is about; None where there is none, or it was sent to nobody."""
    token = next((found for clue in clues if (found := verify(store, keyring, clue)) is not None), None)
    return None if token is None else find_sending(store, token.subscriber, token.mailing or None)


def verify(store: Store, keyring: Keyring, clue: Clue) -> Token | None:
    """The token of a clue, if it was signed for this list."""
    read = keyring.verify_link if clue.is_link else keyring.verify_return
    token = read(clue.text, clue.purpose)
    return token if token is not None and token.list == list_bytes(store) else None


def trace_message_id(config: Config, store: Store, addresses: Iterable[str], message_id: str) -> Sending | None:
    """The mail with this Message-ID, which nobody can guess, to one of some addresses; None where nobody got it.

    Providers black out addresses: where none of them is the reader's, the newest mails are searched.
    """
    for address in addresses:
        found = read_address(address, smtputf8=config.settings.delivery.smtputf8)
        if message_id and isinstance(found, Address):
            record = read_record(store, found.key)
            for one in record.received:
                if one.delivery.message_id.strip("<>") == message_id.strip("<> "):
                    return find_sending_to(store, record.number, one.number)
    return find_by_message_id(store, message_id)


def trace_event(config: Config, store: Store, keyring: Keyring, event: ReturnEvent) -> Sending | None:
    """The mail that an event is about: by token, by our Message-ID, and where it names neither, by the address."""
    clues = list(clues_in_text(f"{event.return_address} "))
    if LINK.fullmatch(event.link_token):
        clues.append(Clue(event.link_token, Purpose.UNSUBSCRIBE, is_link=True))
    found = trace_clues(store, keyring, clues)
    if found is not None or clues:
        return found
    if event.message_id:
        return trace_message_id(config, store, (event.address,), event.message_id)
    return trace_address(config, store, event.address)


def trace_address(config: Config, store: Store, address: str) -> Sending | None:
    """The latest mailing to this address, taken for the one that is meant; None where there was none."""
    found = read_address(address, smtputf8=config.settings.delivery.smtputf8)
    record = read_record(store, found.key) if isinstance(found, Address) else None
    if record is None or not record.received:
        return None
    return find_sending_to(store, record.number, record.received[-1].number)
