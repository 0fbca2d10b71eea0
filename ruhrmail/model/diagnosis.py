"""What was looked at before sending, and what was seen there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from ruhrmail.model.phrase import Phrase

State = Literal["ok", "warning", "error", "unknown"]
STATES: tuple[State, ...] = ("error", "warning", "unknown", "ok")
"""The gravest first. `unknown`: it could not be seen from here, which says nothing of it."""


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A record to publish: `name` without the dot at its end, `value` of a TXT record in one piece."""

    name: str
    kind: Literal["TXT", "PTR"]
    value: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line: a permanent id such as `doctor/dns-spf`, what it is about (a domain, a relay, a file), what was found,
    what to do, and what to publish for that."""

    id: str
    state: State
    about: str
    message: Phrase
    remedy: Phrase | None = None
    records: tuple[DnsRecord, ...] = ()

    @property
    def group(self) -> str:
        """The part of the project that it belongs to: `dns` of `doctor/dns-spf`."""
        return self.id.partition("/")[2].partition("-")[0]


Stage = Literal["", "reach", "greeting", "tls", "login", "sender"]
"""Where a talk with a relay came to its end; empty: it did not."""


class Trouble(Protocol):
    """Why a talk ended: an error of ours has both."""

    @property
    def message(self) -> Phrase: ...
    @property
    def hint(self) -> Phrase | None: ...


@dataclass(frozen=True, slots=True)
class Probe:
    """What a relay said up to the envelope, before any recipient was named.

    `greeting` is the name that it calls itself (RFC 5321 section 4.2), `address` the one that answered, `extensions`
    what it offers by small names, `tls` the version (`TLSv1.3`), empty in the clear; `until` the end of its
    certificate; `login` whether one took place. `trouble` says why it ended at `ended`; it holds no secret. None
    there: no name server could say where the relay is.
    """

    relay: str
    ended: Stage = ""
    trouble: Trouble | None = None
    greeting: str = ""
    address: str = ""
    extensions: dict[str, str] = field(default_factory=dict)
    tls: str = ""
    until: datetime | None = None
    login: bool = False


Silence = Literal["no-name", "names", "certificate", "refused", "timeout", "broken"]
"""Why a web server gave no answer; `names`: the name servers gave none."""


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """An answer of a web server; `headers` by small names, each as it was sent; `until` the end of its certificate.
    Without a `status` there was none, for `silence` and its `detail`."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    until: datetime | None = None
    silence: Silence | None = None
    detail: str = ""

    def header(self, name: str) -> str:
        """The first header of a name, empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")
