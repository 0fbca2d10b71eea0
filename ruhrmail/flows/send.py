"""An issue to everyone on the list, now or when its time comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.deliver import Drained
from ruhrmail.errors import RelayError
from ruhrmail.flows.approval import check_approval, foretell_approval
from ruhrmail.flows.events import Halted, OnWork, Quieting
from ruhrmail.flows.guard import check_service, foretell, leaves_machine
from ruhrmail.flows.later import overtaken, plan_ahead, wait_for_time
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import Draft
from ruhrmail.flows.moment import quiet_until
from ruhrmail.flows.plan import Plan, Wish, find_lost_days, find_objections, plan_mailing
from ruhrmail.flows.prepare import begin, decide, prepare_mailing, read_list, refuse_broken_keys
from ruhrmail.flows.reputation import find_complaints
from ruhrmail.flows.work import Lookout, destination_of, work
from ruhrmail.model.finding import has_errors
from ruhrmail.model.ledger import Delivery, Figures, State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import (
    Mailing,
    Store,
    ensure_nobody_waits,
    ensure_settled,
    figures,
    finish_if_done,
    is_halted,
    note_unchecked,
    open_rehearsal,
    open_store,
    read_in_state,
    record_approvals,
    sender_lock,
    stop_mailing,
)
from ruhrmail.tokens import Keyring, load_keyring

Ask = Callable[[Plan], bool]


@dataclass(frozen=True, slots=True)
class Report:
    """How a `send` ended.

    `drained` is None when there was nobody to mail, the answer was no, it `ended` before it began, or no relay worked:
    then `trouble` says why. `rest` is the mailing where quiet hours interrupted it, with the time when it goes on.
    """

    plan: Plan
    figures: Figures | None
    declined: bool = False
    drained: Drained | None = None
    trouble: RelayError | None = None
    ended: Phrase | None = None
    rest: Mailing | None = None
    doubtful: tuple[Delivery, ...] = ()
    failed: tuple[Delivery, ...] = ()

    @property
    def clean(self) -> bool:
        """True when everybody is sent or suppressed and the list has no bad rows."""
        if self.ended is not None:
            return False
        if self.figures is None:
            return not has_errors(self.plan.findings)
        done = self.figures.counts[State.SENT] + self.figures.counts[State.SUPPRESSED]
        return done == self.figures.recipients and not has_errors(self.plan.findings)


@dataclass(frozen=True, slots=True)
class Errand:
    """A `send` as it was asked for, until it is done: what travels through all of it."""

    config: Config
    slug: str
    wish: Wish
    machine: Machine
    ask: Ask
    on_event: OnWork

    @property
    def mailing(self) -> str:
        """What the mailing is called."""
        name = f"{self.slug}/{self.wish.audience.name}".rstrip("/")
        return name + ("@maildir" if destination_of(self.config) == "maildir" else "")

    def figures(self) -> Figures | None:
        """The mailing's figures now; None before it was planned or began. Raises StoreError."""
        with open_store(self.config.store, now=self.machine.now(), randomness=self.machine.randomness) as store:
            return figures(store, self.slug, destination_of(self.config), self.wish.audience.name)

    @contextmanager
    def alone(self) -> Iterator[Store]:
        """The store, with this process its only sender; mailings are stopped where the database has gone back in time.

        Raises StoreLocked and other StoreErrors.
        """
        config, now, machine = self.config, self.machine.now(), self.machine
        with (
            sender_lock(config.store, now=now, pid=machine.pid, mailing=self.mailing),
            open_store(config.store, now=now, randomness=machine.randomness) as store,
        ):
            ensure_settled(store)
            yield store


def send_issue(config: Config, slug: str, wish: Wish, machine: Machine, ask: Ask, on_event: OnWork) -> Report:
    """Sends an issue, or goes on where an earlier run stopped; nobody who has it gets it again.

    With `wish.at` it asks, waits in the foreground until then, and begins with whoever is on the list by that time;
    quiet hours that begin meanwhile are waited for in the same way. Before each beginning the web service is asked
    whether the links work. Raises InvalidInput for errors in the issue (or, strictly, in the list), ChangedIssue,
    NotApproved, ServiceError, StoreLocked and other StoreErrors.
    """
    errand = Errand(config, slug, wish, machine, ask, on_event)
    ahead = wish.at is not None and wish.at > machine.now()
    report = schedule(errand) if ahead else send_now(errand, None)
    while report.rest is not None:
        planned = report.rest
        if not ahead:
            wish = replace(wish, at=planned.scheduled_for, in_doubt=None, retry_failed=False)
            errand = replace(errand, wish=wish)
        ended = wait_for_time(config, planned, machine, on_event)
        if ended is not None:
            return replace(report, ended=ended, rest=None, figures=errand.figures())
        report, ahead = send_now(errand, planned), False
    return report


def schedule(errand: Errand) -> Report:
    """Asks, and writes down when the mailing is to begin; `rest` is the mailing then. Errors are told at once."""
    at, now = errand.wish.at, errand.machine.now()
    assert at is not None
    ensure_nobody_waits(errand.config.store, errand.mailing)
    with errand.alone() as store:
        plan, mailing, draft = look_ahead(errand, store, now)
        check_approval(errand.config, errand.slug, mailing, draft)
        plan = with_service(errand, store, plan)
        if not errand.ask(plan):
            return Report(plan, errand.figures(), declined=True)
        planned = plan_ahead(store, mailing, draft, at, now)
        return Report(plan, errand.figures(), rest=planned)


def look_ahead(errand: Errand, store: Store, now: datetime) -> tuple[Plan, Mailing | None, Draft | None]:
    """The plan, and what it speaks of. One for later may be of an issue that changed since it was last scheduled."""
    config, wish, machine = errand.config, errand.wish, errand.machine
    later = wish.at if wish.at and wish.at > now else None
    findings = (*refuse_broken_keys(config), *read_list(config, store, wish, machine))
    mailing, draft = prepare_mailing(config, store, errand.slug, machine, wish.audience.name, anew=later is not None)
    plan = plan_mailing(config, store, mailing, draft, findings, wish)
    objections = find_objections(config, mailing, wish, now)
    if not wish.anyway and destination_of(config) != "maildir":
        objections += (*find_lost_days(store, mailing, draft), *find_complaints(store, now))
    service = foretell(config, unchecked=wish.unchecked)
    approval = foretell_approval(config, errand.slug, mailing, draft)
    return replace(plan, at=later, objections=objections, service=service, approval=approval), mailing, draft


def with_service(errand: Errand, store: Store, plan: Plan) -> Plan:
    """The plan with what the web service said, where there is anybody to mail over the network. Raises ServiceError."""
    config, machine = errand.config, errand.machine
    if errand.wish.unchecked or not leaves_machine(config) or not (plan.recipients or plan.at):
        return plan
    check_service(config, store.id, load_keyring(config.secrets, config.state_folder, machine.randomness))
    return replace(plan, service=phrase("{url} answers, with this store and key", url=config.url))


def send_now(errand: Errand, planned: Mailing | None) -> Report:
    """Asks and sends. One that was planned begins without another question, unless something speaks against it."""
    now, wish = errand.machine.now(), errand.wish
    with errand.alone() as store:
        keyring = load_keyring(errand.config.secrets, errand.config.state_folder, errand.machine.randomness)
        plan, mailing, draft = look_ahead(errand, store, now)
        plan = replace(plan, agreed=planned is not None)
        if planned is not None and planned != mailing:
            return Report(plan, errand.figures(), ended=overtaken(mailing))
        approval = check_approval(errand.config, errand.slug, mailing, draft)
        plan = with_service(errand, store, plan)
        if not errand.ask(plan):
            return Report(plan, errand.figures(), declined=True)
        if mailing is None and plan.newcomers == 0:
            return Report(plan, None)
        mailing = begin(store, mailing, draft, errand.machine, wish.audience)
        if mailing.state == "stopped" or mailing.prepared_at is None:
            return replace(report(store, mailing, plan), ended=overtaken(mailing))
        record_approvals(store, [approval] if approval else [])
        if wish.unchecked and plan.recipients and leaves_machine(errand.config):
            note_unchecked(store, mailing, now)
        decide(errand.config, store, mailing, wish, errand.machine)
        if plan.recipients == 0 or quiet_until(errand.config.settings.delivery.quiet_hours, now):
            errand = replace(errand, wish=replace(wish, anyway=True))  # nobody to disturb, or the yes was to this
        return carry_out(errand, store, mailing, plan, keyring)


def carry_out(errand: Errand, store: Store, mailing: Mailing, plan: Plan, keyring: Keyring) -> Report:
    """Works until nobody is open or something ends it, and says how it ended."""
    machine, lookout = errand.machine, lookout_for(errand, store, mailing)
    try:
        drained = work(
            errand.config, store, mailing, keyring, machine, errand.on_event, lookout, attempts=errand.wish.attempts
        )
    except RelayError as trouble:
        return replace(report(store, mailing, plan), trouble=trouble)
    if drained.reason is not None:
        stop_mailing(store, mailing, drained.reason, machine.now())
    done = finish_if_done(store, mailing, machine.now())
    rest = None
    if isinstance(lookout.found, Quieting) and not done and not is_halted(store, mailing):
        rest = plan_ahead(store, mailing, None, lookout.found.until, machine.now())
    return replace(report(store, mailing, plan), drained=drained, rest=rest)


def lookout_for(errand: Errand, store: Store, mailing: Mailing) -> Lookout:
    """Looks for a stop in the store and for quiet hours; those do not count for a trial, nor when overruled."""
    overruled = errand.wish.anyway or mailing.destination == "maildir"
    hours = None if overruled else errand.config.settings.delivery.quiet_hours

    def find() -> Halted | Quieting | None:
        if is_halted(store, mailing):
            return Halted()
        until = quiet_until(hours, errand.machine.now())
        return Quieting(until) if until else None

    return Lookout(find)


def rehearse_sending(config: Config, slug: str, wish: Wish, machine: Machine) -> Plan:
    """The same up to the question, on a copy of the store that is thrown away: nothing is sent, nothing remembered."""
    return foresee(config, slug, wish, machine)[0]


def foresee(config: Config, slug: str, wish: Wish, machine: Machine) -> tuple[Plan, Mailing | None, Draft | None]:
    """The plan in the same way, and what it speaks of."""
    now = machine.now()
    errand = Errand(config, slug, wish, machine, lambda _: False, lambda _: None)
    with open_rehearsal(config.store, now=now, randomness=machine.randomness) as store:
        return look_ahead(errand, store, now)


def report(store: Store, mailing: Mailing, plan: Plan) -> Report:
    """How it ended, with those named who are in doubt or failed."""
    return Report(
        plan,
        figures(store, mailing.issue, mailing.destination, mailing.audience),
        doubtful=tuple(read_in_state(store, mailing, State.IN_DOUBT)),
        failed=tuple(read_in_state(store, mailing, State.FAILED)),
    )
