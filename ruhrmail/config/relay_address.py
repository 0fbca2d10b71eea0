"""Relay addresses: `smtp+starttls://user:password@host:587?connections=20&rate=50/s`, `maildir:PATH`."""

from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ruhrmail.config.rates import read_rates
from ruhrmail.config.relays import CONNECTIONS, MESSAGES, Relay, Scheme
from ruhrmail.model.written import wrong

PORTS: dict[str, int] = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
EXAMPLE = "such as smtp+starttls://relay.example:587"
MAX_CONNECTIONS = 1000
MAX_WEIGHT = 1000
MAX_MESSAGES = 100_000
OPTIONS = ("connections", "rate", "weight", "messages_per_connection")


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
    parts = split_address(text)
    port = port_of(parts)
    if not parts.hostname or parts.path.strip("/"):
        raise broken("the address names no host, or something after it", EXAMPLE)
    options = read_options(parts.query)
    weight = read_number(options, "weight", MAX_WEIGHT, 0)
    return Relay(
        name or f"{parts.hostname}:{port}",
        cast("Scheme", parts.scheme),
        parts.hostname,
        port,
        connections=read_number(options, "connections", MAX_CONNECTIONS, CONNECTIONS),
        rates=read_rates(options.get("rate", [])),
        weight=weight or None,
        messages_per_connection=read_number(options, "messages_per_connection", MAX_MESSAGES, MESSAGES),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def split_address(text: str) -> SplitResult:
    """The parts of an address with a known scheme."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise broken("the address names no host, or something after it", EXAMPLE) from None
    if parts.scheme not in PORTS:
        raise broken("the address does not begin with smtp://, smtps://, smtp+starttls:// or maildir:", EXAMPLE)
    return parts


def port_of(parts: SplitResult) -> int:
    """The port of the address, else of its scheme."""
    try:
        port = PORTS[parts.scheme] if parts.port is None else parts.port
        if port == 0:
            raise ValueError("port 0 is none")
    except ValueError:
        raise wrong("config/port", "the port is no number from 1 to 65535", EXAMPLE) from None
    return port


def read_options(query: str) -> dict[str, list[str]]:
    """What stands after the question mark: known options, each once; only `rate` may repeat."""
    options = parse_qs(query, keep_blank_values=True)
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise wrong(
            "config/relay",
            "the relay address has an unknown option: {option}",
            "known: connections, rate, weight, messages_per_connection",
            option=unknown[0],
        )
    for name in OPTIONS:
        if name != "rate" and len(options.get(name, [])) > 1:
            raise wrong("config/relay", "the relay address says {setting} twice", "leave one of them", setting=name)
    return options


def read_number(options: Mapping[str, Sequence[str]], name: str, most: int, otherwise: int) -> int:
    """The whole number of an option, 1 to `most`; `otherwise` where it is not given."""
    if name not in options:
        return otherwise
    text = options[name][0]
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise wrong(
            "config/relay",
            "{setting} must be a number from 1 to {most}",
            "such as ?connections=20&weight=2",
            setting=name,
            most=most,
        )
    return int(text)


def broken(what: str, hint: str) -> Exception:
    """A relay address that cannot be used."""
    return wrong("config/relay", what, hint)
