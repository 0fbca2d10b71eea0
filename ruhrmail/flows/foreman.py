"""What keeps a fleet at work: dead workers' recipients go back, mailings begin when their time comes, slots are queued.

Every worker does it now and then; doing it twice, or at the same time, changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ruhrmail.config import Config
from ruhrmail.errors import StoreError, UsageError
from ruhrmail.flows.audience import choose_audience
from ruhrmail.flows.beginning import date_beginning
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.moment import quiet_until, shown
from ruhrmail.flows.shares import slots_of
from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    begin_planned,
    bury_silent,
    enqueue_slots,
    enrol,
    ensure_settled,
    finish_if_done,
    has_due,
    stop_planned,
    together,
    unfinished_mailings,
)

DEAD_AFTER = timedelta(seconds=20)
"""A worker that was not seen for so long counts as dead."""


@dataclass(frozen=True, slots=True)
class Foreman:
    """Looks after all mailings of a store.

    `is_steady`: whether this process reached the store all the time in which others could be silent. After a restart
    of the server, or an interrupted link, everybody was.
    """

    config: Config
    store: Store
    machine: Machine
    is_steady: Callable[[], bool] = lambda: True

    def look_after(self) -> list[Phrase]:
        """One round; returns what is worth telling. Raises StoreError."""
        ensure_settled(self.store)
        told = self._bury()
        trouble = None
        for mailing in unfinished_mailings(self.store):
            if mailing.destination != "relay":
                continue
            try:
                told += self._look_after(mailing, self.machine.now())
            except StoreError as error:  # the others have their turn all the same
                trouble = error
        if trouble is not None:
            raise trouble
        return told

    def _bury(self) -> list[Phrase]:
        """Ends what workers held that died; says who they were, as `status` and as they themselves do."""
        silent = bury_silent(self.store, DEAD_AFTER, self.machine.now()) if self.is_steady() else []
        return [
            phrase("worker {host} ({pid}), {name}, is silent; others take over its work", host=host, pid=pid, name=name)
            for name, host, pid in silent
        ]

    def _look_after(self, mailing: Mailing, now: datetime) -> list[Phrase]:
        """What there is to do for one mailing."""
        if mailing.prepared_at is None:
            return self._decline(mailing, now)
        if mailing.scheduled_for is not None:
            return self._begin(mailing, mailing.scheduled_for, now) if mailing.scheduled_for <= now else []
        doubtful = Ledger(self.store, mailing).recover_expired(now)
        if not finish_if_done(self.store, mailing, now) and not self._is_quiet(mailing, now):
            self.queue(mailing, now)
        if not doubtful:
            return []
        return [phrase("{mailing}: {count} in doubt, nobody knows of them", mailing=mailing.name, count=doubtful)]

    def queue(self, mailing: Mailing, now: datetime) -> None:
        """Queues what slots a mailing has, where anybody of it can be mailed. Raises StoreError."""
        if self.config.relays and has_due(self.store, mailing, now):  # else this process knows no limits to divide
            enqueue_slots(self.store, mailing.id, slots_of(self.config))

    def _begin(self, mailing: Mailing, at: datetime, now: datetime) -> list[Phrase]:
        """Begins a mailing whose time has come, for those on the list now; when it is too late a person decides."""
        late = timedelta(seconds=self.config.settings.delivery.at_most_late)
        if now > at + late and not mailing.overruled:
            reason = phrase("it was to be sent at {time}; no worker ran until {now}", time=shown(at), now=shown(now))
            return self._stop(mailing, reason, now)
        try:
            audience = audience_of(self.config, mailing)
        except UsageError as error:
            return self._stop(mailing, error.message, now)
        with together(self.store) as one:
            if not begin_planned(one, mailing):
                return []
            date_beginning(one, mailing, now)
            count = enrol(one, mailing, now, audience)
            if self.config.relays:
                enqueue_slots(one, mailing.id, slots_of(self.config))
        return [phrase("{mailing}: begins, {count} recipients", mailing=mailing.name, count=count)]

    def _decline(self, mailing: Mailing, now: datetime) -> list[Phrase]:
        """Stops a mailing whose time has come and that nobody can begin: it was scheduled in a file, and the store
        copied. A person has to know, for workers have no issues to prepare it from."""
        if mailing.scheduled_for is None or mailing.scheduled_for > now:
            return []
        at = shown(mailing.scheduled_for)
        reason = phrase("it was scheduled for {time} before the store moved here, and is not prepared", time=at)
        return self._stop(mailing, reason, now)

    def _stop(self, mailing: Mailing, reason: Phrase, now: datetime) -> list[Phrase]:
        """Stops a mailing that waits, unless somebody began it, or planned it anew, since it was read."""
        stopped = stop_planned(self.store, mailing, reason, now)
        return [phrase("{mailing}: stopped: {reason}", mailing=mailing.name, reason=reason)] if stopped else []

    def _is_quiet(self, mailing: Mailing, now: datetime) -> bool:
        """Whether quiet hours hold a mailing up."""
        hours = self.config.settings.delivery.quiet_hours
        return not mailing.overruled and quiet_until(hours, now) is not None


def audience_of(config: Config, mailing: Mailing) -> Audience:
    """Whom a mailing is for. Raises UsageError where the settings do not know it any more."""
    return choose_audience(config, mailing.audience) if mailing.audience else EVERYBODY
