"""What the web service does besides answering: mails about joining leave, requests that nobody confirmed go.

Each duty has a thread of its own, so that a relay that is slow keeps nobody else waiting.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ruhrmail.config import Config
from ruhrmail.deliver import Event, RelayTrouble
from ruhrmail.errors import OutputError, RelayError, RuhrmailError, StoreError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.outbox import Round, send_due
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.post import PostState
from ruhrmail.store import Store, count_posts, purge_unconfirmed
from ruhrmail.tokens import Keyring

EVERY_SECOND = 1.0
EVERY_HOUR = 3600.0
LONGEST_PAUSE = 30.0
TOLD_AGAIN = 3600.0
"""Seconds after which a trouble that lasts is told once more."""
GRACE = 5.0
"""Seconds that duties get to end when the service is told to."""

Tell = Callable[[Phrase], None]


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do when the service begins, and again `every` so many seconds after it was done.

    `run` gets an event that is set when the service ends; it then has seconds to return. A RuhrmailError that it raises
    is told once as long as it lasts, and the pauses grow; it may return a trouble that did not keep it from working.
    Trouble must name no address.
    """

    name: str
    every: float
    run: Callable[[threading.Event], Phrase | None]


def duties_of(config: Config, store: Store, keyring: Keyring, machine: Machine) -> tuple[Duty, ...]:
    """What there is to do for this newsletter."""
    post = Postman(Round(config, store, keyring, machine))
    purge = timedelta(days=config.settings.consent.purge)

    def tidy(leave: threading.Event) -> None:
        purge_unconfirmed(store, machine.now() - purge)

    return (Duty("outbox", EVERY_SECOND, post.send), Duty("unconfirmed", EVERY_HOUR, tidy))


@dataclass(slots=True)
class Postman:
    """Sends the mails of the outbox, and says how many wait for a relay."""

    round: Round
    trouble: RelayError | None = None

    def send(self, leave: threading.Event) -> Phrase | None:
        """One round; returns the trouble of a relay that others made up for. Raises RelayError where none did."""
        self.trouble = None
        try:
            send_due(replace(self.round, leave=leave, on_event=self.hear))
        except RelayError as error:
            waiting = count_posts(self.round.store).get(PostState.PENDING, 0)
            message = phrase("{count} mails about joining wait: {reason}", count=waiting, reason=error.message)
            raise RelayError(message, hint=error.hint) from error
        return self.trouble.message if self.trouble else None

    def hear(self, event: Event) -> None:
        """Notes a relay's trouble."""
        if isinstance(event, RelayTrouble):
            self.trouble = event.error


@dataclass(slots=True)
class Keeper:
    """One duty again and again, and what was told of its trouble."""

    duty: Duty
    tell: Tell
    leave: threading.Event
    failures: int = 0
    told: str = ""
    told_at: float = float("-inf")
    clock: Callable[[], float] = field(default=time.monotonic)

    def work(self) -> None:
        """Until the service ends."""
        while not self.leave.is_set():
            self.leave.wait(self.once())

    def once(self) -> float:
        """Does it, and returns the seconds until the next time. An error of ours is shown and does not end it."""
        try:
            trouble = self.duty.run(self.leave)
        except StoreError as error:  # which names no duty
            self.complain(type(error).__name__, phrase("{duty}: {reason}", duty=self.duty.name, reason=error.message))
        except RuhrmailError as error:
            self.complain(type(error).__name__, error.message)
        except Exception:  # noqa: BLE001 - the other duties, and this one an hour later, go on
            self.complain("bug", phrase("{trace}", trace=traceback.format_exc().rstrip()))
        else:
            self.failures = 0
            if trouble is not None:
                self.complain("trouble", trouble)
            else:
                self.rejoice()
            return self.duty.every
        self.failures += 1
        return float(max(self.duty.every, min(2.0 ** (self.failures - 1), LONGEST_PAUSE)))

    def complain(self, kind: str, trouble: Phrase) -> None:
        """Tells a trouble, unless it was told and lasts."""
        if self.told != kind or self.clock() - self.told_at >= TOLD_AGAIN:
            self.told, self.told_at = kind, self.clock()
            self.say(trouble)

    def rejoice(self) -> None:
        """Tells that it works again, where something else was told before."""
        if self.told:
            self.told = ""
            self.say(phrase("{duty}: works again", duty=self.duty.name))

    def say(self, text: Phrase) -> None:
        """Tells whoever listens; the work goes on where nobody does any more."""
        with suppress(OSError, OutputError):
            self.tell(text)


@contextmanager
def keeping_house(duties: Sequence[Duty], tell: Tell) -> Iterator[Callable[[], None]]:
    """Does the duties until the block ends; gives a function that asks them to end, for whoever knows earlier.

    Waits a few seconds for them at the end, and no longer: what they were at is taken up by the next process.
    """
    leave = threading.Event()
    keepers = [Keeper(duty, tell, leave) for duty in duties]
    threads = [threading.Thread(target=one.work, name=one.duty.name, daemon=True) for one in keepers]
    for thread in threads:
        thread.start()
    try:
        yield leave.set
    finally:
        leave.set()
        end = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(end - time.monotonic(), 0))
