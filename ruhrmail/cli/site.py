"""What the pages of the web service are handed: functions of flows, bound to a newsletter and its open store."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ruhrmail.config import Config
    from ruhrmail.flows.machine import Machine
    from ruhrmail.flows.reach import Way
    from ruhrmail.model.phrase import Phrase
    from ruhrmail.store import Store
    from ruhrmail.tokens import Keyring
    from ruhrmail.web import Joining, Personal, Site


@contextmanager
def opened_site(
    config: "Config",
    machine: "Machine",
    metrics_token: str = "",
    leaving: Callable[[], bool] = lambda: False,
    tell: "Callable[[Phrase], None] | None" = None,
) -> "Iterator[Site]":
    """What the web service is handed, while the store is open. Web hooks come in where `tell` hears of trouble.

    Raises StoreError, InvalidInput.
    """
    from ruhrmail.flows.archive import Surroundings
    from ruhrmail.flows.counting import Tally
    from ruhrmail.flows.imprint import imprint_lines
    from ruhrmail.flows.keyring import open_keyring
    from ruhrmail.flows.leaving import Exit, look_up_leaving
    from ruhrmail.flows.links import preferences_of_confirming
    from ruhrmail.flows.metrics import LedgerMetrics
    from ruhrmail.flows.public import PublicIssues, masthead_as_served
    from ruhrmail.flows.reach import opened_reach
    from ruhrmail.i18n import LANGUAGES
    from ruhrmail.store import is_shared, open_store, public_slugs, roster_state
    from ruhrmail.web import Site

    keyring = open_keyring(config, machine, tell or (lambda _: None))
    with (
        open_store(config.store, now=machine.now(), randomness=machine.randomness) as store,
        opened_reach(store, config.store) as reach,
        Exit(store, keyring, machine) as way_out,
        Tally(store) as tally,
    ):
        public = PublicIssues(config, store, ask=reach.looking(public_slugs))
        yield Site(
            name=config.newsletter.name,
            language=config.newsletter.language,
            url=config.url,
            colors=config.settings.theme.colors,
            imprint={language: imprint_lines(config, language) for language in LANGUAGES},
            contact=config.imprint.email,
            store_id=store.id,
            key_ids=lambda: keyring.key_ids,
            look_up=reach.looking(partial(look_up_leaving, store, keyring)),
            leave=reach.leaving(way_out.leave),
            issues=public.issues,
            page=public.page,
            asset=public.asset,
            file=public.file,
            shared=Surroundings(config, masthead_as_served(config), public.slugs).file,
            moved=public.moved,
            check_store=reach.looking(partial(roster_state, store)),
            metrics=reach.writing(LedgerMetrics(store, machine, is_shared(config.store))),
            metrics_token=metrics_token,
            leaving=leaving,
            count=tally.count,
            joining=way_in(config, store, keyring, machine, reach),
            personal=own_pages(config, store, keyring, machine, reach),
            preferences_of=partial(preferences_of_confirming, store, keyring),
            hook=hooks_of(config, store, keyring, machine, tell, reach) if tell else None,
        )


def hooks_of(
    config: "Config",
    store: "Store",
    keyring: "Keyring",
    machine: "Machine",
    alarm: "Callable[[Phrase], None]",
    reach: "Way",
) -> "Callable[[str, Mapping[str, str], bytes], int] | None":
    """What takes in the reports of sending services; None where the environment has a key of none."""
    if not config.hooks:
        return None
    from ruhrmail.flows.hooks import make_project_hooks

    return reach.writing(make_project_hooks(config, store, keyring, machine, alarm).receive)


def way_in(config: "Config", store: "Store", keyring: "Keyring", machine: "Machine", reach: "Way") -> "Joining":
    """What the pages are handed that let people in."""
    from ruhrmail.flows.joining import (
        Request,
        ask_to_join,
        confirm_joining,
        form_address,
        look_up_confirming,
        wording_of,
    )
    from ruhrmail.web import Joining

    def ask(address: str, language: str, origin: str) -> "Phrase | None":
        request = Request(address, form_address(config, language), language, origin)
        return ask_to_join(config, store, keyring, machine, request)

    return Joining(
        ask=reach.writing(ask),
        wording=lambda language: wording_of(config, language).text,
        look_up=reach.looking(partial(look_up_confirming, config, store, keyring, machine)),
        confirm=reach.writing(partial(confirm_joining, config, store, keyring, machine)),
        form_keys=partial(keyring.derive, "forms"),
        now=machine.now,
        days=config.settings.consent.purge,
        privacy=config.settings.consent.privacy or "",
    )


def own_pages(config: "Config", store: "Store", keyring: "Keyring", machine: "Machine", reach: "Way") -> "Personal":
    """What the pages are handed where people choose what they get, and where."""
    from ruhrmail.flows.moving import ask_to_move, look_up_moving, move_address
    from ruhrmail.flows.preferences import look_up_preferences, save_preferences
    from ruhrmail.web import Personal

    return Personal(
        look_up=reach.looking(partial(look_up_preferences, config, store, keyring)),
        choose=reach.writing(partial(save_preferences, config, store, keyring, machine)),
        ask_to_move=reach.writing(partial(ask_to_move, config, store, keyring, machine)),
        look_up_moving=reach.looking(partial(look_up_moving, config, store, keyring, machine)),
        move=reach.writing(partial(move_address, config, store, keyring, machine)),
    )
