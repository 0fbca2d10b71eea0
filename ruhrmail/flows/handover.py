"""A mailing to the workers: begun and queued in one transaction, now or for a time to come."""

from dataclasses import replace
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.flows.beginning import date_beginning
from ruhrmail.flows.errand import Errand, Report, report
from ruhrmail.flows.fleet import mailings_ahead, read_fleet
from ruhrmail.flows.guard import leaves_machine
from ruhrmail.flows.later import overtaken
from ruhrmail.flows.mailing import Draft
from ruhrmail.flows.moment import quiet_until
from ruhrmail.flows.plan import Plan
from ruhrmail.flows.prepare import begin, decide, prepare_now
from ruhrmail.flows.shares import slots_of
from ruhrmail.flows.work import destination_of
from ruhrmail.model.account import Approval
from ruhrmail.model.fleet import Fleet
from ruhrmail.store import (
    Mailing,
    Store,
    enqueue_slots,
    finish_if_done,
    is_shared,
    note_keys,
    note_unchecked,
    overrule_quiet,
    prepare_engine,
    record_approvals,
    schedule_rest,
    together,
)
from ruhrmail.tokens import load_keyring


def has_fleet(config: Config) -> bool:
    """Whether workers send the mailings of this store: on PostgreSQL, all but trials."""
    return is_shared(config.store) and destination_of(config) == "relay"


def hand_over(
    errand: Errand, store: Store, plan: Plan, mailing: Mailing | None, draft: Draft | None, approval: Approval | None
) -> Report:
    """Begins a mailing, or lets it go on, and queues its slots. Raises StoreError; then nothing of it was written."""
    prepare_engine(store)
    with together(store) as one:
        if mailing is not None and draft is None:
            date_beginning(one, mailing, errand.machine.now())
        mailing = begin(one, mailing, draft, errand.machine, errand.wish.audience)
        if mailing.state == "stopped" or mailing.prepared_at is None:
            return replace(report(one, mailing, plan), ended=overtaken(mailing))
        write_down(errand, one, plan, mailing, approval)
        overrule_quiet(one, mailing, overruled=is_overruled(errand, plan, errand.machine.now()))
        if not plan.recipients:
            finish_if_done(one, mailing, errand.machine.now())
            return replace(report(one, mailing, plan), fleet=Fleet())
        note_keys(one, keys_of(errand))
        enqueue_slots(one, mailing.id, slots_of(errand.config))
        begun = report(one, mailing, plan)
    return replace(begun, queued=mailing, fleet=read_fleet(store), ahead=mailings_ahead(store, mailing))


def put_by(
    errand: Errand, store: Store, plan: Plan, mailing: Mailing | None, draft: Draft | None, at: datetime
) -> Report:
    """Prepares a mailing, for workers know no issues, and writes down when it is to begin or go on. Raises StoreError.

    Who gets it is decided when it begins.
    """
    prepare_engine(store)
    with together(store) as one:
        mailing = prepare_now(one, mailing, draft, errand.machine)
        mailing = schedule_rest(one, mailing, at)
        overrule_quiet(one, mailing, overruled=is_overruled(errand, plan, at))
        note_keys(one, keys_of(errand))
    return replace(report(store, mailing, plan), queued=mailing, fleet=read_fleet(store))


def keys_of(errand: Errand) -> tuple[str, ...]:
    """The ids of the keys here: workers without any of them would sign links that the web service does not know."""
    config = errand.config
    return load_keyring(config.secrets, config.state_folder, errand.machine.randomness).key_ids


def is_overruled(errand: Errand, plan: Plan, at: datetime) -> bool:
    """Whether quiet hours do not count: by --anyway, or because somebody said yes to a mailing within them."""
    hours = errand.config.settings.delivery.quiet_hours
    return errand.wish.anyway or (quiet_until(hours, at) is not None and bool(plan.objections))


def write_down(errand: Errand, store: Store, plan: Plan, mailing: Mailing, approval: Approval | None) -> None:
    """What was decided with the yes: who approved, that nobody asked the service, what becomes of the doubtful."""
    record_approvals(store, [approval] if approval else [])
    if errand.wish.unchecked and plan.recipients and leaves_machine(errand.config):
        note_unchecked(store, mailing, errand.machine.now())
    decide(errand.config, store, mailing, errand.wish, errand.machine)
