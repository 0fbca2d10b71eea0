"""What a check was asked to look with, opened: the network, a browser, SpamAssassin."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ruhrmail.check import Equipment, Need, open_assassin
from ruhrmail.check.browser import open_browser
from ruhrmail.config import Config
from ruhrmail.flows.signing import own_records

if TYPE_CHECKING:
    from ruhrmail.check.online.network import Network


def equip(
    config: Config, environ: Mapping[str, str], needs: Collection[Need], stack: ExitStack, *, pictures: bool = False
) -> Equipment:
    """The equipment that is asked for, opened; the stack closes it. `pictures`: the browser takes one of every view.

    Raises RuhrmailError where some of it is missing.
    """
    return Equipment(
        frozenset(needs),
        network=stack.enter_context(open_network(config)) if "online" in needs else None,
        browser=stack.enter_context(open_browser(config.browser, pictures=pictures)) if "browser" in needs else None,
        spam=open_assassin(environ) if "spam" in needs else None,
    )


def open_network(config: Config) -> "Network":
    """The network, with the DKIM records that our keys ask for."""
    from ruhrmail.check.online.network import Network

    return Network(config, own_records(config))
