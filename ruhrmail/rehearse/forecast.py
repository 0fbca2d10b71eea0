"""How long the real mailing would take, from the times of its rehearsal."""

from collections.abc import Collection
from dataclasses import dataclass

MOST = 0.95


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds from the beginning: until everybody was tried once, until 95 % of those reached have it, until nobody
    waits any more; and how many messages a second were handed over while everybody was tried once."""

    first_tries: float
    most: float
    total: float
    rate: float


def forecast(first_at: Collection[float], taken_at: Collection[float], total: float, scale: float) -> Forecast:
    """From the times (in seconds since the beginning) of a sample's first tries and acceptances.

    Everybody is `scale` times the sample. First tries take time by their number, so that part is stretched; what comes
    after them are gaps and pauses, which do not grow with the list.
    """
    end = max(first_at, default=0.0)

    def stretched(seconds: float) -> float:
        return min(seconds, end) * scale + max(seconds - end, 0.0)

    in_order = sorted(taken_at)
    most = in_order[max(round(len(in_order) * MOST) - 1, 0)] if in_order else 0.0
    early = sum(at <= end for at in in_order)
    return Forecast(stretched(end), stretched(most), stretched(total), early / end if end else 0.0)
