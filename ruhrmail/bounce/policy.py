"""What follows from what came back: whom not to mail any more, and when the rates say stop. Values in, values out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from ruhrmail.model.bounce import RETURNED, History, Kind, Past, Verdict

ENOUGH_SOFT, SOFT_SPAN, SOFT_MAILINGS = 5, timedelta(days=14), 3
"""A mailbox that took nothing so often, for so long, of so many mailings is given up."""
PROVEN_AFTER = timedelta(days=7)
"""A mail that did not come back within so long arrived: servers give up after five days (RFC 5321 section 4.5.4.1)."""
WARN_SHARE, WARN_COUNT = 0.001, 2
STOP_SHARE, STOP_COUNT = 0.003, 5
"""Shares of complaints at which large providers warn and refuse; fewer complaints than these counts prove nothing."""


def judge(now: Past, history: History) -> Verdict:
    """What becomes of a person after something came back.

    Whoever agreed anew after the mail had left is not judged by it: an old report may come late, or again. A mail
    about joining that comes back suppresses nobody: without a confirmation the address goes by itself.
    """
    outdated = history.welcomed_at and history.mailed_at and history.mailed_at < history.welcomed_at
    match now.kind:
        case Kind.POLICY:
            return Verdict.ALERTED
        case Kind.COMPLAINT if not outdated:
            return Verdict.SUPPRESSED
        case Kind.HARD if not outdated and now.mailing is not None:
            return Verdict.SUPPRESSED
        case Kind.SOFT if not outdated and now.mailing is not None:
            return Verdict.SUPPRESSED if is_given_up(now, history) else Verdict.COUNTED
        case _:
            return Verdict.NOTED


def is_given_up(now: Past, history: History) -> bool:
    """Whether enough mails came back for now, since the last that arrived, for good."""
    found = (*history.past, now)
    since = last_success(found, history, now.at)
    soft = [one for one in found if one.kind is Kind.SOFT and (since is None or one.at > since)]
    times = [one.at for one in soft]
    mailings = {one.mailing for one in soft if one.mailing is not None}
    return len(soft) >= ENOUGH_SOFT and max(times) - min(times) >= SOFT_SPAN and len(mailings) >= SOFT_MAILINGS


def last_success(found: Sequence[Past], history: History, now: datetime) -> datetime | None:
    """When the last mail was handed over that did not come back within a week; None where there is none."""
    returned = {one.mailing for one in found if one.kind in RETURNED}
    arrived = (at for number, at in history.delivered if number not in returned and now - at >= PROVEN_AFTER)
    return max(arrived, default=None)


class Standing(StrEnum):
    """What a share of complaints means."""

    FINE = "fine"
    WARN = "warn"
    STOP = "stop"


def rate_complaints(complaints: int, sent: int) -> Standing:
    """What so many complaints about so many mails mean."""
    share = complaints / sent if sent else 0.0
    if complaints >= STOP_COUNT and share >= STOP_SHARE:
        return Standing.STOP
    return Standing.WARN if complaints >= WARN_COUNT and share >= WARN_SHARE else Standing.FINE
