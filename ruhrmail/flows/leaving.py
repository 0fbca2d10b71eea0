"""The way out: a token from a mail to a suppression."""

from ruhrmail.flows.machine import Machine
from ruhrmail.model.public import Leaving
from ruhrmail.store import Store, prove_sent, subscriber_by_token_id, suppression, withdraw
from ruhrmail.tokens import Keyring, Purpose, Token


def look_up_leaving(store: Store, keyring: Keyring, link: str) -> Leaving | None:
    """Whose unsubscribe token it is, without changing anything; None when it is nobody's. Raises StoreError."""
    token = read_token(store, keyring, link)
    if token is None:
        return None
    found = subscriber_by_token_id(store, token.subscriber)
    if found is None:
        return None
    person = found[1]
    return Leaving(hide(person.email), suppression(store, person.key) is not None)


def leave(store: Store, keyring: Keyring, machine: Machine, link: str) -> bool:
    """Takes the token's owner off the list, durably before it returns; False when it is nobody's token.

    Using the link proves that the mail it stood in arrived: a delivery in doubt is settled as sent. Raises StoreError.
    """
    token = read_token(store, keyring, link)
    found = subscriber_by_token_id(store, token.subscriber) if token else None
    if token is None or found is None:
        return False
    number, person = found
    now = machine.now()
    withdraw(store, number, person.key, now, f"unsubscribe link of mailing {token.mailing}")
    prove_sent(store, token.mailing, number, now)
    return True


def read_token(store: Store, keyring: Keyring, link: str) -> Token | None:
    """A genuine unsubscribe token of this very list, else None."""
    token = keyring.verify_link(link, Purpose.UNSUBSCRIBE)
    return token if token is not None and token.list == bytes.fromhex(store.id)[:3] else None


def hide(email: str) -> str:
    """An address as a page may show it: `l…@newsletter.example`."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
