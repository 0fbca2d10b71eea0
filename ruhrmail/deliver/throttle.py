"""Less at once for a while: halved whenever a server asks, one more after every quiet span."""

from ruhrmail.deliver.policy import RATE_LIMITED, Policy
from ruhrmail.model.mail import Reply


class Throttle:
    """How many connections there may be; `full` when nobody asked for less. Times are the loop's, in seconds."""

    def __init__(self, full: int, policy: Policy) -> None:
        self._full = full
        self._policy = policy
        self._allowed = full
        self._slowed_at = 0.0
        self._paused_until = 0.0
        self.holds = False
        """True once anything was ever held back: until then nobody need look at the clock."""

    def capacity(self, now: float) -> int:
        """How many connections it may have now, once the pause is over."""
        regained = int(max(now - self._slowed_at, 0.0) / self._policy.recovery)
        return min(self._allowed + regained, self._full)

    def pause(self, now: float) -> float:
        """Seconds until anything may leave at all."""
        return max(self._paused_until - now, 0.0)

    def until_more(self, now: float) -> float:
        """Seconds until one more connection is allowed."""
        if now < self._slowed_at:
            return self._slowed_at - now
        return self._policy.recovery - (now - self._slowed_at) % self._policy.recovery

    def recovered(self, now: float) -> bool:
        """True when nothing is held back any more."""
        return not self.pause(now) and self.capacity(now) >= self._full

    def slow(self, reply: Reply, now: float, began: float) -> tuple[int, float] | None:
        """Half the connections, or (4.7.28) a long pause and then one. Returns how many, and the pause in seconds.

        None for what began before it slowed down last: twenty connections that hear the same request count once.
        """
        if began < self._slowed_at:
            return None
        limited = reply.enhanced == RATE_LIMITED
        pause = self._policy.rate_limit_pause if limited else 0.0
        self._allowed = 1 if limited else max(self.capacity(now) // 2, 1)
        self.rest(now + pause)
        self._slowed_at = now + pause
        return self._allowed, pause

    def narrow(self, connections: int, now: float, began: float) -> bool:
        """As many connections as there are. False for what began before it was narrowed last."""
        if began < self._slowed_at:
            return False
        self.holds = True
        self._allowed, self._slowed_at = max(connections, 1), now
        return True

    def recovery(self, now: float) -> float:
        """Seconds after the pause until nothing is held back any more, unless it is slowed again."""
        return (self._full - self.capacity(now)) * self._policy.recovery

    def rest(self, until: float) -> None:
        """Nothing leaves before this time."""
        self.holds = True
        self._paused_until = max(self._paused_until, until)
