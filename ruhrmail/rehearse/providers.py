"""How providers treat mail: one row each, after what their servers are known to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import accumulate
from math import inf
from typing import Literal

MINUTE, HOUR = 60.0, 3600.0
DROP = ""
"""In the place of a reply: the connection ends without a word."""

At = Literal["rcpt", "body", "dot", "taken"]


@dataclass(frozen=True, slots=True)
class Whim:
    """What happens to a share of the recipients: the reply, and for how many seconds since their first try.

    With `lasts` 0 only the first try is struck. `body` drops while the text comes, `dot` answers the whole text,
    `taken` takes the message and then drops without saying so.
    """

    at: At
    share: float
    reply: str
    lasts: float = 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of provider.

    `share` is how many of the domains that no profile names are hosted there. A message is answered after `delay`
    seconds, for the share `slow` of recipients after `slow_delay`. Above `rate` messages a second (over `burst` at
    once) it says `limited`, with more than `connections` transactions at once `crowded`, after `per_connection`
    messages over one connection `tired`; 0 is no limit.
    """

    name: str
    domains: tuple[str, ...] = ()
    share: float = 0.0
    whims: tuple[Whim, ...] = ()
    delay: float = 0.0
    slow: float = 0.0
    slow_delay: float = 0.0
    rate: float = 0.0
    burst: float = 0.0
    limited: str = ""
    connections: int = 0
    crowded: str = ""
    per_connection: int = 0
    tired: str = ""


PROFILES = (
    Profile(
        "gmail",
        ("gmail.com", "googlemail.com"),
        share=0.10,
        whims=(
            Whim("rcpt", 0.004, "550 5.1.1 The email account that you tried to reach does not exist", inf),
            Whim("rcpt", 0.002, "452 4.2.2 The recipient's inbox is out of storage space", 2 * HOUR),
        ),
        delay=0.3,
        rate=20,
        burst=200,
        limited="421 4.7.28 Our system has detected an unusual rate of mail from your address",
        connections=10,
        crowded="421 4.7.0 Too many connections from your address, closing connection",
    ),
    Profile(
        "outlook",
        ("outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "msn.com"),
        share=0.30,
        whims=(
            Whim("rcpt", 0.006, "550 5.1.1 Recipient not found", inf),
            Whim("rcpt", 0.02, "451 4.7.500 Server busy, please try again later", 2 * MINUTE),
            Whim("dot", 0.002, "552 5.2.2 Mailbox full", inf),
        ),
        delay=0.6,
        slow=0.1,
        slow_delay=4.0,
        per_connection=100,
        tired="421 4.7.0 Too many messages over this connection, try again later",
    ),
    Profile(
        "gmx",
        ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "email.de", "1und1.de"),
        share=0.10,
        whims=(
            Whim("rcpt", 0.008, "550 5.1.1 Requested action not taken: mailbox unavailable", inf),
            Whim("rcpt", 0.1, "450 4.7.1 Requested mail action not taken: try again later", MINUTE),
        ),
        delay=0.2,
        connections=8,
        crowded="421 4.7.0 Service not available: too many connections",
    ),
    Profile(
        "t-online",
        ("t-online.de", "magenta.de"),
        share=0.05,
        whims=(
            Whim("rcpt", 0.02, "554 The reputation of your address is unknown to us", inf),
            Whim("rcpt", 0.005, "550 5.1.1 user unknown", inf),
        ),
        delay=0.2,
        connections=10,
        crowded="421 4.7.0 Too many connections",
    ),
    Profile(
        "university",
        share=0.10,
        whims=(
            Whim("rcpt", 0.02, "550 5.1.1 User unknown in local recipient table", inf),
            Whim("rcpt", 0.6, "451 4.7.1 Greylisting in action, please come back in 5 minutes", 4 * MINUTE),
            Whim("rcpt", 0.01, "452 4.2.2 Mailbox full", 3 * HOUR),
            Whim("taken", 0.002, DROP),
        ),
        delay=0.5,
        slow=0.1,
        slow_delay=8.0,
    ),
    Profile(
        "company",
        share=0.35,
        whims=(
            Whim("rcpt", 0.015, "550 5.1.1 User unknown", inf),
            Whim("rcpt", 0.2, "451 4.7.1 Greylisted, please try again", MINUTE / 2),
            Whim("rcpt", 0.003, "452 4.2.2 Mailbox full", 3 * HOUR),
            Whim("dot", 0.003, "552 5.2.2 Mailbox full", inf),
            Whim("dot", 0.005, "451 4.3.0 Temporary failure of the content filter"),
            Whim("body", 0.002, DROP),
            Whim("taken", 0.002, DROP),
        ),
        delay=0.4,
        slow=0.05,
        slow_delay=6.0,
    ),
)
CALM = (Profile("calm", share=1.0),)
"""A relay that takes everything at once: what is left is the speed of this machine."""


class Providers:
    """Who hosts which domain; the same for the same seed."""

    def __init__(self, profiles: Sequence[Profile], seed: int) -> None:
        self.profiles = tuple(profiles)
        self._seed = seed
        self._named = {domain: profile for profile in profiles for domain in profile.domains}
        self._hosts = [profile for profile in profiles if profile.share]
        self._bounds = list(accumulate(profile.share for profile in self._hosts))
        self._host_of = cache(self._draw_host)

    def of(self, address: str) -> Profile:
        """Who receives mail for an address."""
        return self._host_of(address.rpartition("@")[2].lower())

    def _draw_host(self, domain: str) -> Profile:
        if domain in self._named:
            return self._named[domain]
        point = draw(self._seed, "host", domain) * self._bounds[-1]
        return next(host for host, bound in zip(self._hosts, self._bounds, strict=True) if point < bound)


def draw(seed: int, *words: object) -> float:
    """A number from 0 to 1 (exclusive), always the same for the same words: chance that does not depend on order."""
    digest = blake2b("\0".join(map(str, (seed, *words))).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / (1 << 48)
