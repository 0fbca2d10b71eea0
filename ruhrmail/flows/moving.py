"""A new address: given on a person's own page, confirmed by the link in a mail to it, and told to the former one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from ruhrmail.config import Config
from ruhrmail.consent import LIFTED, Occasion, answer_to_wish, stage_of, write_letter
from ruhrmail.flows.joining import common_to_letters, new_message_id
from ruhrmail.flows.leaving import hide
from ruhrmail.flows.links import link_for, read_link
from ruhrmail.flows.machine import Machine
from ruhrmail.i18n import choose_language
from ruhrmail.model.phrase import Phrase
from ruhrmail.model.post import PostKind
from ruhrmail.model.preferences import AddressRequest, Moving, Stage
from ruhrmail.roster import Address, read_address
from ruhrmail.store import (
    Letter,
    NewAddress,
    Store,
    Terms,
    ask_for_change,
    change_address,
    find_change,
    find_chooser,
)
from ruhrmail.tokens import Keyring, Purpose


def ask_to_move(
    config: Config, store: Store, keyring: Keyring, machine: Machine, link: str, text: str
) -> Phrase | None:
    """Writes down the new address that a link's owner gave, and the mail that follows, durably before it returns.

    Gives why the text is no address; None otherwise, whatever follows, for nobody at the page is to know which
    addresses are on the list. Raises StoreError.
    """
    address = read_address(text, smtputf8=config.settings.delivery.smtputf8)
    if not isinstance(address, Address):
        return address
    token = read_link(store, keyring, link, Purpose.PREFERENCES)
    found = find_chooser(store, token.subscriber) if token else None
    if token is not None and found is not None:
        now, language = machine.now(), choose_language(found.person.language, config.newsletter.language)
        write = partial(letter_to, config, store, keyring, address.email, language, now)
        ask_for_change(store, token.subscriber, NewAddress(address.email, address.key), answer_to_wish, write, now)
    return None


def letter_to(  # noqa: PLR0913 - all that a letter is made of
    config: Config,
    store: Store,
    keyring: Keyring,
    email: str,
    language: str,
    now: datetime,
    kind: PostKind,
    token_id: bytes,
    number: int,
) -> Letter:
    """The mail to a new address: with the link that confirms it, or with word that it has to join by itself."""
    path = link_for(store, keyring, token_id, Purpose.CHANGE, number) if kind is PostKind.CHANGE else "/subscribe"
    return letter_of(config, Occasion(kind, email, language, config.url + path, "", new_message_id(config, store), now))


def notice_to(  # noqa: PLR0913 - all that a letter is made of
    config: Config, store: Store, keyring: Keyring, language: str, now: datetime, former: str, token_id: bytes, new: str
) -> Letter:
    """The mail to a former address: where the newsletter goes now, mostly hidden, and how to end that."""
    url = config.url + link_for(store, keyring, token_id, Purpose.UNSUBSCRIBE)
    number = new_message_id(config, store)
    return letter_of(config, Occasion(PostKind.CHANGED, former, language, url, "", number, now, other=hide(new)))


def letter_of(config: Config, one: Occasion) -> Letter:
    """A mail, written."""
    return Letter(one.kind, one.message_id, write_letter(common_to_letters(config), one))


def look_up_moving(config: Config, store: Store, keyring: Keyring, machine: Machine, link: str) -> Moving | None:
    """What the page behind the link in a mail to a new address shows, without changing anything; None when it is
    nobody's. Raises StoreError."""
    token = read_link(store, keyring, link, Purpose.CHANGE)
    found = find_change(store, token.subscriber, token.mailing) if token else None
    if found is None:
        return None
    email, language, request = found
    return Moving(hide(email), choose_language(language, config.newsletter.language), rule_of(config, machine)(request))


def rule_of(config: Config, machine: Machine) -> Callable[[AddressRequest], Stage]:
    """What a request can do now."""
    now, purge = machine.now(), timedelta(days=config.settings.consent.purge)
    return lambda request: stage_of(request, now, purge)


def move_address(config: Config, store: Store, keyring: Keyring, machine: Machine, link: str) -> Moving | None:
    """Has the mail of the link's owner go to the new address, durably before it returns, where it may.

    Gives what came of it, None when the link is nobody's. Raises StoreError.
    """
    token = read_link(store, keyring, link, Purpose.CHANGE)
    shown = look_up_moving(config, store, keyring, machine, link)
    if token is None or shown is None:
        return None
    now = machine.now()
    notice = partial(notice_to, config, store, keyring, shown.language, now)
    terms = Terms(rule_of(config, machine), LIFTED, f"{config.url}/preferences/", notice)
    stage = change_address(store, token.subscriber, token.mailing, terms, now)
    return None if stage is None else replace(shown, stage=stage)
