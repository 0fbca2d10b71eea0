"""Returned mail: the bytes of a message to what becomes of the person it is about."""

from ruhrmail.config import Config
from ruhrmail.flows.machine import Machine
from ruhrmail.model.bounce import ReturnEvent, Taken
from ruhrmail.store import Store
from ruhrmail.tokens import Keyring


def take_in(config: Config, store: Store, keyring: Keyring, machine: Machine, message: bytes, source: str) -> Taken:
    """Reads one returned message and acts upon it, durably before it returns; read again, it changes nothing.

    `source` names where it comes from, without user and password. Never fails over a message, however broken it is,
    or however large. Raises StoreError.
    """
    raise NotImplementedError


def take_in_event(config: Config, store: Store, keyring: Keyring, machine: Machine, event: ReturnEvent) -> Taken:
    """The same for an event of a sending service whose signature was verified. Raises StoreError."""
    raise NotImplementedError
