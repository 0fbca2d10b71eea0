"""A mail's HTML and a list of clients to what they will not show, once for each feature."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ruhrmail.clients.support import Client, Feature, choose_clients, read_support
from ruhrmail.clients.use import Use, find_uses

ENHANCEMENTS = frozenset((
    "css-accent-color", "css-animation", "css-at-keyframes", "css-at-media", "css-at-media-hover",
    "css-at-media-prefers-color-scheme", "css-at-media-prefers-reduced-motion", "css-border-radius",
    "css-box-shadow", "css-color-scheme", "css-cursor", "css-hyphens", "css-letter-spacing", "css-object-fit",
    "css-outline", "css-outline-offset", "css-overflow-wrap", "css-pseudo-class-active", "css-pseudo-class-focus",
    "css-pseudo-class-hover", "css-tab-size", "css-text-decoration-color", "css-text-decoration-skip-ink",
    "css-text-decoration-thickness", "css-text-shadow", "css-text-underline-offset", "css-transition",
    "css-word-break", "css-word-wrap", "html-aria-describedby", "html-aria-hidden", "html-aria-label",
    "html-aria-labelledby", "html-aria-live", "html-dir", "html-lang", "html-loading-attribute",
    "html-meta-color-scheme", "html-role", "html-semantics", "html-style",
))  # fmt: skip
"""What a mail loses nothing by that cannot be done without: where it is dropped, text, order and links stay."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A feature, the clients that drop it, those that show it in part, and where it is used (at least once)."""

    feature: Feature
    dropped: tuple[Client, ...]
    partly: tuple[Client, ...]
    uses: tuple[Use, ...]


def find_unsupported(
    html: str, clients: Sequence[str], allowed: Collection[str] = ENHANCEMENTS
) -> Iterator[Unsupported]:
    """What some of the clients (names as in `choose_clients`) will not show, in the order of first use.

    A use inside a style sheet or an `@media` block counts only for clients that read those at all: the others never
    get there, and the lack of that is told once. What was never tested counts as shown. Raises RuhrmailError for an
    unknown client.
    """
    chosen, features = choose_clients(clients), read_support().features
    by_slug: dict[str, list[Use]] = {}
    for use in find_uses(html):
        if use.slug not in allowed:
            by_slug.setdefault(use.slug, []).append(use)
    for slug, uses in by_slug.items():
        feature = features[slug]
        reached = [client for client in chosen if any(reaches(client, use) for use in uses)]
        dropped = tuple(client for client in reached if feature.level(client) == "n")
        partly = tuple(client for client in reached if feature.level(client) == "a")
        if dropped or partly:
            affected = (*dropped, *partly)
            shown = tuple(use for use in uses if any(reaches(client, use) for client in affected))
            yield Unsupported(feature, dropped, partly, shown)


def reaches(client: Client, use: Use) -> bool:
    """True unless the client drops what stands around the use."""
    features = read_support().features
    return all(features[slug].level(client) != "n" for slug in use.through)
