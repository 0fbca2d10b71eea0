"""What ruhrmail.yaml may say about delivery."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from ruhrmail.config.addresses import Domain
from ruhrmail.config.quiet import QuietHours
from ruhrmail.config.relays import Rate, parse_relay, read_rates, read_relay_url
from ruhrmail.model.blocks import Line, Written, wrong

RATE_SCHEMA = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*/\s*[smhd]\s*$"}
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: object) -> object:
    """`1s`, `5m`, `24h`, `2d` to seconds."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d)", str(text).strip())
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


YEAR = 366 * 86400
Duration = Annotated[
    float,
    BeforeValidator(read_duration),
    Field(gt=0, le=YEAR),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*$"}),
]


class RelaySettings(Written):
    """A server that takes mail from us."""

    url: Annotated[Line, AfterValidator(read_relay_url)]
    name: Annotated[str, AfterValidator(read_relay_name)] | None = None
    connections: Annotated[int, Field(ge=1, le=1000)] = 5
    rate: Annotated[tuple[Rate, ...], BeforeValidator(read_rates), WithJsonSchema(RATE_SCHEMA)] = ()

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


class Delivery(Written):
    """How mail leaves."""

    relays: tuple[RelaySettings, ...] = ()
    retry: Retry = Retry()
    timeout: Timeout = Timeout()
    return_path: Literal["verp", "plain"] = "verp"
    return_domain: Domain | None = None
    at_most_late: Duration = 3600
    quiet_hours: QuietHours | None = None
