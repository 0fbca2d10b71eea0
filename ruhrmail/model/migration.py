"""People as another newsletter tool knows them, on their way to the list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ruhrmail.model.consent import Reason
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import Phrase


class Stood(StrEnum):
    """How somebody stood to the list of the other tool, the milder before the stricter."""

    SUBSCRIBED = "subscribed"
    UNCONFIRMED = "unconfirmed"
    """Never agreed, or never confirmed: not taken over."""
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BLOCKED = "blocked"
    """Put onto the other tool's block list."""


STRICTNESS = {one: number for number, one in enumerate(Stood)}
REASONS = {
    Stood.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    Stood.BOUNCED: Reason.BOUNCED,
    Stood.COMPLAINED: Reason.COMPLAINED,
    Stood.BLOCKED: Reason.MANUAL,
}
"""Why somebody who stood there is not mailed here either."""


def stricter(one: Stood, other: Stood | None) -> Stood:
    """Of two things said about somebody the one that mails less."""
    return one if other is None or STRICTNESS[one] >= STRICTNESS[other] else other


@dataclass(frozen=True, slots=True)
class Arrival:
    """One row of an export.

    `at` is when they came to stand there (UTC), None where the export does not say. `remark` is what the record of
    their consent, or the evidence of their suppression, says of it. `origin` is the network address they confirmed
    from.
    """

    person: Person
    standing: Stood
    at: datetime | None = None
    remark: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a row: the column (as the tool's layout calls it), and in words."""

    column: str
    message: Phrase
    hint: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of refusals: newly suppressed, suppressed before, and those who came back by an opt-in since."""

    suppressed: int = 0
    already: int = 0
    returned: int = 0
