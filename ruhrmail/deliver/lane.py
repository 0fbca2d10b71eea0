"""One relay's share of a run: its pace, how many connections it may have now and for whom, and how it has failed."""

import asyncio
from asyncio import get_running_loop
from collections import Counter, deque
from typing import TYPE_CHECKING

from ruhrmail.config import Relay
from ruhrmail.deliver.dial import Unwelcome
from ruhrmail.deliver.events import OnEvent, RelayTrouble, RelayWorks, Slowed
from ruhrmail.deliver.pace import Pace
from ruhrmail.deliver.policy import Policy
from ruhrmail.deliver.stop import rest
from ruhrmail.deliver.throttle import Throttle
from ruhrmail.deliver.wire import TurnedAway
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply

if TYPE_CHECKING:
    from ruhrmail.deliver.line import Line

UNTIL_WOKEN = 3600.0
SAME_END = 2
BEFORE_A_TEST = 20
GRACE = 2.0


class Lane:
    """Begins with one connection; the others follow once the relay has answered for a message.

    `asks` are its connections that have room for one more letter, in the order they asked. Every report names when the
    reported work began (loop time): twenty connections that meet the same outage count once.
    """

    def __init__(self, relay: Relay, policy: Policy, on_event: OnEvent) -> None:
        self.relay = relay
        self.asks: deque[Line] = deque()
        self.pace = Pace(relay.rates)
        self.connected = 0
        self.share = 0.0
        self.out: Counter[str] = Counter()
        self.per_connection = relay.messages_per_connection
        self._policy = policy
        self._on_event = on_event
        self._throttle = Throttle(relay.connections, policy)
        self._domains: dict[str, Throttle] = {}
        self._began = now()
        self._failed_at = 0.0
        self._failing_since: float | None = None
        self._failures = self._outlived = 0
        self._ever = self._gone = False
        self._changed = asyncio.Event()
        self._ended_at: deque[int] = deque(maxlen=SAME_END)

    @property
    def capacity(self) -> int:
        """How many connections it may have now."""
        if self._failures or not self._ever:
            return 1
        return self._throttle.capacity(now()) if self._throttle.holds else self.relay.connections

    @property
    def counts(self) -> bool:
        """True while others with a weight leave it its share: it takes mail, or has not had the time to say so."""
        begins = not self._ever and now() - self._began < GRACE
        return (self._ever or begins) and not self._failures and not self.paused

    @property
    def ever_worked(self) -> bool:
        """True once it answered for a message."""
        return self._ever

    @property
    def paused(self) -> bool:
        """True while nothing may leave over it."""
        return self._gone or (self._throttle.holds and self._throttle.pause(now()) > 0)

    @property
    def hopeless(self) -> bool:
        """True when it refused from the start often enough, or for as long as mail is retried."""
        if self._gone or self._failing_since is None:
            return self._gone
        if not self._ever:
            return self._failures >= self._policy.start_tries
        return now() - self._failing_since >= self._policy.retry.for_

    def wait_for_message(self, at: float) -> float:
        """Seconds until its rates and pauses allow another message."""
        return max(self.pace.wait(at), self._throttle.pause(at))

    def wait_of(self, index: int) -> float:
        """Seconds that its connection number `index` has to wait before the next message."""
        if self._gone:
            return UNTIL_WOKEN
        if (pause := self._throttle.pause(now())) > 0:
            return pause
        if index < self.capacity:
            return 0.0
        recovering = self._ever and not self._failures
        return self._throttle.until_more(now()) if recovering else UNTIL_WOKEN

    async def permit(self, index: int, over: asyncio.Event) -> bool:
        """Waits until this connection may go on; False when the run is over."""
        while not over.is_set() and (seconds := self.wait_of(index)) > 0:
            await rest(seconds, over, self._changed)
        return not over.is_set()

    def admits(self, domain: str) -> bool:
        """True when it may take a message for this receiving domain now."""
        throttle = self._domains.get(domain) if self._domains else None
        if throttle is None:
            return True
        if throttle.recovered(now()):
            del self._domains[domain]
            return True
        return not throttle.pause(now()) and self.out[domain] < throttle.capacity(now())

    def opens_in(self, domain: str) -> float:
        """Seconds until it may take messages for this receiving domain again."""
        throttle = self._domains.get(domain)
        return throttle.pause(now()) if throttle else 0.0

    def holds_back(self, domain: str) -> bool:
        """Whether mail for that domain was slowed down."""
        return domain in self._domains

    def take(self, domain: str) -> None:
        """A message for that domain is on its way."""
        self.pace.use(now())
        self.share += 1 / (self.relay.weight or 1)
        self.out[domain] += 1

    def release(self, domain: str) -> None:
        """It is not any more."""
        self.out[domain] -= 1
        if self.out[domain] <= 0:
            del self.out[domain]

    def worked(self) -> None:
        """It answered for a message."""
        if not self._ever or self._failures:
            self._ever, self._failures, self._failing_since = True, 0, None
            self._on_event(RelayWorks(self.relay.name))
            self._wake()

    def failed(self, error: RelayError, began: float) -> None:
        """It could not be used: it rests, longer every time, and begins with one connection, or is out for good."""
        self._gone = self._gone or isinstance(error, TurnedAway)
        if began < self._failed_at:
            return
        self._failed_at = now()
        self._failing_since = self._failing_since or self._failed_at
        self._failures += 1
        pause = self._policy.pause_after(self._failures)
        self._throttle.rest(self._failed_at + pause)
        self._on_event(RelayTrouble(self.relay.name, error, pause))
        self._wake()

    def crowded(self, error: RelayError, began: float) -> None:
        """One more connection was refused while others stand: so many as these it takes, and perhaps more later."""
        if self._throttle.narrow(self.connected, now(), began):
            reply = error.reply if isinstance(error, Unwelcome) else None
            if reply is not None:
                recovery = self._throttle.recovery(now())
                self._on_event(Slowed(self.relay.name, self.connected, 0.0, reply, "", recovery))
            else:
                self._on_event(RelayTrouble(self.relay.name, error, self._policy.recovery, self.connected))
            self._wake()

    def slow(self, reply: Reply, began: float, domain: str = "") -> None:
        """It asked for less, altogether or for one receiving domain."""
        throttle = self._throttle
        if domain:
            throttle = self._domains.setdefault(domain, Throttle(max(self.capacity, 1), self._policy))
        slowed = throttle.slow(reply, now(), began)
        if slowed is not None:
            connections, pause = slowed
            recovery = throttle.recovery(now())
            self._on_event(Slowed(self.relay.name, connections, pause, reply, domain, recovery))
            self._wake()

    def learn_end(self, carried: int) -> None:
        """A connection was ended by the relay after so many messages; twice the same is its custom."""
        self._ended_at.append(carried)
        if carried and len(self._ended_at) == SAME_END and len(set(self._ended_at)) == 1:
            self.per_connection = min(self.per_connection, carried)

    def outlived(self, carried: int) -> None:
        """A connection carried as many messages as we let it: what looked like a custom may have been chance.

        It is put to the test rarely, for a relay that keeps to it ends that connection over somebody's envelope.
        """
        self._outlived = self._outlived + 1 if carried >= self.per_connection else 0
        if self._outlived >= BEFORE_A_TEST:
            self._outlived = 0
            self.per_connection = min(self.per_connection * 2, self.relay.messages_per_connection)

    def _wake(self) -> None:
        """Everybody who waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()


def now() -> float:
    """The loop's clock, in seconds."""
    return get_running_loop().time()
