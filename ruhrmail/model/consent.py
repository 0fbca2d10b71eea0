"""What somebody agreed to, and why somebody must not be mailed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a consent record tells."""

    ASKED = "asked"
    """Somebody entered the address on a page and was sent a mail with a link."""
    CONFIRMED = "confirmed"
    """The link of that mail was used (double opt-in)."""
    DECLARED = "declared"
    """The operator imported or added the address and named what allows to mail it."""
    WITHDRAWN = "withdrawn"
    """The person left."""
    CHANGED = "changed"
    """The person's mail goes to another address from now on; what they agreed to stays as it was."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One record; records are only ever added, and go together with the person.

    `at` is when it was written (UTC). `page` is the address of the page, or what a file says where the consent is from.
    `wording` is the full text that was agreed to and `sha256` the hash of its UTF-8 bytes, both empty where there was
    none. `procedure` says in words how it came about. `mail` is the confirmation mail as it was sent (RFC 5322),
    `origin` the network address of the request where the settings ask for it. `stated_at` is when somebody agreed, as a
    file says it. `basis` is the legal basis that was declared, `source` the file it was declared for.
    """

    number: int
    kind: Kind
    at: datetime
    page: str = ""
    wording: str = ""
    sha256: str = ""
    procedure: str = ""
    mail: str = ""
    origin: str = ""
    language: str = ""
    stated_at: str = ""
    basis: str = ""
    source: str = ""


class Reason(StrEnum):
    """Why an address is suppressed."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"
    MANUAL = "manual"


LASTING = (Reason.COMPLAINED, Reason.MANUAL)
"""A new opt-in does not lift these; they replace a weaker reason and are never replaced."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One address that gets nothing: why, since when (UTC), and what shows it, such as a server's reply.

    `key` is the address's key, or for somebody who was forgotten its keyed hash.
    """

    key: str
    reason: Reason
    at: datetime
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided by hand about an address's suppression, when (UTC) and why."""

    at: datetime
    lifted: bool
    reason: Reason
    text: str


class Standing(StrEnum):
    """How a person stands to the list."""

    SUBSCRIBED = "subscribed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    ABSENT = "absent"
    """Known, for an earlier mailing or roster named them, but no longer on the list."""


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file about to be imported: its name, the SHA-256 of its bytes, the columns it has (as merge fields call them),
    and the legal basis declared for rows that say nothing themselves."""

    name: str
    sha256: str
    columns: frozenset[str]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of an import were new, changed, left as they are, or left out because nobody there may be mailed;
    `rejected` could not be read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    suppressed: int = 0
    rejected: int = 0
