"""A connection at work: asks for letters while it has room, and passes on what became of them."""

import asyncio
from typing import TYPE_CHECKING

from ruhrmail.deliver.connection import Connection, Letter, Stage
from ruhrmail.deliver.lane import Lane, now
from ruhrmail.model.mail import Attempt, Outcome, Reply

if TYPE_CHECKING:
    from ruhrmail.deliver.desk import Desk


class Line:
    """Number `index` of its lane. `news` is set when whoever keeps it should look whether it is of any more use.

    `worn`: the relay ended it over a letter that it had not answered for. `told`: it heard of any letter at all.
    """

    def __init__(self, desk: "Desk", lane: Lane, index: int, connection: Connection) -> None:
        self.lane = lane
        self.connection = connection
        self.news = asyncio.Event()
        self.idle_since = now()
        self.worn = False
        self.told = False
        self.closed = False
        self.last: Reply | None = None
        self._desk = desk
        self._index = index
        self._asked = 0
        self._offered = 0
        connection.listen(self)

    @property
    def welcome(self) -> bool:
        """True while it may ask for another letter."""
        return (
            self.takes
            and self._offered < self.lane.per_connection
            and self._index < self.lane.capacity
            and not self._desk.over
        )

    @property
    def takes(self) -> bool:
        """True while a letter that it asked for can be handed to it."""
        return not self.closed and self.connection.usable

    def ask(self) -> None:
        """Asks for as many letters as it has room for."""
        left = self.lane.per_connection - self._offered
        while self._asked < min(self.connection.room, left) and self.welcome:
            self._asked += 1
            self._desk.ask(self)

    def drop_ask(self) -> None:
        """An ask that led to no letter."""
        self._asked -= 1

    def hand(self, letter: Letter) -> None:
        """The letter that it asked for."""
        self._asked -= 1
        self._offered += 1
        self.connection.offer(letter)

    def done(self, letter: Letter, attempt: Attempt, stage: Stage) -> None:
        """What became of a letter."""
        self.told = True
        self.last = attempt.reply or self.last
        self.worn = self.worn or (attempt.outcome is Outcome.RETURNED and stage in ("mail", "wait"))
        self._desk.settle(self, letter, attempt, stage)
        self.ask()
        if self.connection.idle:
            self.idle_since = now()
            if not self.welcome:
                self.news.set()

    def more_coming(self) -> bool:
        """Whether a letter that it asked for may still come in this or the next turn."""
        if not self._asked or self._desk.over:
            return False
        self._desk.hold(self)
        return True

    def ended(self) -> None:
        """The connection is of no more use."""
        self.news.set()
