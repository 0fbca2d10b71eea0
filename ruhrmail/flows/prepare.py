"""From list and issue to a mailing that may begin: what comes before the question, and what follows a yes."""

from datetime import timedelta

from ruhrmail.config import Config
from ruhrmail.config.redirects import earlier_names
from ruhrmail.errors import ChangedIssue, InvalidInput
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import Draft, changed_issue, draft_mailing, find_changes
from ruhrmail.flows.plan import Wish
from ruhrmail.flows.refresh import refresh_roster
from ruhrmail.flows.roster import CONSENT
from ruhrmail.flows.work import destination_of
from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.finding import Finding, has_errors
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Destination,
    Ledger,
    Mailing,
    Store,
    begin_mailing,
    begin_scheduled,
    enrol,
    find_mailing,
    go_on,
    is_shared,
    mailings_of,
    pull_forward,
    purge_unconfirmed,
    retry_failed,
    withdraw_mailing,
)

LONGEST_PACE = timedelta(days=1)
"""A rate may put mail off for a day, whatever the gaps of retries are."""


def read_list(config: Config, store: Store, wish: Wish, machine: Machine) -> tuple[Finding, ...]:
    """Brings the list up to date; strictly, a bad row ends it here, and rows without proof of consent always do, once
    there is any on record. Raises InvalidInput."""
    now = machine.now()
    purge_unconfirmed(store, now - timedelta(days=config.settings.consent.purge))
    findings = refresh_roster(config, store, now)
    unproven = [one for one in findings if one.rule == CONSENT]
    if has_errors(findings if wish.strict else unproven):
        raise InvalidInput(findings)
    return findings


def prepare_mailing(
    config: Config, store: Store, slug: str, machine: Machine, audience: str = "", *, anew: bool = False
) -> tuple[Mailing | None, Draft | None]:
    """The mailing that began earlier, its crashes seen to, else a draft of a new one; both for one that waits.

    A changed issue begins anew as long as nobody got it: as a trial, or when nothing ever left. One that waits for its
    time may differ only where it is scheduled `anew`, or somebody stopped it. Raises ChangedIssue.
    """
    destination = destination_of(config)
    mailing = find_mailing(store, slug, audience, destination)
    if mailing is None:
        refuse_renamed(config, store, slug, destination)
        return None, draft_mailing(config, slug, destination, machine, audience)
    changed = find_changes(config, mailing)
    if changed and mailing.scheduled_for is not None and not anew:
        raise changed_issue(mailing, changed)
    if mailing.prepared_at is None:
        return mailing, draft_mailing(config, slug, destination, machine, audience)
    if not is_shared(config.store) or destination == "maildir":  # else workers may be at it, and the foreman looks
        Ledger(store, mailing).recover(machine.now())
    if not changed:
        return mailing, None
    if not withdraw_mailing(store, mailing):
        raise changed_issue(mailing, changed)
    return None, draft_mailing(config, slug, destination, machine, audience)


def refuse_renamed(config: Config, store: Store, slug: str, destination: Destination) -> None:
    """Raises ChangedIssue where the issue went out under an earlier name: everybody would get it once more."""
    names = earlier_names(config.settings.redirects, slug)
    old = next((one for one in names if mailings_of(store, one, destination)), None)
    if old is not None and destination != "maildir":
        raise ChangedIssue(
            phrase("{slug} was sent as {old}: everybody would get it once more", slug=slug, old=old),
            hint=phrase("call it {old} again to send it to whoever joined since, or send an issue of its own", old=old),
        )


def decide(config: Config, store: Store, mailing: Mailing, wish: Wish, machine: Machine) -> None:
    """Writes what was decided about those in doubt and those who failed, once the question was answered with yes."""
    ledger, now = Ledger(store, mailing), machine.now()
    if wish.in_doubt == "resend":
        ledger.resend_doubtful(now)
    elif wish.in_doubt == "skip":
        ledger.skip_doubtful(now)
    if wish.retry_failed:
        retry_failed(store, mailing)
    gaps = timedelta(seconds=max(config.settings.delivery.retry.gaps))
    pull_forward(store, mailing, now, max(gaps, LONGEST_PACE))


def begin(
    store: Store,
    mailing: Mailing | None,
    draft: Draft | None,
    machine: Machine,
    audience: Audience = EVERYBODY,
) -> Mailing:
    """The mailing in the ledger, open, with everybody of the audience enrolled; as it is when it was stopped."""
    now, mailing = machine.now(), prepare_now(store, mailing, draft, machine)
    if mailing.state != "stopped" and mailing.prepared_at is not None:
        enrol(store, mailing, now, audience)
    return mailing


def prepare_now(store: Store, mailing: Mailing | None, draft: Draft | None, machine: Machine) -> Mailing:
    """The mailing in the ledger, open and with its messages, nobody enrolled; as it is when it was stopped."""
    now = machine.now()
    if draft is not None and mailing is not None:
        mailing = begin_scheduled(store, mailing, draft.new, draft.messages, now)
    elif draft is not None:
        mailing = begin_mailing(store, draft.new, draft.messages, now)
    else:
        assert mailing is not None
        go_on(store, mailing)
        mailing = find_mailing(store, mailing.issue, mailing.audience, mailing.destination) or mailing
    return mailing
