"""Messages as they come in: what each meant, what is told of it, and what is counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from ruhrmail.bounce import Reading, read_returned
from ruhrmail.collect import Found, read_stream
from ruhrmail.flows.machine import Machine
from ruhrmail.model.bounce import Kind, Taken, Verdict
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Store

Take = Callable[[Sequence[Reading], str], Sequence[Taken | Exception]]
"""From messages that were read, and their mailbox's name, to what each meant, durably; the exception where a mistake of
ours met one that then changed nothing."""
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
    """What reading mailboxes needs: `take` acts upon messages, `tell` hears of those that meant something.

    `stopping` ends the reading between two messages, with everything kept.
    """

    store: Store
    machine: Machine
    take: Take
    tell: Tell
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Read:
    """A message of a mailbox without its content, and what it says; an exception or a reason where nobody can tell."""

    found: Found
    what: Reading | Exception | Phrase


def read_found(found: Found) -> Read:
    """Reads one message of a mailbox, whatever it is; its content is let go."""
    return Read(replace(found, content=None), what_it_says(found))


def what_it_says(found: Found) -> Reading | Exception | Phrase:
    """What a message says, or why nobody can tell."""
    if found.content is None:
        return found.trouble or phrase("it cannot be read")
    try:
        return read_returned(found.content)
    except Exception as error:  # noqa: BLE001 - told with its place: the others shall not wait for a mended ruhrmail
        return error


def act(intake: Intake, tally: Tally, batch: Sequence[Read]) -> list[Read]:
    """Acts upon messages, all at once and durably, and tells what they meant; returns those that have done their work.

    Raises StoreError.
    """
    readings = [one.what for one in batch if isinstance(one.what, Reading)]
    meant = iter(intake.take(readings, tally.mailbox) if readings else ())
    outcomes = [next(meant) if isinstance(one.what, Reading) else one.what for one in batch]
    return [one for one, outcome in zip(batch, outcomes, strict=True) if show(intake, tally, one.found.place, outcome)]


def show(intake: Intake, tally: Tally, place: str, outcome: Taken | Exception | Phrase) -> bool:
    """Counts a message and tells what it meant; whether it has done its work."""
    if not isinstance(outcome, Taken):
        reason = outcome if isinstance(outcome, Phrase) else mistake(outcome)
        tally.unreadable += 1
        intake.tell(Word(tally.mailbox, place, reason, bad=True))
        return False
    tally.count(outcome)
    for word in words_about(tally.mailbox, place, outcome):
        intake.tell(word)
    return is_done(outcome)


def words_about(mailbox: str, place: str, taken: Taken) -> Iterator[Word]:
    """What is told of a message, where it meant anything."""
    idle = taken.verdict is Verdict.UNKNOWN and taken.kind in IDLE
    if taken.verdict not in SILENT and not idle:
        yield Word(mailbox, place, taken.line)
    if taken.alarm is not None:
        yield Word(mailbox, "", taken.alarm, bad=True, alarm=True)


def mistake(error: Exception) -> Phrase:
    """Told by its kind alone: its words may name somebody."""
    return phrase("ruhrmail trips over it ({error}); please report that", error=type(error).__name__)


def is_done(taken: Taken) -> bool:
    """Whether a message has done its work: not one that a person wrote, nor one about nobody knows whom."""
    return taken.kind is not Kind.OTHER and (taken.known or taken.kind in DONE)


def read_one(intake: Intake, stream: BinaryIO, name: str) -> Tally:
    """One message from a stream, as mail servers hand it to a program. Raises StoreError, OSError, and our mistakes."""
    content = read_stream(stream)
    tally = Tally(name)
    if not content.strip():
        tally.unreadable = 1
        intake.tell(Word(name, "", phrase("it is empty"), bad=True))
        return tally
    outcome = intake.take([read_returned(content)], name)[0]
    if isinstance(outcome, Exception):
        raise outcome
    show(intake, tally, "", outcome)
    return tally
