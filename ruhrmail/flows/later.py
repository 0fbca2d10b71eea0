"""A mailing that waits for its time, in the foreground: the wall clock and the store are looked at once a second."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from ruhrmail.config import Config
from ruhrmail.deliver import Stop
from ruhrmail.flows.events import Countdown, Draining, OnWork, Queued
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import Draft
from ruhrmail.flows.moment import shown
from ruhrmail.flows.signals import pause, stopping
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import (
    Mailing,
    Store,
    find_sender,
    mailing_by_id,
    open_store,
    schedule_new,
    schedule_rest,
    waiting_lock,
)

LOOK_EVERY = 1.0
"""Seconds between two looks: so soon a machine that slept, or whose clock was set, knows the time."""


def plan_ahead(store: Store, mailing: Mailing | None, draft: Draft | None, at: datetime, now: datetime) -> Mailing:
    """Writes down when a mailing is to begin, or to go on, and what it is to send. Raises StoreError."""
    if draft is not None:
        return schedule_new(store, draft.new, at, now)
    assert mailing is not None
    return schedule_rest(store, mailing, at)


def wait_for_time(config: Config, planned: Mailing, machine: Machine, on_event: OnWork) -> Phrase | None:
    """Returns None when a mailing's time has come and nobody else sends; else why the wait ended without that.

    A signal ends the wait, and the mailing stays scheduled. Another process that sends is waited for as long as the
    mailing may be late. Raises StoreLocked where another process waits for this mailing, StoreError.
    """
    with (
        waiting_lock(config.store, now=machine.now(), pid=machine.pid, host=machine.hostname, mailing=planned.name),
        open_store(config.store, now=machine.now(), randomness=machine.randomness) as store,
    ):
        return asyncio.run(Wait(config, store, planned, machine, on_event).run())


@dataclass(slots=True)
class Wait:
    """The wait for one mailing's time."""

    config: Config
    store: Store
    planned: Mailing
    machine: Machine
    on_event: OnWork
    is_queued: bool = False

    async def run(self) -> Phrase | None:
        """Until the time has come, the plan was changed, or a signal came, be it in the last moment."""
        stop, at = Stop(), self.planned.scheduled_for
        assert at is not None
        with stopping(stop, lambda: self.on_event(Draining())) as heard:
            why = await self.look_on(stop, at)
        if why is None and heard.count:
            return phrase("ended while waiting; the mailing stays scheduled for {time}", time=shown(at))
        return why

    async def look_on(self, stop: Stop, at: datetime) -> Phrase | None:
        """Looks again and again until there is nothing to wait for; returns what became of the plan where it did."""
        while not stop.draining.is_set():
            found = mailing_by_id(self.store, self.planned.id)
            if found != self.planned:
                return overtaken(found)
            left = at - self.machine.now()
            if left > timedelta():
                self.on_event(Countdown(at, left))
            elif self.may_begin(at):
                return None
            await pause(min(max(left.total_seconds(), 0.01), LOOK_EVERY) if left else LOOK_EVERY, stop)
        return None

    def may_begin(self, at: datetime) -> bool:
        """Whether nobody else sends, or waiting any longer makes no sense. Tells once for whom it waits."""
        holder = find_sender(self.config.store)
        late = timedelta(seconds=self.config.settings.delivery.at_most_late)
        if holder is None or self.machine.now() > at + late:
            return True
        if not self.is_queued:
            self.is_queued = True
            self.on_event(Queued(holder))
        return False


def overtaken(found: Mailing | None) -> Phrase:
    """Why a mailing is not sent at the time that this process waited for."""
    if found is not None and found.stopped_at is not None and found.reason is not None:
        return phrase("stopped meanwhile, {time}: {reason}", time=shown(found.stopped_at), reason=found.reason)
    if found is not None and found.scheduled_for is not None:
        return phrase("somebody scheduled it anew for {time}", time=shown(found.scheduled_for))
    return phrase("another process began it meanwhile")
