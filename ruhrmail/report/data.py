"""An account as values that JSON knows; names and times are those of `status --format json`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ruhrmail.model.account import Account, Advice, Approval, Curve, Domain, Result
from ruhrmail.model.ledger import State
from ruhrmail.report.wording import Wording


def account_as_data(account: Account, advice: tuple[Advice, ...], wording: Wording) -> dict[str, Any]:
    """The whole report; sentences are in the reader's language. `reading` is null: nothing about reading is counted."""
    figures = account.result.figures
    return {
        **result_as_data(account.result),
        "newsletter": account.newsletter,
        "subject": figures.subject,
        "sender": account.sender,
        "audience": account.audience,
        "trial": account.trial,
        "made_at": iso(account.at),
        "state": figures.state,
        "scheduled_for": iso(figures.scheduled_for),
        "stopped_at": iso(figures.stopped_at),
        "reason": wording.say(figures.reason) if figures.reason else None,
        "unchecked_at": iso(figures.unchecked_at),
        "returns_read": account.returns_read,
        "over_time": {
            "sent": curve_as_data(account.pace),
            "bounced": curve_as_data(account.returns),
            "complained": curve_as_data(account.complaints),
            "left": curve_as_data(account.leaving),
        },
        "domains": [domain_as_data(one) for one in account.domains],
        "other_domains": {"domains": account.others, **domain_as_data(account.rest)} if account.rest else None,
        "refusals": [
            {"state": one.state.value, "reason": one.ground.value, "code": one.code,
             "enhanced_code": one.enhanced_code, "recipients": one.count, "domains": one.domains, "text": one.text}
            for one in account.refusals
        ],
        "returned": {kind.value: count for kind, count in (account.returned or {}).items()},
        "variants": dict(account.variants or {}),
        "approvals": [approval_as_data(one) for one in account.approvals],
        "earlier": [result_as_data(one) for one in account.earlier],
        "reading": None,
        "advice": [{"text": wording.say(one.text), "command": one.command, "urgent": one.urgent} for one in advice],
    }  # fmt: skip


def result_as_data(one: Result) -> dict[str, Any]:
    """The outcome of one mailing."""
    figures = one.figures
    return {
        "issue": figures.issue,
        "mailing": figures.mailing,
        "recipients": figures.recipients,
        **states_as_data(figures.counts),
        "bounced": figures.bounced,
        "complained": figures.complained,
        "left": one.left,
        "started_at": iso(figures.started_at),
        "finished_at": iso(figures.finished_at),
        "seconds": round(one.lasted.total_seconds(), 3) if one.lasted is not None else None,
    }


def states_as_data(counts: Mapping[State, int]) -> dict[str, int]:
    """How many stand in each state."""
    return {state.value: counts.get(state, 0) for state in State}


def domain_as_data(one: Domain) -> dict[str, Any]:
    """One receiving domain, or several together (then without a name)."""
    return {
        **({"domain": one.name} if one.name else {}),
        "recipients": one.recipients,
        **states_as_data(one.counts),
        "blocked": one.blocked,
        "bounced": one.bounced,
        "complained": one.complained,
        "left": one.left,
    }


def curve_as_data(curve: Curve | None) -> dict[str, Any] | None:
    """Counts in spans of time; null for nothing."""
    if curve is None:
        return None
    return {"start": iso(curve.start), "seconds": curve.width.total_seconds(), "counts": list(curve.counts)}


def approval_as_data(one: Approval) -> dict[str, Any]:
    """Who approved what."""
    return {
        "sha256": one.sha256, "by": one.by, "at": iso(one.at), "recipients": one.recipients,
        "warnings": one.warnings, "notes": one.notes,
    }  # fmt: skip


def iso(at: datetime | None) -> str | None:
    """A time in UTC, to the second; None stays None."""
    return None if at is None else at.isoformat(timespec="seconds")
