"""What the web service is handed: who it speaks for, and the functions behind its pages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.config.settings import Colors
from ruhrmail.model.imprint import ImprintLine
from ruhrmail.model.phrase import Phrase
from ruhrmail.model.preferences import Chosen, Moving, Preferences
from ruhrmail.model.public import Confirming, Leaving, Left, Listed


@dataclass(frozen=True, slots=True)
class Joining:
    """The way in. The functions are called from several threads at once, and `ask`, `look_up` and `confirm` may raise
    StoreError. Languages are `de` and `en`."""

    ask: Callable[[str, str, str], Phrase | None]
    """Takes an address, the form's language and the network address it came from: why it is no address, else None."""
    wording: Callable[[str], str]
    """What people agree to on the form in a language."""
    look_up: Callable[[str], Confirming | None]
    """Whose confirmation link it is, without changing anything; None: nobody's."""
    confirm: Callable[[str], Confirming | None]
    """Puts the link's owner onto the list, durably before it returns; None: nobody's link."""
    form_keys: Callable[[], Sequence[bytes]]
    """What forms are signed with, newest first."""
    now: Callable[[], datetime]
    days: int
    """For so long a confirmation link works."""
    privacy: str = ""
    """Where the privacy notice stands."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A person's own pages. The functions are called from several threads at once, and each may raise StoreError."""

    look_up: Callable[[str], Preferences | None]
    """What the page of preferences shows, by its link, without changing anything; None: nobody's."""
    choose: Callable[[str, Chosen], bool]
    """Writes down topics and language, durably before it returns; False: nobody's link, or of somebody who left."""
    ask_to_move: Callable[[str, str], Phrase | None]
    """Takes a link and a new address: why it is no address, else None."""
    look_up_moving: Callable[[str], Moving | None]
    """Whose link to a new address it is, without changing anything; None: nobody's."""
    move: Callable[[str], Moving | None]
    """Has the mail of the link's owner go to the new address, durably before it returns; None: nobody's link."""


def nothing(_path: str) -> None:
    """Where there is nothing around the issues."""


def no_preferences(_token: str) -> str | None:
    """Where nobody can choose anything."""
    return None


@dataclass(frozen=True, slots=True)
class Site:
    """A newsletter on the web. The functions are called from several threads at once, and each may raise StoreError.

    `url` is where readers reach the service; it may hold a path. `imprint` is who answers for it, for each
    language, `contact` is the address that every error page names.
    """

    name: str
    language: str
    url: str
    colors: Colors
    imprint: Mapping[str, Sequence[ImprintLine]]
    contact: str
    store_id: str
    key_ids: Callable[[], Sequence[str]]
    """The keys that tokens verify with at this moment, the one that signs first."""
    look_up: Callable[[str], Leaving | None]
    """Whose token it is, without changing anything; None: nobody's."""
    leave: Callable[[str], Awaitable[Left | None]]
    """Takes the token's owner off the list, durably before it returns; the same again and again, None: nobody's token.
    Called in the event loop."""
    issues: Callable[[], Sequence[Listed]]
    """The public issues, in any order."""
    page: Callable[[str], bytes | None]
    """The HTML (UTF-8) of a public issue by its slug; None: there is none, or it is not public."""
    asset: Callable[[str, str], tuple[bytes, str] | None]
    """Content and media type of a picture of a public issue, by slug and name."""
    file: Callable[[str, str], tuple[bytes, str] | None]
    """Content and media type of an article's page or a calendar of a public issue, by slug and name."""
    check_store: Callable[[], object]
    """Returns when the store answers."""
    metrics: Callable[[], str]
    """The ledger's figures in Prometheus's text format."""
    joining: Joining
    personal: Personal
    hook: Callable[[str, Mapping[str, str], bytes], int] | None = None
    """Acts upon a sending service's report (its name, headers with small names, body), and says the HTTP status."""
    shared: Callable[[str], tuple[bytes, str] | None] = nothing
    """Content and media type of a page or file around the public issues (`feed.xml`, `years/2026/index.html`)."""
    moved: Callable[[str], str | None] = nothing
    """Where `SLUG/` or `SLUG/NAME` below the archive is now; None: it never moved."""
    metrics_token: str = ""
    """Who sends it may read them from anywhere; empty: only programs on this machine may."""
    leaving: Callable[[], bool] = lambda: False
    """Whether the service was told to stop: then load balancers are to look elsewhere."""
    preferences_of: Callable[[str], str | None] = no_preferences
    """The path (without that of `url`) of the page where the owner of a confirmation link chooses what they get."""
    count: Callable[[str, int], None] = lambda _page, _status: None
    """Is told for each POST which page answered it, and with which status. Called in the event loop."""
