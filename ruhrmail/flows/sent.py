"""Mailings as they were prepared: read from the store, which is not changed, and filled for somebody to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruhrmail.compose import Filling, merge
from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.letter import read_letter
from ruhrmail.flows.readers import Reader
from ruhrmail.model.mail import PreparedMessage
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Destination,
    Mailing,
    Store,
    all_figures,
    find_mailing,
    open_store_readonly,
    read_prepared_messages,
)
from ruhrmail.tokens import SAMPLE_TOKEN


@dataclass(frozen=True, slots=True)
class SentMail:
    """One variant of a mailing as a reader got it; `html` carries the pictures that the message carried."""

    mailing: Mailing
    variant: str
    subject: str
    html: str
    text: str


def read_sent(config: Config, name: str, reader: Reader, variant: str | None = None) -> SentMail:
    """What a mailing sends to such a reader (`variant`: to those of this variant).

    Raises RuhrmailError where there is no such mailing or variant, or it waits for its time; StoreError.
    """
    store = open_store_readonly(config.store)
    if store is None:
        raise no_such(name)
    with store:
        mailing = next((one for one in mailings_of(store) if one.name == name), None)
        prepared = read_prepared_messages(store, mailing) if mailing else {}
    if mailing is None or not prepared:
        raise no_such(name)
    chosen = choose_variant(mailing, prepared, reader, variant)
    sender = config.newsletter.sender.address
    filling = Filling(reader.person, f"<preview@{mailing.domain}>", SAMPLE_TOKEN, sender, SAMPLE_TOKEN)
    return read_message(mailing, chosen, merge(prepared[chosen], filling).content)


def mailings_of(store: Store) -> Iterator[Mailing]:
    """Every mailing of a store, the latest first."""
    for found in all_figures(store):
        audience = found.mailing.removesuffix("@maildir").partition("/")[2]
        destination: Destination = "maildir" if found.mailing.endswith("@maildir") else "relay"
        mailing = find_mailing(store, found.issue, audience, destination)
        if mailing is not None:
            yield mailing


def choose_variant(
    mailing: Mailing, prepared: Mapping[str, PreparedMessage], reader: Reader, variant: str | None
) -> str:
    """The variant that somebody got. Raises RuhrmailError for one that the mailing does not have."""
    name = mailing.variants.choose(reader.person.tags) if variant is None else variant
    if name not in prepared:
        raise RuhrmailError(phrase("the mailing {name} has no such variant", name=mailing.name))
    return name


def read_message(mailing: Mailing, variant: str, content: bytes) -> SentMail:
    """The parts of a message."""
    letter = read_letter(content)
    return SentMail(mailing, variant, letter.subject, letter.html, letter.text)


def no_such(name: str) -> RuhrmailError:
    """The error for a mailing that is not there."""
    return RuhrmailError(phrase("there is no mailing {name}, or it has not begun", name=name))
