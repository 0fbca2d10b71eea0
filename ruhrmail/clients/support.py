"""Which client supports what, as caniemail.com tested it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, Literal

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

Level = Literal["y", "a", "n", "u", "-"]
"""Supported, in part, not at all, unclear, never tested."""
NAMES = {
    "gmx": "gmx",
    "web.de": "web-de",
    "t-online": "t-online-de",
    "ionos": "ionos-1and1",
    "1&1": "ionos-1and1",
    "yahoo": "yahoo",
    "apple mail": "apple-mail",
}
"""How people call families of clients, where that differs from caniemail's names."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client on one platform: `gmx/desktop-webmail`, and how people know it."""

    id: str
    name: str
    number: int

    @property
    def family(self) -> str:
        """What it has in common with the same provider's other clients."""
        return self.id.partition("/")[0]

    @property
    def is_word(self) -> bool:
        """True for the Outlooks whose mails Word sets, and which alone know `mso-hide`."""
        return self.family == "outlook" and "windows" in self.id


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a mail can use; `support` holds a letter for each client by its number."""

    slug: str
    title: str
    support: str
    notes: Mapping[str, Sequence[int]]
    texts: Mapping[str, str]

    @property
    def url(self) -> str:
        """The page with the tests and what to do instead."""
        return f"https://www.caniemail.com/features/{self.slug}/"

    def level(self, client: Client) -> str:
        """The newest test's result, one of `Level`."""
        return self.support[client.number]

    def note(self, client: Client) -> str:
        """What "in part" means there (English), empty where nothing is said."""
        found = (self.texts.get(str(number), "") for number in self.notes.get(str(client.number), ()))
        return " ".join(filter(None, found))


@dataclass(frozen=True, slots=True)
class Support:
    """All of the data; `updated` is the day of its newest change."""

    updated: str
    clients: tuple[Client, ...]
    features: Mapping[str, Feature]


@cache
def read_support() -> Support:
    """The data that ships with ruhrmail."""
    data: dict[str, Any] = json.loads((resources.files("ruhrmail.clients") / "caniemail.json").read_text("utf-8"))
    clients = tuple(
        Client(name, f"{family} ({platform})", number)
        for number, (name, family, platform) in enumerate(data["clients"])
    )
    return Support(data["updated"], clients, {slug: Feature(slug, **one) for slug, one in data["features"].items()})


def choose_clients(names: Sequence[str]) -> tuple[Client, ...]:
    """The clients of families (`gmx`, `WEB.DE`) and single ones (`outlook/windows`), each once, in this order.

    Raises RuhrmailError for a name that means none.
    """
    support = read_support()
    found: dict[str, Client] = {}
    for name in names:
        family, slash, platform = name.strip().lower().partition("/")
        wanted = NAMES.get(family, family) + slash + platform
        matching = [client for client in support.clients if wanted in (client.id, client.family)]
        if not matching:
            raise unknown(name, support)
        found |= {client.id: client for client in matching}
    return tuple(found.values())


def unknown(name: str, support: Support) -> RuhrmailError:
    """The error for a name that means no client."""
    families = sorted({client.family for client in support.clients})
    near = get_close_matches(name.lower(), [*families, *NAMES, *(client.id for client in support.clients)], n=1)
    hint = (
        phrase("did you mean {word}?", word=near[0])
        if near
        else phrase("known here: {words}", words=", ".join(families))
    )
    return RuhrmailError(phrase("no mail client has the name {name}", name=name), hint=hint)
