"""An issue to everyone on the list."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ruhrmail.config import Config
from ruhrmail.deliver import Drained
from ruhrmail.errors import InvalidInput, RelayError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import Draft, changed_issue, draft_mailing, find_changes
from ruhrmail.flows.refresh import refresh_roster
from ruhrmail.flows.signing import find_dkim_troubles
from ruhrmail.flows.work import OnWork, destination_of, relays_for, work
from ruhrmail.model.finding import Finding, has_errors
from ruhrmail.model.ledger import OPEN_STATES, Delivery, Figures, State
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    begin_mailing,
    count_newcomers,
    count_open,
    count_suppressed,
    count_without,
    enrol,
    figures,
    find_mailing,
    finish_if_done,
    list_size,
    open_rehearsal,
    open_store,
    read_in_state,
    sender_lock,
    withdraw_mailing,
)
from ruhrmail.tokens import load_keyring

InDoubt = Literal["skip", "resend"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a `send` is about to do, shown before it asks.

    `left` stand on the list and may not be mailed. `newcomers` have never been enrolled for this issue, `unfinished`
    were and still wait; `doubtful` may or may not have got it. `gaps` counts recipients without a value, by merge field
    that has no default. `variants` counts those to be mailed by variant, the first without a name; it is empty where
    all get the same.
    """

    mailing: str
    subject: str
    sender: str
    relays: tuple[str, ...]
    trial: bool
    listed: int
    left: int
    newcomers: int
    unfinished: int
    doubtful: int
    gaps: dict[str, int]
    variants: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def recipients(self) -> int:
        """How many will be mailed."""
        return self.newcomers + self.unfinished


@dataclass(frozen=True, slots=True)
class Report:
    """How a `send` ended.

    `drained` is None when there was nobody to mail, the answer was no, or no relay worked: then `trouble` says why.
    """

    plan: Plan
    figures: Figures | None
    declined: bool = False
    drained: Drained | None = None
    trouble: RelayError | None = None
    doubtful: tuple[Delivery, ...] = ()
    failed: tuple[Delivery, ...] = ()

    @property
    def clean(self) -> bool:
        """True when everybody is sent or suppressed and the list has no bad rows."""
        if self.figures is None:
            return not has_errors(self.plan.findings)
        done = self.figures.counts[State.SENT] + self.figures.counts[State.SUPPRESSED]
        return done == self.figures.recipients and not has_errors(self.plan.findings)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person at the door wants besides sending; `attempts`: to hear of each one."""

    strict: bool = False
    in_doubt: InDoubt | None = None
    attempts: bool = False


def send_issue(
    config: Config, slug: str, wish: Wish, machine: Machine, ask: Callable[[Plan], bool], on_event: OnWork
) -> Report:
    """Sends an issue, or goes on where an earlier run stopped; nobody who has it gets it again.

    Raises InvalidInput for errors in the issue (or, strictly, in the list), ChangedIssue, StoreLocked and other
    StoreErrors.
    """
    now = machine.now()
    with (
        sender_lock(config.store, now=now, pid=machine.pid),
        open_store(config.store, now=now, randomness=machine.randomness) as store,
    ):
        keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
        findings = (*refuse_broken_keys(config), *read_list(config, store, wish, machine))
        mailing, draft = prepare_mailing(config, store, slug, machine)
        plan = with_doubtful(plan_mailing(config, store, slug, mailing, draft, findings), wish)
        if not ask(plan):
            return Report(plan, figures(store, slug, destination_of(config)), declined=True)
        if mailing is None and plan.newcomers == 0:
            return Report(plan, None)
        mailing = begin(store, mailing, draft, machine)
        decide_doubtful(store, mailing, wish, machine)
        try:
            drained = work(config, store, mailing, keyring, machine, on_event, attempts=wish.attempts)
        except RelayError as trouble:
            return replace(report(store, mailing, plan), trouble=trouble)
        finish_if_done(store, mailing, machine.now())
        return replace(report(store, mailing, plan), drained=drained)


def rehearse_sending(config: Config, slug: str, wish: Wish, machine: Machine) -> Plan:
    """The same up to the question, on a copy of the store that is thrown away: nothing is sent, nothing remembered."""
    with open_rehearsal(config.store, now=machine.now(), randomness=machine.randomness) as store:
        findings = (*refuse_broken_keys(config), *read_list(config, store, wish, machine))
        mailing, draft = prepare_mailing(config, store, slug, machine)
        return with_doubtful(plan_mailing(config, store, slug, mailing, draft, findings), wish)


def refuse_broken_keys(config: Config) -> list[Finding]:
    """Warnings on DKIM keys. Raises InvalidInput for those that cannot be used, before anything begins."""
    findings = find_dkim_troubles(config, missing=True)
    if has_errors(findings):
        raise InvalidInput(findings)
    return findings


def read_list(config: Config, store: Store, wish: Wish, machine: Machine) -> tuple[Finding, ...]:
    """Brings the list up to date; strictly, a bad row ends it here. Raises InvalidInput."""
    findings = refresh_roster(config, store, machine.now())
    if wish.strict and has_errors(findings):
        raise InvalidInput(findings)
    return findings


def prepare_mailing(config: Config, store: Store, slug: str, machine: Machine) -> tuple[Mailing | None, Draft | None]:
    """The mailing that began earlier, its crashes seen to, else a draft of a new one.

    A changed issue begins anew as long as nobody got it: as a trial, or when nothing ever left. Raises ChangedIssue.
    """
    mailing = find_mailing(store, slug, destination=destination_of(config))
    if mailing is None:
        return None, draft_mailing(config, slug, destination_of(config), machine)
    changed = find_changes(config, mailing)
    Ledger(store, mailing).recover(machine.now())
    if not changed:
        return mailing, None
    if not withdraw_mailing(store, mailing):
        raise changed_issue(mailing, changed)
    return None, draft_mailing(config, slug, destination_of(config), machine)


def with_doubtful(plan: Plan, wish: Wish) -> Plan:
    """The plan as it is when those in doubt are mailed again."""
    if wish.in_doubt != "resend":
        return plan
    return replace(plan, unfinished=plan.unfinished + plan.doubtful, doubtful=0)


def decide_doubtful(store: Store, mailing: Mailing, wish: Wish, machine: Machine) -> None:
    """Writes what was decided about those in doubt, once the question was answered with yes."""
    ledger = Ledger(store, mailing)
    if wish.in_doubt == "resend":
        ledger.resend_doubtful(machine.now())
    elif wish.in_doubt == "skip":
        ledger.skip_doubtful(machine.now())


def plan_mailing(
    config: Config, store: Store, slug: str, mailing: Mailing | None, draft: Draft | None, findings: tuple[Finding, ...]
) -> Plan:
    """What would happen now."""
    destination = destination_of(config)
    subject = mailing or (draft.new if draft else None)
    assert subject is not None
    so_far = figures(store, slug, destination)
    counts = so_far.counts if so_far else dict.fromkeys(State, 0)
    newcomers = count_newcomers(store, slug, destination, subject.variants)
    return Plan(
        mailing=mailing.name if mailing else slug,
        subject=subject.subject,
        sender=subject.sender,
        relays=tuple(relay.name for relay in relays_for(config, destination)),
        trial=destination == "maildir",
        listed=list_size(store),
        left=count_suppressed(store),
        newcomers=sum(newcomers.values()),
        unfinished=sum(counts[state] for state in OPEN_STATES),
        doubtful=counts[State.IN_DOUBT],
        gaps=count_gaps(store, draft),
        variants=by_variant(subject.variants, newcomers + count_open(store, mailing)),
        findings=(*findings, *(draft.findings if draft else ())),
    )


def count_gaps(store: Store, draft: Draft | None) -> dict[str, int]:
    """How many would find a gap in their mail, by the field that they have no value for."""
    fields = draft.fields if draft else {}
    rule = draft.new.variants if draft else ONE_VARIANT
    counted = {name: count_without(store, name, rule, wanted) for name, wanted in fields.items()}
    return {name: count for name, count in counted.items() if count}


def by_variant(variants: Variants, counts: Counter[str]) -> dict[str, int]:
    """How many get each variant; empty where there is only one."""
    names = list(variants.names.values())
    return {name: counts[name] for name in names} if len(names) > 1 else {}


def begin(store: Store, mailing: Mailing | None, draft: Draft | None, machine: Machine) -> Mailing:
    """The mailing in the ledger, with everybody enrolled who is on the list now."""
    now = machine.now()
    if mailing is None:
        assert draft is not None
        mailing = begin_mailing(store, draft.new, draft.messages, now)
    enrol(store, mailing, now)
    return mailing


def report(store: Store, mailing: Mailing, plan: Plan) -> Report:
    """How it ended, with those named who are in doubt or failed."""
    return Report(
        plan,
        figures(store, mailing.issue, mailing.destination),
        doubtful=tuple(read_in_state(store, mailing, State.IN_DOUBT)),
        failed=tuple(read_in_state(store, mailing, State.FAILED)),
    )
