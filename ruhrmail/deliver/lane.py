"""One relay's share of a run: its pace, how many connections it may have now, and how it has failed."""

import asyncio

from ruhrmail.config import Relay
from ruhrmail.deliver.events import OnEvent, RelayTrouble, Slowed
from ruhrmail.deliver.policy import RATE_LIMITED, Policy
from ruhrmail.deliver.relay import TurnedAway
from ruhrmail.deliver.stop import rest
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply

UNTIL_WOKEN = 3600.0


class Lane:
    """Begins with one connection; the others follow once the relay has answered for a message.

    Every report names when the reported work began (loop time): twenty connections that meet the same outage, or the
    same request for less, count once.
    """

    def __init__(self, relay: Relay, policy: Policy, on_event: OnEvent) -> None:
        self.relay = relay
        self.turn = asyncio.Lock()
        self._policy = policy
        self._on_event = on_event
        self._allowed = relay.connections
        self._slowed_at = self._failed_at = self._paused_until = self._next_slot = 0.0
        self._failing_since: float | None = None
        self._failures = 0
        self._ever = self._gone = False
        self._changed = asyncio.Event()

    @property
    def capacity(self) -> int:
        """How many connections it may have now."""
        if self._failures or not self._ever:
            return 1
        regained = int((now() - self._slowed_at) / self._policy.recovery)
        return min(self._allowed + regained, self.relay.connections)

    @property
    def hopeless(self) -> bool:
        """True when it refused from the start often enough, or for as long as mail is retried."""
        if self._gone or self._failing_since is None:
            return self._gone
        if not self._ever:
            return self._failures >= self._policy.start_tries
        return now() - self._failing_since >= self._policy.retry.for_

    def wait_of(self, index: int) -> float:
        """Seconds that its connection number `index` has to wait before the next message."""
        if self._gone:
            return UNTIL_WOKEN
        if (pause := self._paused_until - now()) > 0:
            return pause
        if index < self.capacity:
            return 0.0
        recovering = self._ever and not self._failures
        passed = (now() - self._slowed_at) % self._policy.recovery
        return self._policy.recovery - passed if recovering else UNTIL_WOKEN

    async def permit(self, index: int, over: asyncio.Event) -> bool:
        """Waits until this connection may go on; False when the run is over."""
        while not over.is_set() and (seconds := self.wait_of(index)) > 0:
            await rest(seconds, over, self._changed)
        return not over.is_set()

    async def pace(self, over: asyncio.Event) -> None:
        """Waits for the next slot of its rate; call `used` when the slot was used."""
        if (seconds := self._next_slot - now()) > 0:
            await rest(seconds, over)

    def used(self) -> None:
        """A message leaves now."""
        for rate in self.relay.rates[:1]:
            self._next_slot = max(self._next_slot, now()) + rate.per / rate.count

    def worked(self) -> None:
        """It answered for a message."""
        if not self._ever or self._failures:
            self._ever, self._failures, self._failing_since = True, 0, None
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
        self._paused_until = max(self._paused_until, self._failed_at + pause)
        self._on_event(RelayTrouble(self.relay.name, error, pause))
        self._wake()

    def slow(self, reply: Reply, began: float) -> None:
        """It asked for less: half the connections, or (4.7.28) a long pause and then one."""
        if began < self._slowed_at:
            return
        limited = reply.enhanced == RATE_LIMITED
        pause = self._policy.rate_limit_pause if limited else 0.0
        self._allowed = 1 if limited else max(self.capacity // 2, 1)
        self._paused_until = max(self._paused_until, now() + pause)
        self._slowed_at = now() + pause
        self._on_event(Slowed(self.relay.name, self._allowed, pause, reply))
        self._wake()

    def _wake(self) -> None:
        """Everybody who waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()


def now() -> float:
    """The loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
