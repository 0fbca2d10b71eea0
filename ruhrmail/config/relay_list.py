"""Settings and environment to the relays of a project."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ruhrmail.config.delivery import RelaySettings
from ruhrmail.config.environment import environment_error, from_environment
from ruhrmail.config.relay_address import parse_relay
from ruhrmail.config.relays import Relay
from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document

VARIABLE = "RUHRMAIL_RELAY"
Fault = tuple[int, str, Phrase, Phrase]
"""Number of the relay from 0, the key it is about, message, hint."""


def relays_from(several: Sequence[RelaySettings], document: Document, environ: Mapping[str, str]) -> tuple[Relay, ...]:
    """The relays that mail goes to. RUHRMAIL_RELAY (addresses separated by spaces) replaces those of the file.

    Raises InvalidInput for an address that is none, for half a login, and for relays that do not go together.
    """
    urls = environ.get(VARIABLE, "").split()
    if urls:
        found = from_environment(VARIABLE, lambda: tuple(parse_relay(url) for url in urls))
    else:
        found = tuple(log_in(relay_of(one), one.name, environ) for one in several)
    relays = tell_apart(found)
    faults = [
        Finding("config/relay", "error", place_of(number, key, None if urls else document), message, hint)
        for number, key, message, hint in faults_of(relays)
    ]
    if faults:
        raise InvalidInput(faults)
    return relays


def place_of(number: int, key: str, document: Document | None) -> Location:
    """Where a relay says something: in the file, else in the variable."""
    return document.at_value(("delivery", "relays", number, key)) if document else Location(VARIABLE, 0, 0)


def relay_of(settings: RelaySettings) -> Relay:
    """A relay of the file. What has a key of its own beats an option of the address."""
    relay = parse_relay(settings.url, settings.name or "")
    given = {name: getattr(settings, name) for name in OWN_KEYS if name in settings.model_fields_set}
    return replace(relay, rates=settings.rate or relay.rates, **given)


OWN_KEYS = ("connections", "weight", "messages_per_connection")


def log_in(relay: Relay, name: str | None, environ: Mapping[str, str]) -> Relay:
    """The relay with the login that stands in the environment under its name."""
    if name is None:
        return relay
    prefix = f"RUHRMAIL_RELAY_{name.upper()}_"
    user = environ.get(prefix + "USER") or relay.user
    password, token = environ.get(prefix + "PASSWORD", ""), environ.get(prefix + "TOKEN", "").strip()
    given = prefix + ("TOKEN" if token else "PASSWORD")
    if password and token:
        message = phrase("this relay has both a password and a token")
        raise environment_error(given, "config/relay", message, phrase("keep the one that the relay wants"))
    if (password or token) and not user:
        message = phrase("the login of this relay has no user")
        raise environment_error(given, "config/relay", message, phrase("put it into {name}", name=prefix + "USER"))
    return replace(relay, user=user, password=password, token=token)


def tell_apart(relays: Sequence[Relay]) -> tuple[Relay, ...]:
    """Relays without a name of their own, told apart by user or folder where host and port are the same."""
    count = Counter(relay.name for relay in relays)
    return tuple(
        replace(relay, name=longer_name(relay)) if count[relay.name] > 1 and is_derived(relay) else relay
        for relay in relays
    )


def is_derived(relay: Relay) -> bool:
    """True for a name that was made from the address."""
    return ":" in relay.name or relay.name == relay.scheme


def longer_name(relay: Relay) -> str:
    """What tells it from another login to the same server, or from another folder."""
    if relay.scheme == "maildir":
        return f"maildir:{relay.path}"
    return f"{relay.user}@{relay.name}" if relay.user else relay.name


def faults_of(relays: Sequence[Relay]) -> Iterator[Fault]:
    """What is wrong with relays beside each other."""
    servers: set[tuple[str, int, str, str]] = set()
    names: set[str] = set()
    some_weigh = any(relay.weight for relay in relays)
    for number, relay in enumerate(relays):
        server = (relay.host.lower(), relay.port, relay.user, relay.path)
        if server in servers:
            yield number, "url", phrase("this relay stands here twice"), ONCE
        elif relay.name.lower() in names:
            yield number, "name", phrase("two relays have the same name"), OTHER_NAME
        if some_weigh and not relay.weight:
            yield number, "weight", phrase("this relay has no weight, another has one"), ALL_WEIGH
        servers.add(server)
        names.add(relay.name.lower())


ONCE = phrase("write it once, with the connections and rates of both")
OTHER_NAME = phrase("give each a name of its own; capital and small letters count as the same")
ALL_WEIGH = phrase("give every relay a weight, or none of them")
