"""What ruhrmail.yaml may say about delivery."""

import re
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ruhrmail.config.addresses import Address, Domain, read_domain
from ruhrmail.config.quiet import QuietHours
from ruhrmail.config.rates import Rates
from ruhrmail.config.relay_address import MAX_CONNECTIONS, MAX_MESSAGES, MAX_WEIGHT, parse_relay, read_relay_url
from ruhrmail.config.relays import ANY_DOMAIN, CONNECTIONS, MESSAGES
from ruhrmail.model.written import Line, Written, wrong

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: object) -> object:
    """`1s`, `5m`, `24h`, `2d` to seconds."""
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h|d)", str(text).strip())
    if not match:
        raise wrong(
            "config/duration", "this is no duration: {value}", "a number and s, m, h or d, such as 5m", value=str(text)
        )
    return float(match[1]) * UNITS[match[2]]


def read_relay_name(text: str) -> str:
    """What a relay is called: its login stands in variables of that name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", text):
        raise wrong(
            "config/relay", "{value} cannot name a relay", "letters a-z, digits and _, such as main", value=text
        )
    return text


def read_receiving_domain(text: str) -> str:
    """A domain that mail goes to, in lower-case ASCII, or `*` for any."""
    if text == ANY_DOMAIN:
        return text
    try:
        return read_domain(text).lower()
    except PydanticCustomError:
        raise wrong(
            "config/domain", "this is no domain: {value}", 'such as gmail.com, or "*" for every other', value=text
        ) from None


def refuse_same_domains(value: object) -> object:
    """Two spellings of one domain: `Müller.example` and `xn--mller-kva.example`."""
    seen = set()
    for name in value if isinstance(value, dict) else ():
        try:
            domain = read_receiving_domain(str(name).strip())
        except PydanticCustomError:
            continue  # told where the keys are read
        if domain in seen:
            raise wrong(
                "config/domain", "the domain {value} stands here twice", "leave one of them", value=domain, at_key=name
            )
        seen.add(domain)
    return value


def read_share(value: object) -> float:
    """`5%` or `0.05` to 0.05: more than nothing, less than all."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%|(0?\.[0-9]{1,9})", str(value).strip())
    share = 0.0 if match is None else float(match[1]) / 100 if match[1] else float(match[2])
    if not 0 < share < 1:
        raise wrong(
            "config/share",
            "this is no share: {value}",
            "such as 5% or 0.05; leave the key out for no limit",
            value=value,
        )
    return share


SHARE_SCHEMA = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "string", "pattern": r"^\s*([0-9]{1,3}(\.[0-9]{1,9})?\s*%|0?\.[0-9]{1,9})\s*$"},
    ]
}
YEAR = 366 * 86400
Duration = Annotated[
    float,
    BeforeValidator(read_duration),
    Field(gt=0, le=YEAR),
    WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*(ms|s|m|h|d)\s*$"}),
]


Connections = Annotated[int, Field(ge=1, le=MAX_CONNECTIONS)]


class RelaySettings(Written):
    """A server that takes mail from us."""

    url: Annotated[Line, AfterValidator(read_relay_url)]
    name: Annotated[str, AfterValidator(read_relay_name)] | None = None
    connections: Connections = CONNECTIONS
    rate: Rates = ()
    weight: Annotated[int, Field(ge=1, le=MAX_WEIGHT)] | None = None
    messages_per_connection: Annotated[int, Field(ge=1, le=MAX_MESSAGES)] = MESSAGES

    @model_validator(mode="after")
    def login_has_a_name(self) -> Self:
        if self.name is None and parse_relay(self.url).user:
            raise wrong(
                "config/relay",
                "a relay with a user needs a name",
                "add `name: main`; its password is read from RUHRMAIL_RELAY_MAIN_PASSWORD",
                at="url",
            )
        return self


class Retry(Written):
    """When deferred mail is tried again, in seconds; the last gap repeats until `for` is over."""

    gaps: Annotated[tuple[Duration, ...], Field(min_length=1)] = (60, 300, 900, 3600, 14400)
    for_: Annotated[Duration, Field(alias="for")] = 86400


class Timeout(Written):
    """How long a relay may take, in seconds (RFC 5321 section 4.5.3.2)."""

    connect: Duration = 30
    command: Duration = 300
    dot: Duration = 600


class DomainSettings(Written):
    """How much mail one receiving domain gets at once, and over time."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    connections: Connections | None = None
    rate: Rates = ()

    @model_validator(mode="after")
    def limits_something(self) -> Self:
        if self.connections is None and not self.rate:
            raise wrong(
                "config/domain", "neither connections nor rate is given", "such as {connections: 5, rate: 10/s}"
            )
        return self


Domains = Annotated[
    dict[Annotated[Line, AfterValidator(read_receiving_domain)], DomainSettings], BeforeValidator(refuse_same_domains)
]


class RefusalSettings(Written):
    """The share of refusals that ends a run."""

    share: Annotated[float, PlainValidator(read_share), WithJsonSchema(SHARE_SCHEMA)]
    after: Annotated[int, Field(ge=1, le=1_000_000)] = 100


class Delivery(Written):
    """How mail leaves."""

    relays: tuple[RelaySettings, ...] = ()
    retry: Retry = Retry()
    timeout: Timeout = Timeout()
    return_path: Literal["verp", "plain"] = "verp"
    return_domain: Domain | None = None
    at_most_late: Duration = 3600
    quiet_hours: QuietHours | None = None
    domains: Domains = Field(default_factory=dict)
    refusals: RefusalSettings | None = None
    smtputf8: bool = False
    slots: Annotated[int, Field(ge=1, le=64)] = 4
    test: Annotated[tuple[Address, ...], Field(max_length=50)] = ()
