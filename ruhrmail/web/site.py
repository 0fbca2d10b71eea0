"""What the web service is handed: who it speaks for, and the functions behind its pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ruhrmail.config.settings import Colors
from ruhrmail.model.public import Leaving, Listed


@dataclass(frozen=True, slots=True)
class Site:
    """A newsletter on the web. The functions are called from several threads at once, and each may raise StoreError.

    `url` is where readers reach the service; it may hold a path. `imprint` are finished lines, `contact` is the
    address that every error page names.
    """

    name: str
    language: str
    url: str
    colors: Colors
    imprint: Sequence[str]
    contact: str
    store_id: str
    key_ids: Sequence[str]
    look_up: Callable[[str], Leaving | None]
    """Whose token it is, without changing anything; None: nobody's."""
    leave: Callable[[str], bool]
    """Takes the token's owner off the list, durably before it returns; True again and again, False: nobody's token."""
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
    hook: Callable[[str, Mapping[str, str], bytes], int] | None = None
    """Acts upon a sending service's report (its name, headers with small names, body), and says the HTTP status."""
    metrics_token: str = ""
    """Who sends it may read them from anywhere; empty: only programs on this machine may."""
