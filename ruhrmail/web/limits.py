"""How often forms may come from where: counted over a moving minute and hour, in this process's memory."""

import ipaddress
import math
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Most:
    """How many submissions may come within a minute, and within an hour."""

    a_minute: int
    an_hour: int


ONE_ORIGIN, ONE_NETWORK, ONE_PROVIDER = Most(10, 300), Most(30, 900), Most(90, 2700)
NETWORKS = {4: ((32, ONE_ORIGIN), (24, ONE_NETWORK)), 6: ((64, ONE_ORIGIN), (56, ONE_NETWORK), (48, ONE_PROVIDER))}
"""By the version of the internet protocol: how many bits are one origin, and what may come from there. With version 6
every connection has 64 bits of its own to choose from, and a home or an office at least 56."""
MOST_NETWORKS = 50_000
"""Those that were not heard of for longest are forgotten: so the memory is bounded, whoever asks from wherever."""


@dataclass(slots=True)
class Limits:
    """Counts submissions, for one event loop. `clock` gives seconds that never jump."""

    clock: Callable[[], float] = time.monotonic
    most_networks: int = MOST_NETWORKS
    times: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)
    """When submissions came from a network, within the last hour, in their order; the one heard of last comes last."""

    def take(self, origin: str) -> int:
        """Counts a submission from this network address; returns 0, or in how many seconds it may come again.

        One that may not come does not count.
        """
        now, rules = self.clock(), list(rules_for(origin))
        wait = max(self.wait(network, most, now) for network, most in rules)
        if wait > 0:
            return max(1, math.ceil(wait))
        for network, _ in rules:
            self.count(network, now)
        return 0

    def wait(self, network: str, most: Most, now: float) -> float:
        """In how many seconds one more may come from a network; at most 0 for now."""
        times = self.times.get(network, [])
        spans = ((most.a_minute, MINUTE), (most.an_hour, HOUR))
        return max((times[-count] + span - now for count, span in spans if len(times) >= count), default=0)

    def count(self, network: str, now: float) -> None:
        """Notes that one came, and forgets networks of which none came for an hour."""
        times = self.times.setdefault(network, [])
        del times[: bisect_right(times, now - HOUR)]
        times.append(now)
        self.times.move_to_end(network)
        while len(self.times) > self.most_networks or next(iter(self.times.values()))[-1] <= now - HOUR:
            self.times.popitem(last=False)


def rules_for(origin: str) -> Iterator[tuple[str, Most]]:
    """Every network that an address belongs to, with what may come from there.

    A version 4 address inside a version 6 one is a version 4 address. What is no address, as a proxy may send it, is
    counted together.
    """
    try:
        address = ipaddress.ip_address(origin.partition("%")[0])
    except ValueError:
        yield "unknown", ONE_ORIGIN
        return
    address = getattr(address, "ipv4_mapped", None) or address
    for bits, most in NETWORKS[address.version]:
        yield str(ipaddress.ip_network((address, bits), strict=False)), most
