"""Links of a person's own: paths on the newsletter's site with a token in them, and the token back."""

from ruhrmail.store import Store
from ruhrmail.tokens import Keyring, Purpose, Token

PATHS = {
    Purpose.UNSUBSCRIBE: "u",
    Purpose.CONFIRM: "confirm",
    Purpose.PREFERENCES: "preferences",
    Purpose.CHANGE: "address",
}


def link_for(
    store: Store, keyring: Keyring, subscriber: bytes, purpose: Purpose = Purpose.PREFERENCES, number: int = 0
) -> str:
    """The path of a page of somebody's own, by their eight random bytes: `/preferences/TOKEN`.

    `number` is what the token is about besides: see `Token.mailing`.
    """
    token = keyring.sign_link(Token(purpose, subscriber, number, list_of(store)))
    return f"/{PATHS[purpose]}/{token}"


def read_link(store: Store, keyring: Keyring, link: str, purpose: Purpose) -> Token | None:
    """A genuine token of this very list and purpose, else None."""
    token = keyring.verify_link(link, purpose)
    return token if token is not None and token.list == list_of(store) else None


def preferences_of_confirming(store: Store, keyring: Keyring, link: str) -> str | None:
    """The path where the owner of a confirmation link chooses what they get; None when the link is nobody's."""
    token = read_link(store, keyring, link, Purpose.CONFIRM)
    return None if token is None else link_for(store, keyring, token.subscriber)


def list_of(store: Store) -> bytes:
    """What tells this store's tokens from those of others with the same secret."""
    return bytes.fromhex(store.id)[:3]
