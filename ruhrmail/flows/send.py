"""An issue to everyone on the list, now or when its time comes."""

from dataclasses import replace
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.errors import RelayError
from ruhrmail.flows.approval import check_approval, foretell_approval
from ruhrmail.flows.errand import Ask, Errand, Report, report
from ruhrmail.flows.events import Halted, OnWork, Quieting
from ruhrmail.flows.following import follow
from ruhrmail.flows.guard import check_service, foretell, leaves_machine
from ruhrmail.flows.handover import hand_over, has_fleet, put_by, write_down
from ruhrmail.flows.later import overtaken, plan_ahead, wait_for_time
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import Draft
from ruhrmail.flows.moment import quiet_until
from ruhrmail.flows.plan import Plan, Wish, find_lost_days, find_objections, plan_mailing
from ruhrmail.flows.prepare import begin, prepare_mailing, read_list
from ruhrmail.flows.reputation import find_complaints
from ruhrmail.flows.signing import refuse_broken_keys
from ruhrmail.flows.work import Lookout, destination_of, work
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    ensure_nobody_waits,
    finish_if_done,
    is_halted,
    open_rehearsal,
    stop_mailing,
)
from ruhrmail.tokens import Keyring, load_keyring


def send_issue(config: Config, slug: str, wish: Wish, machine: Machine, ask: Ask, on_event: OnWork) -> Report:
    """Sends an issue, or goes on where an earlier run stopped; nobody who has it gets it again.

    With `wish.at` it asks, waits in the foreground until then, and begins with whoever is on the list by that time;
    quiet hours that begin meanwhile are waited for in the same way. Before each beginning the web service is asked
    whether the links work. Where workers send, it queues the mailing, and with `wish.follow` it looks on. Raises
    InvalidInput for errors in the issue (or, strictly, in the list), ChangedIssue, NotApproved, ServiceError,
    StoreLocked and other StoreErrors.
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
    return follow(errand, report) if wish.follow and report.queued is not None else report


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
        if has_fleet(errand.config):
            return put_by(errand, store, plan, mailing, draft, at)
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
        if has_fleet(errand.config):
            return hand_over(errand, store, plan, mailing, draft, approval)
        mailing = begin(store, mailing, draft, errand.machine, wish.audience)
        if mailing.state == "stopped" or mailing.prepared_at is None:
            return replace(report(store, mailing, plan), ended=overtaken(mailing))
        write_down(errand, store, plan, mailing, approval)
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
    if drained.stopped:
        Ledger(store, mailing).recover(machine.now())  # what a second signal dropped in flight is in doubt
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
