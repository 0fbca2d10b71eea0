"""What became of a mailing, in figures that name nobody: what a report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ruhrmail.model.bounce import Kind
from ruhrmail.model.ledger import Figures, State
from ruhrmail.model.phrase import Phrase


class Ground(StrEnum):
    """Why a recipient was refused, as far as the codes tell (RFC 5321, RFC 3463)."""

    UNKNOWN = "unknown"
    """The mailbox or its domain does not exist."""
    FULL = "full"
    """The mailbox is full."""
    BLOCKED = "blocked"
    """The receiver does not want this mail: reputation, content, authentication."""
    LATER = "later"
    """Try again later: greylisting, too many at once."""
    SIZE = "size"
    """The mail is too large."""
    UNREACHED = "unreached"
    """No answer: no connection, or it ended."""
    OTHER = "other"
    """None of these."""


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients of one receiving domain and variant who stand alike: how many, and when they were tried (UTC).

    Of the refused there is the code, and the words where all heard the same; a domain is empty for people who were
    forgotten.
    """

    domain: str
    variant: str
    state: State
    code: int | None
    enhanced_code: str
    text: str
    count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """How many recipients were refused with this code, for now or for good.

    `text` is what the receiver said, only where all of several recipients heard the same words: so it says nothing
    about one of them. `domains` is how many receiving domains said so.
    """

    state: State
    ground: Ground
    code: int | None
    enhanced_code: str
    count: int
    domains: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """What became of the recipients of one receiving domain."""

    name: str
    counts: Mapping[State, int]
    bounced: int = 0
    complained: int = 0
    left: int = 0
    blocked: int = 0

    @property
    def recipients(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Curve:
    """How many fell into each span of time: the first begins at `start` (UTC), each lasts `width`."""

    start: datetime
    width: timedelta
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one mailing: its figures, who left by its links, and how long it took (UTC; None: not tried)."""

    figures: Figures
    left: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def sent(self) -> int:
        """How many a relay took."""
        return self.figures.counts[State.SENT]

    @property
    def lasted(self) -> timedelta | None:
        """From its beginning to the end, to the last attempt where it has none yet."""
        begin, end = self.figures.started_at or self.first_at, self.figures.finished_at or self.last_at
        return end - begin if begin and end and end >= begin else None


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved an issue: the hash and the files of its content, what `check` had found, and how many
    stood on the list then. `at` is UTC."""

    issue: str
    sha256: str
    manifest: Mapping[str, str]
    by: str
    at: datetime
    recipients: int
    warnings: int = 0
    notes: int = 0
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next, the most urgent first: a sentence with the reason, and the command that helps, if there is one.

    `urgent`: something is open or harms the next mailing.
    """

    text: Phrase
    command: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that a report tells about a mailing, at the moment `at` (UTC).

    `pace` counts those sent by their time, `returns`, `complaints` and `leaving` what came after, over the same spans.
    `domains` are the largest receiving domains, `rest` all others together (None: there are none) and `others` how
    many those are. `returned` counts people by what came back. `earlier` are mailings before it, the latest first.
    `working`: somebody is sending it now. `trial`: it went to a Maildir. `returns_read`: something reads returned mail.
    `alarm`: so many complained that providers `warn` or `stop`, empty for neither.
    """

    newsletter: str
    result: Result
    at: datetime
    sender: str = ""
    pace: Curve | None = None
    returns: Curve | None = None
    complaints: Curve | None = None
    leaving: Curve | None = None
    domains: tuple[Domain, ...] = ()
    rest: Domain | None = None
    others: int = 0
    refusals: tuple[Refused, ...] = ()
    returned: Mapping[Kind, int] | None = None
    variants: Mapping[str, int] | None = None
    audience: str = ""
    approvals: tuple[Approval, ...] = ()
    earlier: tuple[Result, ...] = ()
    working: bool = False
    trial: bool = False
    returns_read: bool = True
    alarm: str = ""
