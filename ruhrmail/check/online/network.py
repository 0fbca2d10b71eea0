"""The network as rules see it: asked from plain functions, each question once in a run."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

import httpcore

from ruhrmail import __version__
from ruhrmail.check.online.dial import Dialer
from ruhrmail.check.online.fetch import Fetcher
from ruhrmail.check.online.hosts import AT_ONCE, Hosts
from ruhrmail.check.online.walk import Visit, Walker, walk_until
from ruhrmail.config import Config
from ruhrmail.config.check import OnlineSettings
from ruhrmail.dns.outward import OutwardNames
from ruhrmail.names import Answer, Kind, Names


class Network:
    """Visits links and asks for names, for all issues of a run; together no longer than `total` seconds.

    `keys` holds, by selector, the DKIM records that our private keys ask for. Not for several threads.
    """

    def __init__(self, config: Config, keys: Mapping[str, str]) -> None:
        self.settings = config.settings.check.online
        self.keys = keys
        self.runner = asyncio.Runner()
        self.names = OutwardNames(
            config.resolver, self.settings.timeout / 2
        )  # so that a request can tell who was silent
        self.pool = open_pool(self.names, self.settings)
        headers = {"User-Agent": f"ruhrmail/{__version__} (link check; +{config.url})", "Accept": "*/*"}
        self.walker = Walker(Fetcher(self.pool, headers, self.settings.timeout), Hosts(), self.is_skipped)
        self.visits: dict[str, Visit] = {}
        self.answers: dict[tuple[str, Kind], Answer] = {}
        self.deadline: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self.runner:
            self.runner.run(self.pool.aclose())

    def visit(self, urls: Iterable[str]) -> dict[str, Visit]:
        """What comes of links, by address. One that differs only behind `#` is the same."""
        pages = {url: url.partition("#")[0] for url in urls}
        new = sorted(set(pages.values()) - self.visits.keys())
        if new:
            self.visits.update(self.runner.run(self.visit_all(new)))
        return {url: self.visits[page] for url, page in pages.items()}

    async def visit_all(self, urls: list[str]) -> dict[str, Visit]:
        """All of them at once, as far as manners allow."""
        deadline = self.last_moment()
        found = await asyncio.gather(*(walk_until(self.walker, url, deadline) for url in urls))
        return dict(zip(urls, found, strict=True))

    def ask(self, name: str, kind: Kind) -> Answer:
        """What the domain name system says."""
        self.foresee([(name, kind)])
        return self.answers[name.lower(), kind]

    def foresee(self, questions: Iterable[tuple[str, Kind]]) -> None:
        """Asks at once what will be asked one after the other."""
        new = sorted({(name.lower(), kind) for name, kind in questions} - self.answers.keys())
        if new:
            self.answers.update(zip(new, self.runner.run(self.ask_all(new)), strict=True))

    async def ask_all(self, questions: list[tuple[str, Kind]]) -> list[Answer]:
        """All answers, in the order of the questions."""
        turns, deadline = asyncio.Semaphore(AT_ONCE), self.last_moment()

        async def ask(name: str, kind: Kind) -> Answer:
            try:
                async with asyncio.timeout_at(deadline), turns:
                    return await self.names.ask(name, kind)
            except TimeoutError:
                return Answer("failed", reason="timeout")

        return await asyncio.gather(*(ask(name, kind) for name, kind in questions))

    def last_moment(self) -> float:
        """When the loop's clock ends all questions; it begins with the first."""
        if self.deadline is None:
            self.deadline = asyncio.get_running_loop().time() + self.settings.total
        return self.deadline

    def is_skipped(self, host: str) -> bool:
        """True for a host that the settings leave out, and those below it."""
        return any(host == one or host.endswith(f".{one}") for one in self.settings.skip)


def open_pool(names: Names, settings: OnlineSettings) -> httpcore.AsyncConnectionPool:
    """Connections, encrypted ones only with a certificate that is trusted; nothing is tried twice behind our back."""
    return httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(),
        network_backend=Dialer(names, settings.allow),
        max_connections=64,
        max_keepalive_connections=32,
        keepalive_expiry=5.0,
        retries=0,
    )
