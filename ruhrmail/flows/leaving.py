"""The way out: a token from a mail to a suppression."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from ruhrmail.errors import StoreError
from ruhrmail.flows.links import link_for, read_link
from ruhrmail.flows.machine import Machine
from ruhrmail.model.phrase import phrase
from ruhrmail.model.public import Leaving, Left
from ruhrmail.store import Departure, Leaver, Store, depart, subscriber_by_token_id, suppression
from ruhrmail.tokens import Keyring, Purpose, Token

AT_ONCE = 256
"""How many leave in one transaction at most: some milliseconds of work."""
WAITING = 10_000
"""How many may wait for theirs, while somebody else holds the store."""

Asked = tuple[Departure, asyncio.Future[Leaver | None]]


def look_up_leaving(store: Store, keyring: Keyring, link: str) -> Leaving | None:
    """Whose unsubscribe token it is, without changing anything; None when it is nobody's. Raises StoreError."""
    token = read_link(store, keyring, link, Purpose.UNSUBSCRIBE)
    if token is None:
        return None
    found = subscriber_by_token_id(store, token.subscriber)
    if found is None:
        return Leaving("", gone=True)
    person = found[1]
    gone = suppression(store, person.key) is not None
    choices = link_for(store, keyring, token.subscriber, number=token.mailing)
    return Leaving(hide(person.email), gone, person.language, "" if gone else choices)


def leave(store: Store, keyring: Keyring, machine: Machine, link: str) -> Left | None:
    """Takes the token's owner off the list, durably before it returns; None when it is no token of ours.

    Again and again the same answer. Raises StoreError.
    """
    token = read_link(store, keyring, link, Purpose.UNSUBSCRIBE)
    return None if token is None else left_by(depart(store, [departure_of(token)], machine.now())[0])


class Exit:
    """Takes the owners of tokens off the list; whoever leaves while a transaction is under way shares the next one.

    Belongs to one event loop. Leave the block after the loop has ended: what was begun is finished.
    """

    def __init__(self, store: Store, keyring: Keyring, machine: Machine) -> None:
        self._store, self._keyring, self._machine = store, keyring, machine
        self._waiting: list[Asked] = []
        self._writing: asyncio.Task[None] | None = None
        self._pen = ThreadPoolExecutor(1, "leaving")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pen.shutdown()

    async def leave(self, link: str) -> Left | None:
        """The same as the function of that name, without keeping the loop. Raises StoreError."""
        token = read_link(self._store, self._keyring, link, Purpose.UNSUBSCRIBE)
        if token is None:
            return None
        if len(self._waiting) >= WAITING:
            raise StoreError(phrase("too many wait for the store"))
        done: asyncio.Future[Leaver | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((departure_of(token), done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return left_by(await done)

    async def _write(self) -> None:
        """Transactions, one after the other, until nobody waits."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                try:
                    found = await loop.run_in_executor(self._pen, self._depart, [one for one, _ in batch])
                except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                    found = [error] * len(batch)
                tell(batch, found)
        finally:
            self._writing = None

    def _depart(self, departures: Sequence[Departure]) -> list[Leaver | Exception | None]:
        """What became of each: a store in trouble is everybody's trouble, any other failure only its own."""
        now = self._machine.now()
        try:
            return [*depart(self._store, departures, now)]
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - it is handed to whoever it concerns
            if len(departures) == 1:
                return [error]
        return [each for one in departures for each in self._depart([one])]


def tell(batch: Sequence[Asked], found: Sequence[Leaver | Exception | None]) -> None:
    """Wakes everybody who waits for a transaction that is over; some may have given up."""
    for (_, done), result in zip(batch, found, strict=True):
        if done.done():
            continue
        if isinstance(result, Exception):
            done.set_exception(result)
        else:
            done.set_result(result)


def departure_of(token: Token) -> Departure:
    """What the store is told when a token is used."""
    return Departure(token.subscriber, token.mailing)


def left_by(leaver: Leaver | None) -> Left:
    """What whoever leaves is told."""
    return Left(known=False) if leaver is None else Left(leaver.language)


def hide(email: str) -> str:
    """An address as a page may show it: `l…@newsletter.example`."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
