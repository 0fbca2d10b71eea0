"""Figures in the text format of Prometheus (version 0.0.4), and who may read them."""

import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TOKEN_VARIABLE = "RUHRMAIL_METRICS_TOKEN"  # noqa: S105 - a name, not a token
SHORTEST_TOKEN = 16
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\s]+)(?::\d{1,5})?")
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
LABEL_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
HELP_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One number and what tells it from the others of its family."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one name. A counter's name ends in `_total`; units are base units: seconds, not milliseconds."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    samples: Sequence[Sample]


def expose(families: Iterable[Family]) -> str:
    """The whole answer to a scrape; families without samples are left out."""
    return "".join(lines_of(family) for family in families if family.samples)


def lines_of(family: Family) -> str:
    """HELP, TYPE and one line for each sample."""
    head = f"# HELP {family.name} {family.help.translate(HELP_ESCAPES)}\n# TYPE {family.name} {family.kind}\n"
    return head + "".join(f"{family.name}{labels_of(one.labels)} {number(one.value)}\n" for one in family.samples)


def labels_of(labels: Mapping[str, str]) -> str:
    """`{relay="main"}`, nothing without labels."""
    inner = ",".join(f'{name}="{value.translate(LABEL_ESCAPES)}"' for name, value in labels.items())
    return f"{{{inner}}}" if inner else ""


def number(value: float) -> str:
    """Whole numbers without a point, others as Python writes them: the shortest that reads back the same."""
    return str(int(value)) if value == int(value) else repr(value)


def may_read(client: str, headers: Mapping[str, str], token: str) -> bool:
    """Whether a request may see figures: whoever sends the token, else only programs on this very machine.

    `headers` by lower-case name. A proxy on this machine speaks for others, so what it forwarded does not count as
    local; nor does a request for a host name that is not this machine's own (DNS rebinding).
    """
    scheme, _, sent = headers.get("authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), token.encode()):
        return True
    host = HOST.fullmatch(headers.get("host", "").strip())
    return is_local(client) and bool(host and is_local(host[1])) and not any(name in headers for name in FORWARDED)


def require_token(token: str) -> None:
    """Raises UsageError for a token that can be guessed; none at all is fine."""
    if token and len(token) < SHORTEST_TOKEN:
        raise UsageError(
            phrase("{name} is too short", name=TOKEN_VARIABLE),
            hint=phrase("it needs at least {count} characters", count=SHORTEST_TOKEN),
        )


def is_local(host: str) -> bool:
    """True for localhost and the addresses of the loopback range."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
