"""One person: what is stored about them, what proves their consent, and how to suppress them by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from ruhrmail.config import Config
from ruhrmail.consent import Proof, proof_of, standing_of
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.refresh import opened_up_to_date
from ruhrmail.model.consent import Standing, Suppression
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import Address, read_address
from ruhrmail.store import (
    Record,
    Store,
    open_store,
    read_record,
    suppress_by_hand,
    unsuppress_by_hand,
)


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything about a person, where they stand, and what they agreed to (None: nobody can show anything)."""

    address: str
    standing: Standing
    record: Record
    proof: Proof | None


def read_given_address(config: Config, text: str) -> Address:
    """The address that somebody typed. Raises UsageError for what is none."""
    found = read_address(text, smtputf8=config.settings.delivery.smtputf8)
    if isinstance(found, Address):
        return found
    raise UsageError(phrase("{value} is no mail address: {reason}", value=text.strip(), reason=found))


@contextmanager
def opened(config: Config, machine: Machine) -> Iterator[Store]:
    """The project's store for writing, made where there is none. Raises StoreError."""
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        yield store


def look_at(config: Config, text: str, machine: Machine) -> Portrait:
    """What is stored about an address. Raises RuhrmailError where nothing is, UsageError, StoreError."""
    address = read_given_address(config, text)
    with opened_up_to_date(config, machine) as store:
        if store is None:
            raise unknown(address.email)
        return portrait_of(address.email, read_record(store, address.key))


def portrait_of(email: str, record: Record) -> Portrait:
    """A record with what it means. Raises RuhrmailError where it says nothing of a person."""
    standing = standing_of(
        listed=record.listed,
        suppression=record.suppression,
        consents=record.consents,
        known=record.person is not None,
    )
    if standing is None:
        raise forgotten(email) if record.suppression is not None else unknown(email)
    person = record.person
    text = person.consent_text if person else ""
    proof = proof_of(record.consents, person, sha256(text.encode()).hexdigest() if text else "")
    return Portrait(person.email if person else email, standing, record, proof)


def unknown(email: str) -> RuhrmailError:
    """The error for an address of which the store knows nothing."""
    return RuhrmailError(
        phrase("nothing is stored about {email}", email=email),
        hint=phrase("`ruhrmail subscribers list TEXT` searches addresses, names and companies"),
    )


def forgotten(email: str) -> RuhrmailError:
    """The error for an address of which only the hash is left."""
    return RuhrmailError(
        phrase(
            "nothing is stored about {email} but a keyed hash, which keeps the address from being mailed", email=email
        )
    )


def suppress_address(config: Config, text: str, reason: str, machine: Machine) -> bool:
    """Suppresses an address for good; False when it was already. Raises UsageError, StoreError."""
    address = read_given_address(config, text)
    with opened(config, machine) as store:
        return suppress_by_hand(store, address.key, reason, machine.now())


def unsuppress_address(config: Config, text: str, reason: str, machine: Machine) -> Suppression:
    """Lifts a suppression and gives it. Raises RuhrmailError where there is none, UsageError, StoreError."""
    address = read_given_address(config, text)
    with opened(config, machine) as store:
        found = unsuppress_by_hand(store, address.key, reason, machine.now())
    if found is None:
        raise RuhrmailError(phrase("{email} is not suppressed", email=address.email))
    return found
