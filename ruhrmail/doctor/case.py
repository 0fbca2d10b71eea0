"""What examinations are handed: settings, and functions that look somewhere once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from ruhrmail.config import Config, Relay
from ruhrmail.dns.asking import Ask
from ruhrmail.model.diagnosis import Diagnosis, Probe, State, WebAnswer
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase

T = TypeVar("T")


class Once(Generic[T]):
    """A function without arguments that is called once; several threads get the same result."""

    def __init__(self, make: Callable[[], T]) -> None:
        self.make = make
        self.made: list[T] = []
        self.lock = threading.Lock()

    def __call__(self) -> T:
        with self.lock:
            if not self.made:
                self.made.append(self.make())
            return self.made[0]


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest issue as a mail for a made-up reader, signed as real ones are; `trouble` says why there is none."""

    slug: str = ""
    content: bytes = b""
    trouble: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One project. All functions wait, may be called by several threads, and never raise.

    `keys` are the DKIM records that our private keys ask for, by selector, `key_findings` what is wrong with keys;
    `key_ids` those of the secrets, the one that signs first. `probe` tries a relay, `visit` asks a web server (method,
    address, media type and body of a form). `hostname` is what we greet relays with. `nobody` is a token that nobody
    has.
    """

    config: Config
    now: Callable[[], datetime]
    hostname: str
    nobody: str
    ask: Ask
    probe: Callable[[Relay], Probe]
    visit: Callable[..., WebAnswer]
    sample: Callable[[], Sample]
    health: Callable[[], WebAnswer]
    store_id: str = ""
    key_ids: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    key_findings: Sequence[Finding] = ()

    @property
    def sender(self) -> str:
        """The domain of the sender's address."""
        return self.config.newsletter.sender.address.rpartition("@")[2]

    @property
    def envelope(self) -> str:
        """The domain of envelope senders: bounces go there, and SPF is asked of it."""
        return self.config.return_domain if self.config.settings.delivery.return_path == "verp" else self.sender

    @property
    def sends(self) -> bool:
        """Whether mail may leave this machine."""
        return any(not one.loopback for one in self.config.relays)


def unasked(name: str, about: str, question: str) -> Diagnosis:
    """The line that name servers gave no answer."""
    message = phrase("the name servers give no answer about {name}", name=question)
    return Diagnosis(name, "unknown", about, message, LATER)


LATER = phrase("try again where the network can be reached; RUHRMAIL_RESOLVER names another name server")


def judged(fine: bool, otherwise: State) -> State:
    """`ok`, or the other."""
    return "ok" if fine else otherwise


def host_part(url: str) -> str:
    """The host of a web address."""
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def share_owner(one: str, other: str) -> bool:
    """True for hosts whose last two labels are the same: most likely one owner's."""
    return one.lower().rstrip(".").split(".")[-2:] == other.lower().rstrip(".").split(".")[-2:]
