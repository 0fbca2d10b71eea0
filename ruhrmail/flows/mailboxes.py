"""Returned mail out of its mailboxes: read, handed over some at a time, and gone on with where it stopped."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pydantic_core import PydanticCustomError

from ruhrmail.collect import TOGETHER, Position, Reader, open_mailbox
from ruhrmail.config import Config, Mailbox, log_in_mailbox, parse_mailbox
from ruhrmail.errors import MailboxLost, StoreError, UsageError
from ruhrmail.flows.intake import Intake, Read, Tally, Tell, act, read_found
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.returns import take_in_all
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, free_source, keep_position, open_store, take_source
from ruhrmail.tokens import Keyring, load_keyring

EACH = TOGETHER
"""Messages after which the position is kept."""
EVERY = 60.0
"""Seconds between two looks at a mailbox that the settings do not name."""
TRIES = 3
"""How often a lost connection is taken up again without a message in between."""
HOLDER = re.compile(r"(?P<host>[^ ]+) process (?P<pid>\d+)(?: .*)?")


@contextmanager
def opened_intake(config: Config, machine: Machine, tell: Tell) -> Iterator[Intake]:
    """What reads the returned mail of a project, while its store is open. Raises StoreError."""
    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        yield intake_of(config, store, keyring, machine, tell)


def intake_of(config: Config, store: Store, keyring: Keyring, machine: Machine, tell: Tell) -> Intake:
    """The same with what is open already."""
    return Intake(store, machine, partial(take_in_all, config, store, keyring, machine), tell)


def mailboxes_of(config: Config) -> list[Mailbox]:
    """The mailboxes of the settings that can be looked at: what comes by standard input comes by itself."""
    return [one for one in config.bounces if one.path or one.imap]


def mailbox_of(config: Config, text: str, folder: Path, environ: Mapping[str, str]) -> Mailbox:
    """The mailbox that somebody names by path or address; relative paths count from `folder`.

    It has the login of the one in the settings with this place, else that of RUHRMAIL_BOUNCES_PASSWORD. Raises
    UsageError, which does not repeat the address.
    """
    try:
        named = parse_mailbox(text, folder)
    except PydanticCustomError as error:
        context = error.context or {}
        raise UsageError(phrase(str(context["template"])), hint=phrase(str(context["hint"]))) from None
    known = next((one for one in config.bounces if one.key == named.key), None)
    return replace(known, name=named.name) if known else log_in_mailbox(replace(named, every=EVERY), "", environ)


def read_mailbox(intake: Intake, mailbox: Mailbox) -> Tally:
    """Reads what is new in a mailbox, in constant memory. Read again, nothing counts twice.

    With `mailbox.delete` a message goes once its effect is durable; what nobody understood stays. A lost connection is
    taken up again. Raises MailboxError, StoreError, StoreLocked where another process reads it.
    """
    tally, tries, at_once = Tally(mailbox.name, deletes=mailbox.delete), TRIES, EACH
    with claimed(intake, mailbox) as claim:
        while True:
            before = claim.position
            try:
                with open_mailbox(mailbox) as reader:
                    read_through(intake, claim, reader, tally, at_once)
                return tally
            except MailboxLost:
                tries, at_once = TRIES if claim.position != before else tries - 1, 1  # so that a poor line gets on too
                if not tries or intake.stopping():
                    raise


def read_through(intake: Intake, claim: "Claim", reader: Reader, tally: Tally, at_once: int) -> None:
    """Everything behind the position, as far as nobody says stop; the position is kept after `at_once` messages."""
    batch: list[Read] = []
    for number, found in enumerate(reader.read(claim.position), 1):
        batch.append(read_found(found))
        stopping = intake.stopping()
        if len(batch) < min(at_once, reader.together) and not stopping:
            continue
        full, batch = batch, []
        finish(intake, reader, tally, full)
        if (number % at_once == 0 or stopping) and not keep_place(claim, reader, full):
            return
        if stopping:
            return
    finish(intake, reader, tally, batch)
    keep_place(claim, reader, batch)


def finish(intake: Intake, reader: Reader, tally: Tally, batch: Sequence[Read]) -> None:
    """Some messages: their effect, what is told, and only then their deletion."""
    for one in act(intake, tally, batch):
        reader.drop(one.found)
        tally.done += 1


def keep_place(claim: "Claim", reader: Reader, batch: Sequence[Read]) -> bool:
    """Keeps the position behind some messages; False where another has taken the mailbox over."""
    reader.settle()
    return not batch or claim.keep(batch[-1].found.position)


@dataclass(slots=True)
class Claim:
    """A mailbox that this process reads alone."""

    intake: Intake
    key: str
    holder: str
    position: Position

    def keep(self, position: Position) -> bool:
        """Keeps how far it was read; False where another has taken the mailbox over."""
        self.position = position
        return keep_position(self.intake.store, self.key, self.holder, position, self.intake.machine.now())


@contextmanager
def claimed(intake: Intake, mailbox: Mailbox) -> Iterator[Claim]:
    """Reads a mailbox alone while the block runs. Raises StoreLocked, StoreError."""
    machine, store = intake.machine, intake.store
    holder = f"{machine.hostname} process {machine.pid} {machine.randomness(4).hex()}"
    position = take_source(store, mailbox.key, holder, machine.now(), partial(is_gone, machine.hostname))
    try:
        yield Claim(intake, mailbox.key, holder, position)
    finally:
        with suppress(StoreError):  # it runs out by itself, and must not hide what went wrong
            free_source(store, mailbox.key, holder)


def is_gone(hostname: str, holder: str) -> bool:
    """Whether a process of this machine that read a mailbox is dead; of another machine nobody can tell."""
    match = HOLDER.fullmatch(holder)
    if match is None or match["host"] != hostname or sys.platform == "win32":
        return False
    try:
        os.kill(int(match["pid"]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is there, and another user's
        return False
    return False
