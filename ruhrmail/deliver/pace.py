"""How soon the next message may leave under several rates at once; all times in seconds of the loop's clock."""

from collections import deque
from collections.abc import Sequence

from ruhrmail.config import Rate

WINDOW = 3600.0
"""Rates over at least this long count messages in a sliding window; shorter ones space them out evenly."""
PARTS = 60
TOLERANCE = 0.01
"""How much earlier than its slot a message may leave where slots are closer than that: who looks a hundred times a
second still reaches 5,000/s."""
LATE = 0.1
"""Seconds by which slots may be used late and none is lost: a commit is waited for in between, and the next slots make
up for it."""


class Slots:
    """One message every `per / count` seconds, and no more than `count` in any `per`."""

    def __init__(self, rate: Rate) -> None:
        self._gap = rate.per / rate.count
        self._early = max(TOLERANCE - self._gap, 0.0)
        self._next = 0.0
        self._per = rate.per
        self._last: deque[float] = deque(maxlen=max(int(rate.count), 1))

    def wait(self, now: float) -> float:
        """Seconds until a message may leave."""
        full = self._last[0] + self._per if len(self._last) == self._last.maxlen else 0.0
        return max(self._next - self._early - now, full - now, 0.0)

    def use(self, now: float, count: int = 1) -> None:
        """Messages leave."""
        begin = self._next if now - self._next < LATE else now
        self._next = begin + count * self._gap
        self._last.extend([now] * count)


class Window:
    """At most `count` messages in any `per` seconds, whenever in them."""

    def __init__(self, rate: Rate) -> None:
        self._count = rate.count
        self._per = rate.per
        self._part = rate.per / PARTS
        self._parts: deque[tuple[float, int]] = deque()
        self._total = 0

    def wait(self, now: float) -> float:
        """Seconds until a message may leave."""
        while self._parts and self._parts[0][0] <= now:
            self._total -= self._parts.popleft()[1]
        return self._parts[0][0] - now if self._parts and self._total >= self._count else 0.0

    def use(self, now: float, count: int = 1) -> None:
        """Messages leave; they are forgotten when their whole part of the window is over."""
        ends = now + self._per + self._part
        if self._parts and self._parts[-1][0] > ends - self._part:
            last, so_far = self._parts.pop()
            self._parts.append((last, so_far + count))
        else:
            self._parts.append((ends, count))
        self._total += count


class Pace:
    """Several rates that hold all at once; none: no limit."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        self._limits = [Window(rate) if rate.per >= WINDOW else Slots(rate) for rate in rates]
        self._gap = max((rate.per / rate.count for rate in rates if rate.per < WINDOW), default=0.0)

    @property
    def gap(self) -> float:
        """Seconds between two messages while no window is full; 0 where nothing spaces them out."""
        return self._gap

    def wait(self, now: float) -> float:
        """Seconds until a message may leave."""
        return max((limit.wait(now) for limit in self._limits), default=0.0)

    def use(self, now: float) -> None:
        """A message leaves now."""
        for limit in self._limits:
            limit.use(now)

    def remember(self, at: float, count: int) -> None:
        """What left before this run, oldest first, and when (on the same clock)."""
        for limit in self._limits:
            if isinstance(limit, Window):
                limit.use(at, count)
