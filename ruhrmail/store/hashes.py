"""Whom we forgot: nothing of them is left but a keyed hash, by which a row of a list can be told to be theirs.

The key lies in the store, so that hashes and key never part: a backup, another machine and a new signing key keep
knowing whom nobody may mail. It is made with the first hash and never changed.
"""

import hmac
from collections.abc import Iterable

from sqlalchemy import Connection, select

from ruhrmail.store.databases import among
from ruhrmail.store.opening import Randomness, recall, remember
from ruhrmail.store.schema import suppressions

KEY_BYTES = 32
FORGET_KEY = "forget_key"
PREFIX = "hmac-sha256:"
"""No address begins like this and lacks an @, so hashes and addresses never meet."""


class Hashes:
    """The hashes of one store; without a key there is none yet, and nobody was forgotten."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def of(self, key: str) -> str | None:
        """The hash of an address's key as the table of suppressions holds it; None while nobody was forgotten."""
        if self._key is None:
            return None
        return PREFIX + hmac.digest(self._key, key.encode(), "sha256").hex()

    def names(self, key: str) -> list[str]:
        """Under which keys an address may be suppressed: its own, and its hash."""
        hashed = self.of(key)
        return [key] if hashed is None else [key, hashed]


def read_hashes(connection: Connection) -> Hashes:
    """The hashes of the store as they are."""
    key = recall(connection, FORGET_KEY)
    return Hashes(bytes.fromhex(key) if key else None)


def ensure_hashes(connection: Connection, randomness: Randomness) -> Hashes:
    """The same, with a new key where the store has none."""
    if recall(connection, FORGET_KEY) is None:
        remember(connection, **{FORGET_KEY: randomness(KEY_BYTES).hex()})
    return read_hashes(connection)


def hashed_keys(connection: Connection) -> frozenset[str]:
    """Every hash that is suppressed."""
    found = select(suppressions.c.key).where(suppressions.c.key.startswith(PREFIX))
    return frozenset(connection.execute(found).scalars())


def suppressed_among(connection: Connection, keys: Iterable[str], hashes: Hashes) -> set[str]:
    """Which of a batch of addresses' keys are suppressed, openly or by their hash."""
    owner = {name: key for key in keys for name in hashes.names(key)}
    found = select(suppressions.c.key).where(among(connection, suppressions.c.key, list(owner)))
    return {owner[name] for name in connection.execute(found).scalars()}
