"""From a link along its redirects to the end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ruhrmail.check.online.fetch import Failure, Fetcher, Method, Reply
from ruhrmail.check.online.hosts import MOST_WAIT, PAUSE, TOO_MANY, Hosts, pause_after
from ruhrmail.check.online.target import Target, follow, read_target

Outcome = Literal[
    "fine", "skipped", "no-address", "gone", "no-host", "circle", "too-many", "no-web",
    "private", "certificate", "silent", "untold", "late",
]  # fmt: skip
"""How a visit ended. `gone`: 404 or 410; `circle`, `too-many`, `no-web`: redirects without an end, or out of the web;
`silent`: no connection or no proper answer; `untold`: an answer that says nothing of the page; `late`: no time left."""
METHODS: tuple[Method, ...] = ("HEAD", "GET", "GET")
PERMANENT, REDIRECTS, GONE = (301, 308), (301, 302, 303, 307, 308), (404, 410)
BUSY = (TOO_MANY, 503)
MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a link.

    `status` of the last answer, 0 without one; `detail` of a failure. `moved`: the address that permanent redirects
    name from the start on. `insecure`: where https was left for http. `last`: the address that was asked last; `hops`
    the number of redirects.
    """

    outcome: Outcome
    status: int = 0
    detail: str = ""
    moved: str = ""
    insecure: str = ""
    last: str = ""
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """A visit under way: where it goes next, where it was; `steady` while all redirects so far are permanent."""

    target: Target
    visit: Visit
    seen: frozenset[str] = frozenset()
    cookies: bool = False
    steady: bool = True


class Walker:
    """Visits links; `is_skipped` names hosts that are never asked."""

    def __init__(self, fetcher: Fetcher, hosts: Hosts, is_skipped: Callable[[str], bool]) -> None:
        self.fetcher = fetcher
        self.hosts = hosts
        self.is_skipped = is_skipped

    async def walk(self, url: str) -> Visit:
        """What comes of a link."""
        try:
            target = read_target(url)
        except ValueError:
            return Visit("no-address", last=url)
        step: Trail | Visit = Trail(target, Visit("fine", last=target.url))
        while isinstance(step, Trail):
            step = await self.go_on(step)
        return step

    async def go_on(self, trail: Trail) -> Trail | Visit:
        """One request further, or what came of it all."""
        target, visit = trail.target, trail.visit
        if self.is_skipped(target.host):
            return replace(visit, outcome="skipped")
        reply = await self.knock(target)
        if isinstance(reply, Failure):
            return replace(visit, outcome=outcome_of(reply), detail=reply.detail or reply.trouble)
        visit = replace(visit, status=reply.status)
        if reply.status not in REDIRECTS or not reply.location:
            return replace(visit, outcome=judge(reply))
        try:
            following = follow(target, reply.location)
        except ValueError:
            return replace(visit, outcome="no-web")
        return extend(trail, reply, following)

    async def knock(self, target: Target) -> Reply | Failure:
        """The answer of a host: to HEAD, where that is refused to GET, and once more where it asks us to wait."""
        reply: Reply | Failure = Failure("broken")
        for method in METHODS:
            async with self.hosts.turn(target):
                known = self.hosts.known(target)
                if known is not None:
                    return known
                reply = await self.fetcher.fetch(method, target)
                self.hosts.note(target, reply)
            pause = wait_for(reply, method)
            if pause is None:
                break
            self.hosts.rest(target, pause)
        return reply


def wait_for(reply: Reply | Failure, method: Method) -> float | None:
    """Seconds until the next try, 0 for at once, None where this answer holds."""
    if isinstance(reply, Failure):
        again = method == "HEAD" and reply.trouble in ("refused", "timeout", "broken", "names")
        return PAUSE if again else None
    if reply.status in BUSY:
        wait = pause_after(reply)
        return wait if wait <= MOST_WAIT and (method == "HEAD" or reply.wait is not None) else None
    return 0.0 if method == "HEAD" and reply.status >= 400 else None


def extend(trail: Trail, reply: Reply, following: Target) -> Trail | Visit:
    """A trail with one redirect more; its end where it goes in a circle, or on and on. Where a site hands out cookies
    on the way, a browser might get through."""
    steady, cookies = trail.steady and reply.status in PERMANENT, trail.cookies or reply.cookie
    down = (trail.target.scheme, following.scheme) == ("https", "http")
    visit = replace(
        trail.visit,
        status=reply.status,
        hops=trail.visit.hops + 1,
        last=following.url,
        moved=following.url if steady else trail.visit.moved,
        insecure=trail.visit.insecure or (following.url if down else ""),
    )
    seen = trail.seen | {trail.target.url}
    if following.url in seen or visit.hops > MOST_REDIRECTS:
        endless: Outcome = "circle" if following.url in seen else "too-many"
        return replace(visit, outcome="untold" if cookies else endless)
    return Trail(following, visit, seen, cookies, steady)


def judge(reply: Reply) -> Outcome:
    """What the last answer says of a page. Walls against programs (401, 403, 405, 429, 999) and a server's own trouble
    (5xx) say nothing of it."""
    if reply.status in GONE:
        return "gone"
    return "fine" if 200 <= reply.status < 300 else "untold"


def outcome_of(failure: Failure) -> Outcome:
    """How a visit ends without an answer."""
    if failure.trouble == "no-name":
        return "no-host"
    if failure.trouble in ("private", "certificate"):
        return failure.trouble
    return "untold" if failure.trouble == "names" else "silent"


async def walk_until(walker: Walker, url: str, deadline: float) -> Visit:
    """A visit that ends when the loop's clock says `deadline`."""
    try:
        async with asyncio.timeout_at(deadline):
            return await walker.walk(url)
    except TimeoutError:
        return Visit("late", last=url)
