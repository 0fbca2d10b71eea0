"""A mail's HTML and a list of clients to what they will not show, once for each feature."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from ruhrmail.clients.enhancements import ENHANCEMENTS
from ruhrmail.clients.support import Client, Feature, choose_clients, read_support
from ruhrmail.clients.use import Use, read_tree, uses_in


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A feature, the clients that drop it, those that show it in part, and where it is used (at least once): where the
    clients that drop it get to, if any."""

    feature: Feature
    dropped: tuple[Client, ...]
    partly: tuple[Client, ...]
    uses: tuple[Use, ...]


def find_unsupported(
    html: str, clients: Sequence[str], allowed: Collection[str] = ENHANCEMENTS
) -> Iterator[Unsupported]:
    """What some of the clients (names as in `choose_clients`) will not show, in the order of first use.

    Raises RuhrmailError for an unknown client.
    """
    root, chosen = read_tree(html), choose_clients(clients)
    yield from unsupported_in(root, chosen, allowed) if root is not None else ()


def unsupported_in(
    root: etree._Element, clients: Sequence[Client], allowed: Collection[str] = ENHANCEMENTS
) -> Iterator[Unsupported]:
    """The same of a tree.

    A use inside a style sheet or an `@media` block counts only for clients that read those at all: the others never
    get there, and the lack of that is told once. What was never tested counts as shown.
    """
    features = read_support().features
    by_slug: dict[str, list[Use]] = {}
    for use in uses_in(root):
        if use.slug not in allowed:
            by_slug.setdefault(use.slug, []).append(use)
    for slug, uses in by_slug.items():
        feature = features[slug]
        reached = [client for client in clients if any(reaches(client, use) for use in uses)]
        dropped = tuple(client for client in reached if feature.level(client) == "n")
        partly = tuple(client for client in reached if feature.level(client) == "a")
        if dropped or partly:
            affected = dropped or partly
            shown = tuple(use for use in uses if any(reaches(client, use) for client in affected))
            yield Unsupported(feature, dropped, partly, shown)


def reaches(client: Client, use: Use) -> bool:
    """True unless the client drops what stands around the use, or never shows it."""
    features = read_support().features
    if use.not_word and client.is_word:
        return False
    return all(features[slug].level(client) != "n" for slug in use.through)
