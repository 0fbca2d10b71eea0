"""Who stands where on the way onto the list and off it, and what each step leads to.

The table of states and steps is in docs/architecture.md, "Joining and leaving"; these functions are its arrows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ruhrmail.model.consent import LASTING, Consent, Kind, Reason, Standing, Suppression

LIFTED = tuple(reason for reason in Reason if reason not in LASTING)
"""What a newly confirmed opt-in lifts: who left, was forgotten or could not be reached is back by their own will; who
complained, or was suppressed by hand, is not."""
ONE_MAIL_IN = timedelta(days=1)
"""An address gets at most one mail about joining in so much time, however often somebody enters it, unless the person
took a step in between: joined, left, or changed the address."""


class Answer(StrEnum):
    """What follows when somebody enters an address on a page. The page says the same in all cases."""

    CONFIRM = "confirm"
    """A record, and a mail with a link."""
    KNOWN = "known"
    """A mail that says they are on the list already."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of an address when somebody enters it.

    `agreed` is the hash of the wording that stands confirmed, empty for none. `wrote` says that a mail about joining
    was written within the last day, and since the person's last own step.
    """

    standing: Standing | None
    suppression: Suppression | None = None
    agreed: str = ""
    wrote: bool = False


def standing_of(
    *, listed: bool, suppression: Suppression | None, consents: Sequence[Consent], known: bool = True
) -> Standing | None:
    """Where somebody stands; None for an address of which nothing is known but perhaps a hash."""
    if suppression is not None and (known or "@" in suppression.key):
        return Standing.SUPPRESSED
    if not known:
        return None
    if listed:
        return Standing.SUBSCRIBED
    return Standing.UNCONFIRMED if consents and consents[-1].kind is Kind.ASKED else Standing.ABSENT


def answer_to(asking: Asking, wordings: Collection[str]) -> Answer:
    """What follows when somebody asks to join; `wordings` are the hashes of those in use, one for each language.

    Whoever is on the list is told so, and asked anew when the wording changed since they agreed. Who may not come back
    by an opt-in gets nothing.
    """
    if asking.wrote or (asking.suppression is not None and asking.suppression.reason not in LIFTED):
        return Answer.NOTHING
    if asking.standing is Standing.SUBSCRIBED and asking.agreed in ("", *wordings):
        return Answer.KNOWN
    return Answer.CONFIRM


def is_expired(asked: Consent, now: datetime, purge: timedelta) -> bool:
    """Whether a request is too old to be confirmed: by then it is deleted."""
    return now - asked.at > purge


def may_confirm(consents: Sequence[Consent], number: int, now: datetime, purge: timedelta) -> bool | None:
    """Whether the link of the request with this number confirms: once, in time, and not after somebody left.

    None where a link confirmed already and the person stayed: to use one again changes nothing, and is no mistake of
    theirs.
    """
    asked = next((one for one in consents if one.number == number and one.kind is Kind.ASKED), None)
    later = [one.kind for one in consents if one.number > number]
    if asked is None or Kind.WITHDRAWN in later:
        return False
    return None if Kind.CONFIRMED in later else not is_expired(asked, now, purge)
