"""The seam between a run and whatever takes mail: message to attempt."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Attempt, Message

Intend = Callable[[], Awaitable[Intent]]
"""Records the intent; it must be granted and durable before a message may leave."""


class Connection(Protocol):
    """An open way to one relay, for one message at a time."""

    @property
    def usable(self) -> bool:
        """False when the next message needs a new connection."""

    @property
    def carried(self) -> int:
        """How many messages got a final answer over it."""

    async def deliver(self, message: Message, intend: Intend) -> Attempt:
        """One message to its attempt. Raises RelayError when the relay takes no mail from us at all."""

    async def quit(self) -> None:
        """Ends it politely; never raises."""

    def close(self) -> None:
        """Ends it at once."""
