"""A `send` as it was asked for, and how it ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ruhrmail.config import Config
from ruhrmail.deliver import Drained
from ruhrmail.errors import RelayError
from ruhrmail.flows.events import OnWork
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.plan import Plan, Wish
from ruhrmail.flows.work import destination_of
from ruhrmail.model.finding import has_errors
from ruhrmail.model.fleet import Fleet
from ruhrmail.model.ledger import Delivery, Figures, State
from ruhrmail.model.phrase import Phrase
from ruhrmail.store import Mailing, Store, ensure_settled, figures, open_store, read_in_state, sender_lock

Ask = Callable[[Plan], bool]


@dataclass(frozen=True, slots=True)
class Report:
    """How a `send` ended.

    `drained` is None when there was nobody to mail, the answer was no, it `ended` before it began, or no relay worked:
    then `trouble` says why. `rest` is the mailing where quiet hours interrupted it, with the time when it goes on.
    `queued` is the mailing that workers send, now or when its time comes, `fleet` those workers (None: there is no
    fleet), and `ahead` the mailings that are sent before it.
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
    queued: Mailing | None = None
    fleet: Fleet | None = None
    ahead: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """True when everybody is sent or suppressed and the list has no bad rows."""
        if self.ended is not None:
            return False
        if self.figures is None or self.queued is not None:
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
            sender_lock(config.store, now=now, pid=machine.pid, host=machine.hostname, mailing=self.mailing),
            open_store(config.store, now=now, randomness=machine.randomness) as store,
        ):
            ensure_settled(store)
            yield store


def report(store: Store, mailing: Mailing, plan: Plan) -> Report:
    """How it ended, with those named who are in doubt or failed."""
    return Report(
        plan,
        figures(store, mailing.issue, mailing.destination, mailing.audience),
        doubtful=tuple(read_in_state(store, mailing, State.IN_DOUBT)),
        failed=tuple(read_in_state(store, mailing, State.FAILED)),
    )
