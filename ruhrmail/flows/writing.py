"""A claim to the finished message: merged, its links and return address signed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ruhrmail.compose import Filling, Merger, names_token
from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signing import seal_of
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Message, PreparedMessage, Slot
from ruhrmail.model.merge import PREFERENCES_TOKEN
from ruhrmail.store import Mailing, Store, message_id, read_prepared_messages
from ruhrmail.tokens import Keyring, Purpose, return_address


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the messages of one mailing; `write` may be called by several threads at once.

    `threads` is how many of them it is worth: none where merging is all there is to do, as many as there are processors
    where messages are signed, for while one is signed other threads run.
    """

    write: Callable[[Claim], Message]
    threads: int = 0


def writer_of(config: Config, store: Store, mailing: Mailing, keyring: Keyring, machine: Machine) -> Writer:
    """What writes the messages of a mailing. Raises InvalidInput for DKIM keys that cannot be used."""
    merge = merger_of(config, store, mailing, keyring)
    seal = seal_of(config, machine.now)
    if seal is None:
        return Writer(merge)
    return Writer(lambda claim: seal(merge(claim)), machine.cores)


def merger_of(config: Config, store: Store, mailing: Mailing, keyring: Keyring) -> Callable[[Claim], Message]:
    """The function from claim to message, not yet signed."""
    prepared = read_prepared_messages(store, mailing)
    mergers = {variant: Merger(message) for variant, message in prepared.items()}
    stamp = keyring.stamp(Purpose.UNSUBSCRIBE, mailing.id, list_bytes(store))
    stamp_link, stamp_return = stamp.sign_link, stamp.sign_return if has_address(prepared.values()) else no_address
    stamp_choices = keyring.stamp(Purpose.PREFERENCES, mailing.id, list_bytes(store)).sign_link
    offers = any(names_token(message, PREFERENCES_TOKEN) for message in prepared.values())
    sender_of = envelope_sender(config, store, mailing, keyring)
    store_id, number, domain = store.id, mailing.id, mailing.domain

    def merge(claim: Claim) -> Message:
        recipient = claim.recipient
        token_id = recipient.token_id
        name = message_id(store_id, number, token_id, domain)
        choices = stamp_choices(token_id) if offers else ""
        filling = Filling(
            recipient.person, name, stamp_link(token_id), sender_of(token_id), choices, stamp_return(token_id)
        )
        return mergers[claim.variant].merge(filling)

    return merge


def has_address(messages: Iterable[PreparedMessage]) -> bool:
    """Whether the messages name an address for those who want to leave: only then is it worth signing."""
    return any(isinstance(part, Slot) and part.place == "unsubscribe-return" for one in messages for part in one.parts)


def no_address(_: bytes) -> str:
    """Stands in where no message names one."""
    return ""


def envelope_sender(config: Config, store: Store, mailing: Mailing, keyring: Keyring) -> Callable[[bytes], str]:
    """The function from a subscriber's random id to the address that returned mail goes to."""
    if config.settings.delivery.return_path == "plain":
        address = config.newsletter.sender.address
        return lambda subscriber: address
    stamp = keyring.stamp(Purpose.RETURN, mailing.id, list_bytes(store)).sign_return
    domain = config.return_domain
    return lambda subscriber: return_address(stamp(subscriber), domain)


def list_bytes(store: Store) -> bytes:
    """What tells this store's tokens from those of others with the same secret."""
    return bytes.fromhex(store.id)[:3]
