"""`ruhrmail serve`: the web service."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.exposition import TOKEN_VARIABLE, require_token

if TYPE_CHECKING:
    from ruhrmail.config import Config
    from ruhrmail.flows.machine import Machine
    from ruhrmail.model.phrase import Phrase
    from ruhrmail.store import Store
    from ruhrmail.tokens import Keyring
    from ruhrmail.web import Joining, Site


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help=word("The address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=word("The port; 0: any free one."))] = 8000,
) -> None:
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.web import make_app
    from ruhrmail.web import serve as run

    desk: Desk = ctx.obj

    def ready(address: str) -> None:
        desk.terminal.say("the web service is ready: {address}", address=address)

    token = desk.environ.get(TOKEN_VARIABLE, "").strip()
    require_token(token)
    with opened_site(desk.config, this_machine(), token) as site:
        run(make_app(site), host, port, ready)


@contextmanager
def opened_site(config: "Config", machine: "Machine", metrics_token: str = "") -> "Iterator[Site]":
    """What the web service is handed, while the store is open. Raises StoreError."""
    from ruhrmail.flows.imprint import imprint_lines
    from ruhrmail.flows.leaving import leave, look_up_leaving
    from ruhrmail.flows.metrics import LedgerMetrics
    from ruhrmail.flows.public import PublicIssues
    from ruhrmail.i18n import LANGUAGES
    from ruhrmail.store import open_store, roster_state
    from ruhrmail.tokens import load_keyring
    from ruhrmail.web import Site

    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        public = PublicIssues(config, store)
        yield Site(
            name=config.newsletter.name,
            language=config.newsletter.language,
            url=config.url,
            colors=config.settings.theme.colors,
            imprint={language: imprint_lines(config, language) for language in LANGUAGES},
            contact=config.imprint.email,
            store_id=store.id,
            key_ids=keyring.key_ids,
            look_up=partial(look_up_leaving, store, keyring),
            leave=partial(leave, store, keyring, machine),
            issues=public.issues,
            page=public.page,
            asset=public.asset,
            file=public.file,
            check_store=partial(roster_state, store),
            metrics=LedgerMetrics(store, machine),
            metrics_token=metrics_token,
            joining=way_in(config, store, keyring, machine),
        )


def way_in(config: "Config", store: "Store", keyring: "Keyring", machine: "Machine") -> "Joining":
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
        ask=ask,
        wording=lambda language: wording_of(config, language).text,
        look_up=partial(look_up_confirming, config, store, keyring, machine),
        confirm=partial(confirm_joining, config, store, keyring, machine),
        form_keys=partial(keyring.derive, "forms"),
        now=machine.now,
        days=config.settings.consent.purge,
        privacy=config.settings.consent.privacy or "",
    )
