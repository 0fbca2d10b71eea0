"""Relay addresses: `smtp+starttls://user:password@host:587?connections=20&rate=50/s`, `maildir:PATH`."""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from ruhrmail.model.blocks import wrong

Scheme = Literal["smtp", "smtps", "smtp+starttls", "maildir"]
PORTS: dict[str, int] = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
PER = {"s": 1, "m": 60, "h": 3600, "d": 86400}
EXAMPLE = "such as smtp+starttls://relay.example:587"


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
    connections: int = 5
    rates: tuple[Rate, ...] = ()
    weight: int | None = None
    messages_per_connection: int = 500
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


@dataclass(frozen=True, slots=True)
class DomainLimit:
    """How much mail all relays together may hand over for one receiving domain at once, and over time."""

    domain: str
    connections: int | None = None
    rates: tuple[Rate, ...] = ()


def read_rate(text: object) -> Rate:
    """`50/s`, `1000/m`, `20000/h`, `100000/d`."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*/\s*(s|m|h|d)", str(text).strip())
    if not match or float(match[1]) == 0:
        raise wrong("config/relay", "this is no rate: {value}", "such as 50/s or 2000/h", value=str(text))
    return Rate(float(match[1]), PER[match[2]])


def read_rates(value: object) -> tuple[Rate, ...]:
    """One rate, or several that hold all at once: a list, or in one text with commas between them."""
    if value is None or value == "":
        return ()
    several = value if isinstance(value, (list, tuple)) else str(value).split(",")
    return tuple(one if isinstance(one, Rate) else read_rate(one) for one in several)


def read_relay_url(text: str) -> str:
    """Checks a relay address that stands in ruhrmail.yaml: no secrets there."""
    relay = parse_relay(text)
    if relay.password:
        raise wrong(
            "config/secret",
            "a password stands in ruhrmail.yaml",
            "take it out, change it, and put it into the environment: RUHRMAIL_RELAY_NAME_PASSWORD",
        )
    return text


def parse_relay(text: str, name: str = "") -> Relay:
    """One relay address. Raises a validation error without repeating the address, which may hold a password."""
    if text.startswith("maildir:"):
        path = text.removeprefix("maildir:").removeprefix("//")
        if not path:
            raise broken("the folder is missing", "such as maildir:maildir")
        return Relay(name or "maildir", "maildir", path=path, connections=1)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise broken("the address names no host, or something after it", EXAMPLE) from None
    if parts.scheme not in PORTS:
        raise broken("the address does not begin with smtp://, smtps://, smtp+starttls:// or maildir:", EXAMPLE)
    try:
        port = PORTS[parts.scheme] if parts.port is None else parts.port
        if port == 0:
            raise ValueError("port 0 is none")
    except ValueError:
        raise wrong("config/port", "the port is no number from 1 to 65535", EXAMPLE) from None
    if not parts.hostname or parts.path.strip("/"):
        raise broken("the address names no host, or something after it", EXAMPLE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Relay(
        name or f"{parts.hostname}:{port}",
        cast("Scheme", parts.scheme),
        parts.hostname,
        port,
        connections=read_connections(options.pop("connections", "5")),
        rates=read_rates(options.pop("rate", "")) if not refuse_options(options) else (),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def read_connections(text: str) -> int:
    """How many connections at once, 1 to 1000."""
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise broken("connections must be a number from 1 to 1000", "such as ?connections=20")
    return int(text)


def refuse_options(options: dict[str, str]) -> bool:
    """Raises for options that a relay address does not know."""
    unknown = sorted(set(options) - {"connections", "rate"})
    if unknown:
        raise wrong(
            "config/relay",
            "the relay address has an unknown option: {option}",
            "known: connections, rate",
            option=unknown[0],
        )
    return False


def broken(what: str, hint: str) -> Exception:
    """A relay address that cannot be used."""
    return wrong("config/relay", what, hint)
