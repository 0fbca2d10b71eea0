"""How often forms may come from where: counted for a minute and an hour, in this process's memory."""

import ipaddress
import math
import time
from collections.abc import Iterator

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

ONE_ORIGIN = (RateLimitItemPerMinute(10), RateLimitItemPerHour(60))
ONE_NETWORK = (RateLimitItemPerMinute(30), RateLimitItemPerHour(300))
ONE_PROVIDER = (RateLimitItemPerMinute(90), RateLimitItemPerHour(900))
NETWORKS = {4: ((32, ONE_ORIGIN), (24, ONE_NETWORK)), 6: ((64, ONE_ORIGIN), (56, ONE_NETWORK), (48, ONE_PROVIDER))}
"""By the version of the internet protocol: how many bits are one origin, and what may come from there. With version 6
every connection has 64 bits of its own to choose from, and a home or an office at least 56."""
MOST_COUNTED = 10_000
"""Submissions after which counting begins anew: so the memory is bounded, whoever asks from however many places. A
single origin is far from that many."""


class Limits:
    """Counts submissions; belongs to one event loop."""

    def __init__(self) -> None:
        self._begin_anew()

    def take(self, origin: str) -> int:
        """Counts a submission from this network address; returns 0, or in how many seconds it may come again.

        One that may not come does not count.
        """
        rules = list(rules_for(origin))
        waits = [self._wait(item, network) for item, network in rules if not self._limiter.test(item, network)]
        if waits:
            return max(1, math.ceil(max(waits)))
        if self._counted >= MOST_COUNTED:
            self._begin_anew()
        for item, network in rules:
            self._limiter.hit(item, network)
        self._counted += 1
        return 0

    def _begin_anew(self) -> None:
        self._limiter, self._counted = MovingWindowRateLimiter(MemoryStorage()), 0

    def _wait(self, item: RateLimitItem, network: str) -> float:
        return self._limiter.get_window_stats(item, network).reset_time - time.time()


def rules_for(origin: str) -> Iterator[tuple[RateLimitItem, str]]:
    """Every limit that a network address comes under, with what it is counted for.

    A version 4 address inside a version 6 one is a version 4 address. What is no address, as a proxy may send it, is
    counted together.
    """
    try:
        address = ipaddress.ip_address(origin.partition("%")[0])
    except ValueError:
        yield from ((item, "unknown") for item in ONE_ORIGIN)
        return
    address = getattr(address, "ipv4_mapped", None) or address
    for bits, items in NETWORKS[address.version]:
        network = str(ipaddress.ip_network((address, bits), strict=False))
        yield from ((item, network) for item in items)
