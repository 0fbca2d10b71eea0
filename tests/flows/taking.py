"""One returned message, taken in as a batch of one: the way every mailbox is read."""

from ruhrmail.bounce import read_returned
from ruhrmail.flows.returns import take_in_all
from ruhrmail.model.bounce import Taken


def take_in(config, store, keyring, machine, message: bytes, source: str) -> Taken:
    (taken,) = take_in_all(config, store, keyring, machine, [read_returned(message)], source)
    if isinstance(taken, Exception):
        raise taken
    return taken
