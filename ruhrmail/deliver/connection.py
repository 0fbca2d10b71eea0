"""The seam between a run and whatever takes mail: letters in, attempts out."""

import asyncio
from dataclasses import dataclass
from typing import Literal, Protocol

from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Attempt, Message, Outcome

Stage = Literal["wait", "rset", "mail", "rcpt", "data", "dot", "quit"]
"""What a reply answers; `dot` is the body with its end. `wait`: the server had no chance to answer."""


@dataclass(slots=True, eq=False)
class Letter:
    """A message on its way. `claim` is None for one that no ledger knows; `began` is the loop's time in seconds."""

    message: Message
    claim: Claim | None = None
    began: float = 0.0


class Listener(Protocol):
    """Whoever uses a connection; called in the loop's thread."""

    def done(self, letter: Letter, attempt: Attempt, stage: Stage) -> None:
        """What became of a letter, and at which stage that was known."""

    def ended(self) -> None:
        """The connection takes no more letters, and none is left in it."""

    def more_coming(self) -> bool:
        """Whether to hold the body that may leave now until `offer` or `release`: then an envelope travels with it."""


class Connection(Protocol):
    """An open way to one relay."""

    trouble: RelayError | None
    """Why the relay takes no mail from us at all, once it said so."""

    @property
    def carried(self) -> int:
        """How many letters got a final answer over it."""

    @property
    def usable(self) -> bool:
        """False when the next letter needs a new connection."""

    @property
    def room(self) -> int:
        """How many more letters it takes now."""

    @property
    def idle(self) -> bool:
        """True when no letter is in it."""

    def listen(self, listener: Listener) -> None:
        """Says who is told; must come before the first letter."""

    def offer(self, letter: Letter) -> None:
        """Takes a letter whose intent is durable. The listener may be told before this returns."""

    def release(self) -> None:
        """No letter is coming after all: a body that was held leaves."""

    async def quit(self) -> None:
        """Ends it politely once it is idle; never raises."""

    def close(self) -> list[Letter]:
        """Ends it at once, telling nobody; returns the letters of which not a byte of the body left."""


class Ear:
    """Waits for what becomes of a single letter."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Attempt] = asyncio.get_running_loop().create_future()

    def done(self, letter: Letter, attempt: Attempt, stage: Stage) -> None:
        """The answer."""
        if not self.answer.done():
            self.answer.set_result(attempt)

    def ended(self) -> None:
        """Nothing more comes."""

    def more_coming(self) -> bool:
        """There is only this one."""
        return False


async def deliver_one(connection: Connection, message: Message) -> Attempt:
    """One message over an open connection. Raises RelayError when the relay takes no mail from us at all."""
    ear = Ear()
    connection.listen(ear)
    connection.offer(Letter(message))
    attempt = await ear.answer
    if attempt.outcome is Outcome.RETURNED and connection.trouble is not None:
        raise connection.trouble
    return attempt
