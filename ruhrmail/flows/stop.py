"""Halting a mailing from anywhere that reaches its store."""

import shlex
from dataclasses import dataclass
from datetime import datetime

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.status import Standing, no_mailing, read_standing
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Destination, find_mailing, find_sender, open_store, stop_mailing


@dataclass(frozen=True, slots=True)
class Halting:
    """What a `stop` found, such as the process at work, and where the mailing stands now.

    `again` means that it was stopped already.
    """

    before: Standing
    after: Standing
    again: bool

    @property
    def scheduled_for(self) -> datetime | None:
        """The time that it was planned for (UTC), None where nothing was planned."""
        return self.before.figures.scheduled_for


def stop_issue(config: Config, slug: str, machine: Machine) -> Halting:
    """Stops the mailing of an issue, else its trial, running, scheduled or neither; to stop twice changes nothing.

    Processes and workers that are at it see that within about a second and drain. Raises RuhrmailError for a mailing
    that did not begin or is complete, StoreError.
    """
    before = found_to_stop(config, slug, machine.now())
    destination: Destination = "maildir" if before.figures.mailing.endswith("@maildir") else "relay"
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        mailing = find_mailing(store, before.figures.issue, before.figures.audience, destination)
        if mailing is None:
            raise no_mailing(config, slug)
        reason = phrase("`ruhrmail stop` on {machine}", machine=machine.hostname)
        changed = stop_mailing(store, mailing, reason, machine.now())
    after = read_standing(config, slug, machine.now())
    if after.figures.state == "complete":
        raise complete(slug)
    return Halting(before, after, again=not changed)


def found_to_stop(config: Config, slug: str, now: datetime) -> Standing:
    """Where the mailing stands. Raises RuhrmailError for one that is complete or has not begun."""
    try:
        found = read_standing(config, slug, now)
    except RuhrmailError as error:
        sender = find_sender(config.store)
        if sender is not None and sender.mailing.removesuffix("@maildir") == slug:
            hint = phrase("process {pid} is about to begin it: stop it with Ctrl+C there", pid=sender.name)
            raise RuhrmailError(error.message, hint=hint) from error
        raise
    if found.figures.state == "complete":
        raise complete(slug)
    return found


def complete(slug: str) -> RuhrmailError:
    """The error for a mailing of which nothing is left to stop."""
    return RuhrmailError(
        phrase("the mailing of {slug} is complete: there is nothing to stop", slug=slug),
        hint=phrase("`ruhrmail status {slug}` shows its figures", slug=shlex.quote(slug)),
    )
