"""The way in: an address on a page to a mail with a link, and the link to a place on the list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from ruhrmail.config import Config
from ruhrmail.consent import (
    LIFTED,
    Answer,
    Asking,
    Correspondence,
    Occasion,
    Wording,
    answer_to,
    default_wording,
    may_confirm,
    standing_of,
    write_letter,
)
from ruhrmail.flows.leaving import hide
from ruhrmail.flows.links import link_for
from ruhrmail.flows.machine import Machine
from ruhrmail.i18n import LANGUAGES, choose_language
from ruhrmail.model.consent import Consent, Kind, Suppression
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase
from ruhrmail.model.post import PostKind
from ruhrmail.model.public import Confirming, Step
from ruhrmail.roster import Address, read_address
from ruhrmail.store import Letter, Record, Store, confirm, consents_by_token_id, record_request, suppression
from ruhrmail.tokens import Keyring, Purpose, Token

KINDS = {Answer.CONFIRM: PostKind.CONFIRM, Answer.KNOWN: PostKind.KNOWN, Answer.NOTHING: None}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody entered on a page: the address, the page's own address and language (`de` or `en`), and the network
    address that it came from."""

    address: str
    page: str
    language: str = "de"
    origin: str = ""


def wording_of(config: Config, language: str) -> Wording:
    """What people agree to on a page of this language."""
    own = getattr(config.settings.consent.wording, language)
    if own is not None:
        return Wording(own, language)
    sender = config.newsletter.sender.address
    return default_wording(language, config.newsletter.name, config.imprint.organisation, sender)


def form_address(config: Config, language: str) -> str:
    """Where the form stands in this language: people reach it there, and records name it."""
    return f"{config.url}/subscribe" + ("" if language == config.newsletter.language else f"?lang={language}")


def ask_to_join(config: Config, store: Store, keyring: Keyring, machine: Machine, request: Request) -> Phrase | None:
    """Writes down that an address asked to join, and the mail that follows, durably before it returns.

    Gives why the text is no address; None otherwise, whatever follows, for nobody at the page is to know who is on the
    list. Raises StoreError.
    """
    address = read_address(request.address, smtputf8=config.settings.delivery.smtputf8)
    if not isinstance(address, Address):
        return address
    now, wording = machine.now(), wording_of(config, request.language)
    origin = request.origin if config.settings.consent.origin else ""
    asked = Consent(0, Kind.ASKED, now, request.page, wording.text, origin=origin, language=request.language)
    person = Person(address.email, address.key, language=request.language)
    write = partial(letter_for, config, store, keyring, person, wording, now)
    record_request(store, person, asked, partial(decide, config), write, now)
    return None


def decide(config: Config, record: Record, wrote: bool) -> PostKind | None:
    """Which mail follows, if any."""
    standing = standing_of(
        listed=record.listed,
        suppression=record.suppression,
        consents=record.consents,
        known=record.person is not None,
    )
    agreed = next((one.sha256 for one in reversed(record.consents) if one.kind is Kind.CONFIRMED), "")
    in_use = [wording_of(config, language).sha256 for language in LANGUAGES]
    return KINDS[answer_to(Asking(standing, record.suppression, agreed, wrote), in_use)]


def letter_for(  # noqa: PLR0913 - all that a letter is made of
    config: Config,
    store: Store,
    keyring: Keyring,
    person: Person,
    wording: Wording,
    now: datetime,
    kind: PostKind,
    token_id: bytes,
    number: int,
) -> Letter:
    """The mail about a request."""
    purpose = Purpose.UNSUBSCRIBE if kind is PostKind.KNOWN else Purpose.CONFIRM
    url = config.url + link_for(store, keyring, token_id, purpose, number)
    choices = config.url + link_for(store, keyring, token_id)
    message_id = new_message_id(config, store)
    occasion = Occasion(kind, person.email, wording.language, url, wording.text, message_id, now, choices)
    return Letter(kind, message_id, write_letter(common_to_letters(config), occasion))


def new_message_id(config: Config, store: Store) -> str:
    """A Message-ID for a mail that is written once, with its brackets."""
    return f"<{store.randomness(16).hex()}@{config.newsletter.sender.address.rpartition('@')[2]}>"


def common_to_letters(config: Config) -> Correspondence:
    """What the settings say of every mail about joining."""
    sender, imprint = config.newsletter.sender, config.imprint
    lines = (imprint.organisation, imprint.street, imprint.city, imprint.phone or "", imprint.email)
    shown = tuple(line for line in lines if line)
    return Correspondence(config.newsletter.name, sender.name, sender.address, shown, config.settings.consent.purge)


def look_up_confirming(
    config: Config, store: Store, keyring: Keyring, machine: Machine, link: str
) -> Confirming | None:
    """Whose confirmation link it is, without changing anything; None when it is no link of ours. Raises StoreError."""
    token = read_token(store, keyring, link)
    if token is None:
        return None
    found = consents_by_token_id(store, token.subscriber)
    if found is None:  # deleted after its time, or forgotten
        return Confirming(Step.LATE)
    person, records = found
    purge = timedelta(days=config.settings.consent.purge)
    possible = may_confirm(records, token.mailing, machine.now(), purge)
    step = step_of(possible, suppression(store, person.key))
    return Confirming(step, hide(person.email), choose_language(person.language, config.newsletter.language))


def step_of(possible: bool | None, found: Suppression | None) -> Step:
    """Where somebody stands, by what `may_confirm` says of the link and by what keeps them from being mailed."""
    if found is not None and found.reason not in LIFTED:
        return Step.BARRED
    if possible is None and found is None:
        return Step.DONE
    return Step.OPEN if possible else Step.LATE


def confirm_joining(config: Config, store: Store, keyring: Keyring, machine: Machine, link: str) -> Confirming | None:
    """Puts the link's owner onto the list, durably before it returns, and says where they stand then.

    `CONFIRMED` just now, `DONE` where a link did so before; otherwise nothing is changed. None for what is no link of
    ours. Raises StoreError.
    """
    token, now = read_token(store, keyring, link), machine.now()
    if token is None:
        return None
    purge = timedelta(days=config.settings.consent.purge)

    def may(records: Sequence[Consent]) -> bool | None:
        return may_confirm(records, token.mailing, now, purge)

    did = confirm(store, token.subscriber, token.mailing, may, LIFTED, now)
    found = look_up_confirming(config, store, keyring, machine, link)
    return replace(found, step=Step.CONFIRMED) if found is not None and did else found


def read_token(store: Store, keyring: Keyring, link: str) -> Token | None:
    """A genuine confirmation token of this very list, else None. `mailing` is the number of its request."""
    token = keyring.verify_link(link, Purpose.CONFIRM)
    return token if token is not None and token.list == bytes.fromhex(store.id)[:3] else None
