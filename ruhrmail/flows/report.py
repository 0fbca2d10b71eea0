"""The report of a mailing: from the ledger, without changing anything or being in anybody's way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ruhrmail.bounce import Standing, rate_complaints
from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.files import replace_text
from ruhrmail.flows.status import approvals_of, is_worked_on, opened_mailing
from ruhrmail.model.account import Account, Advice
from ruhrmail.model.phrase import phrase
from ruhrmail.report import advise, count_variants, cut, sum_domains, sum_refusals
from ruhrmail.store import Mailing, Store, Tally, tally_mailing

Mask = Callable[[str], str]


def report_on(config: Config, slug: str, now: datetime, mask: Mask) -> Account:
    """What became of an issue's mailing, else of its trial; `slug` may name an audience, as for `status`.

    `mask` takes what points to a person out of a receiver's words. Raises RuhrmailError where neither began,
    StoreError.
    """
    with opened_mailing(config, slug) as (store, mailing, _):
        found = account_of(config, store, mailing, now)
        return replace(found, refusals=tuple(replace(one, text=mask(one.text)) for one in found.refusals))


def account_of(config: Config, store: Store, mailing: Mailing, now: datetime) -> Account:
    """The same from an open store."""
    tally = tally_mailing(store, mailing, now)
    domains, rest, others = cut(sum_domains(tally.groups, tally.bounced, tally.complained, tally.left))
    figures = tally.result.figures
    standing = rate_complaints(figures.complained, tally.result.sent)
    return Account(
        config.newsletter.name,
        tally.result,
        now,
        sender=mailing.sender,
        pace=tally.pace,
        returns=tally.returns,
        complaints=tally.complaints,
        leaving=tally.leaving,
        domains=domains,
        rest=rest,
        others=others,
        refusals=sum_refusals(tally.groups),
        returned=tally.returned,
        variants=count_variants(tally.groups),
        audience=mailing.audience,
        approvals=approvals_of(store, mailing),
        earlier=tally.earlier,
        working=is_worked_on(config, store, figures, now),
        trial=mailing.destination == "maildir",
        returns_read=reads_returns(config, tally),
        alarm="" if standing is Standing.FINE else standing.value,
    )


def reads_returns(config: Config, tally: Tally) -> bool:
    """Whether something reads returned mail: a mailbox or a web hook of the settings, or a pipe that already did."""
    return bool(config.bounces or config.hooks or tally.returned)


def advice_for(account: Account) -> tuple[Advice, ...]:
    """What to do next."""
    return advise(account)


def report_path(config: Config, account: Account) -> Path:
    """Where a report lies unless somebody names another place: beside what `build` writes of the issue."""
    figures = account.result.figures
    name = figures.mailing.removeprefix(figures.issue).replace("@", "-").replace("/", "-")
    return config.project / "build" / figures.issue / f"report{safe(name)}.html"


def safe(name: str) -> str:
    """An audience's name as part of a file's name."""
    return "".join(character if character.isalnum() or character in "+-_" else "-" for character in name)


def write_report(path: Path, text: str) -> None:
    """Writes a report, whole or not at all, in UTF-8. Raises RuhrmailError."""
    try:
        replace_text(path, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RuhrmailError(phrase("{file} cannot be written: {reason}", file=path, reason=reason)) from error
