"""Returned mail out of its mailboxes: read, handed over one by one, and gone on with where it stopped."""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pydantic_core import PydanticCustomError

from ruhrmail.collect import Found, Position, Reader, open_mailbox, read_stream
from ruhrmail.config import Config, Mailbox, log_in_mailbox, parse_mailbox
from ruhrmail.errors import MailboxLost, StoreError, UsageError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.returns import take_in
from ruhrmail.model.bounce import Kind, Taken, Verdict
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Store, free_source, keep_position, open_store, take_source
from ruhrmail.tokens import Keyring, load_keyring

EACH = 100
"""Messages after which the position is kept."""
EVERY = 60.0
"""Seconds between two looks at a mailbox that the settings do not name."""
TRIES = 3
"""How often a lost connection is taken up again without a message in between."""
HOLDER = re.compile(r"(?P<host>[^ ]+) process (?P<pid>\d+)(?: .*)?")
Take = Callable[[bytes, str], Taken]
"""From a message and its mailbox's name to what it meant, durably."""
SILENT = (Verdict.LEFT, Verdict.AGAIN)
"""Verdicts that nobody has to hear of."""
IDLE = (Kind.AUTOMATIC, Kind.CHALLENGE, Kind.OTHER)
"""Kinds that mean something only about somebody known, if at all."""
DONE = (Kind.AUTOMATIC, Kind.CHALLENGE, Kind.DELAYED, Kind.FEEDBACK)
"""Kinds that are done with, whomever they are about."""


@dataclass(frozen=True, slots=True)
class Word:
    """Something to tell about one message: `place` in the mailbox; `bad` where it could not be read, or is an alarm."""

    mailbox: str
    place: str
    text: Phrase
    bad: bool = False
    alarm: bool = False


Tell = Callable[[Word], None]


@dataclass(slots=True)
class Tally:
    """What a mailbox held. `kinds` counts what was read for the first time, `again` what was not.

    `done` are those that have done their work: deleted where the mailbox is to be emptied.
    """

    mailbox: str
    read: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    suppressed: int = 0
    again: int = 0
    unknown: int = 0
    unreadable: int = 0
    done: int = 0
    deletes: bool = False

    def count(self, taken: Taken) -> None:
        """Adds a message."""
        self.read += 1
        if taken.verdict is Verdict.AGAIN:
            self.again += 1
            return
        self.kinds[taken.kind] += 1
        self.suppressed += taken.verdict is Verdict.SUPPRESSED
        self.unknown += taken.verdict is Verdict.UNKNOWN and taken.kind not in IDLE


@dataclass(frozen=True, slots=True)
class Intake:
    """What reading mailboxes needs: `take` acts upon a message, `tell` hears of those that meant something.

    `stopping` ends the reading between two messages, with everything kept.
    """

    store: Store
    machine: Machine
    take: Take
    tell: Tell
    stopping: Callable[[], bool] = lambda: False


@contextmanager
def opened_intake(config: Config, machine: Machine, tell: Tell) -> Iterator[Intake]:
    """What reads the returned mail of a project, while its store is open. Raises StoreError."""
    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        yield intake_of(config, store, keyring, machine, tell)


def intake_of(config: Config, store: Store, keyring: Keyring, machine: Machine, tell: Tell) -> Intake:
    """The same with what is open already."""
    return Intake(store, machine, partial(take_in, config, store, keyring, machine), tell)


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
    tally, tries = Tally(mailbox.name, deletes=mailbox.delete), TRIES
    with claimed(intake, mailbox) as claim:
        while True:
            before = tally.read
            try:
                with open_mailbox(mailbox) as reader:
                    read_through(intake, claim, reader, tally)
                return tally
            except MailboxLost:
                tries = TRIES if tally.read > before else tries - 1
                if not tries or intake.stopping():
                    raise


def read_through(intake: Intake, claim: "Claim", reader: Reader, tally: Tally) -> None:
    """Everything behind the position, as far as nobody says stop."""
    last: Found | None = None
    for number, found in enumerate(reader.read(claim.position), 1):
        handle(intake, reader, tally, found)
        last = found
        if number % EACH == 0:
            reader.settle()
            if not claim.keep(found.position):
                return
        if intake.stopping():
            break
    reader.settle()
    if last is not None:
        claim.keep(last.position)


def handle(intake: Intake, reader: Reader, tally: Tally, found: Found) -> None:
    """One message: its effect, what is told, and only then its deletion."""
    if found.content is None:
        tally.unreadable += 1
        intake.tell(Word(tally.mailbox, found.place, found.trouble or phrase("it cannot be read"), bad=True))
        return
    if is_done(take(intake, tally, found.place, found.content)):
        reader.drop(found)
        tally.done += 1


def take(intake: Intake, tally: Tally, place: str, content: bytes) -> Taken:
    """Acts upon one message, and tells what it meant where it meant anything."""
    taken = intake.take(content, tally.mailbox)
    tally.count(taken)
    idle = taken.verdict is Verdict.UNKNOWN and taken.kind in IDLE
    if taken.verdict not in SILENT and not idle:
        intake.tell(Word(tally.mailbox, place, taken.line))
    if taken.alarm is not None:
        intake.tell(Word(tally.mailbox, "", taken.alarm, bad=True, alarm=True))
    return taken


def is_done(taken: Taken) -> bool:
    """Whether a message has done its work: not one that a person wrote, nor one about nobody knows whom."""
    return taken.kind is not Kind.OTHER and (taken.known or taken.kind in DONE)


def read_one(intake: Intake, stream: BinaryIO, name: str) -> Tally:
    """One message from a stream, as mail servers hand it to a program. Raises StoreError, OSError."""
    content = read_stream(stream)
    tally = Tally(name)
    if not content.strip():
        tally.unreadable = 1
        intake.tell(Word(name, "", phrase("it is empty"), bad=True))
        return tally
    take(intake, tally, "", content)
    return tally


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
