"""The values of delivery's settings: rates, relays, limits for receiving domains, refusals."""

import ipaddress
from dataclasses import dataclass, field
from typing import Literal

CONNECTIONS = 5
MESSAGES = 500
Scheme = Literal["smtp", "smtps", "smtp+starttls", "maildir"]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `per` seconds."""

    count: float
    per: float


@dataclass(frozen=True, slots=True)
class Relay:
    """A server (or Maildir) that takes mail from us.

    `rates` are limits that hold all at once, none for no limit. `weight` is its share of the mail beside other relays,
    None for as much as it can take. A connection is renewed after `messages_per_connection`. `token` is an OAuth 2
    access token that logs in instead of the password (XOAUTH2).
    """

    name: str
    scheme: Scheme
    host: str = ""
    port: int = 0
    path: str = ""
    connections: int = CONNECTIONS
    rates: tuple[Rate, ...] = ()
    weight: int | None = None
    messages_per_connection: int = MESSAGES
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def loopback(self) -> bool:
        """True when mail for this relay does not leave the machine."""
        return self.scheme == "maildir" or is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """True for localhost and the addresses of the loopback range."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


ANY_DOMAIN = "*"


@dataclass(frozen=True, slots=True)
class DomainLimit:
    """How much mail all relays together may hand over for one receiving domain at once, and over time.

    `domain` is lower-case ASCII. `*` holds for every domain that has no limit of its own, for each by itself.
    """

    domain: str
    connections: int | None = None
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusals:
    """A run ends when more than this share (0 to 1) of its recipients were refused for good; judged from `after`
    recipients on."""

    share: float
    after: int
