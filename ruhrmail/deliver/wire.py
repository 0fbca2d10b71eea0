"""A conversation on a socket: bytes, time limits, the end of the connection."""

import asyncio

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.answers import Break
from ruhrmail.deliver.connection import Letter, Listener
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.replies import show_reply
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase

GOODBYE = 5.0
MOMENT = 0.1
"""Seconds after a deadline: whoever stood still meanwhile (a laptop asleep) wakes up to it, and may not have read yet
what came in time."""


class TurnedAway(RelayError):
    """The relay takes no mail from this sender, so there is no point in trying again."""


class SmtpConnection(asyncio.Protocol):
    """Takes over an open, greeted and authenticated transport; see `Connection`.

    `trouble` is set when the relay takes no mail from us at all.
    """

    def __init__(self, transport: asyncio.Transport, conversation: Conversation, relay: str, timeout: Timeout) -> None:
        self.trouble: RelayError | None = None
        self._transport = transport
        self._talk = conversation
        self._relay = relay
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._lost = transport.is_closing()
        self._listener: Listener | None = None
        self._deadline = 0.0
        self._watched: object = None
        self._timer: asyncio.TimerHandle | None = None
        self._gone: asyncio.Future[None] = self._loop.create_future()
        transport.set_protocol(self)

    @property
    def carried(self) -> int:
        """How many letters got a final answer over it."""
        return self._talk.carried

    @property
    def usable(self) -> bool:
        """False when the server is gone or has said goodbye."""
        return not (self._lost or self._talk.over)

    @property
    def room(self) -> int:
        """How many more letters it takes now."""
        return self._talk.room if self.usable else 0

    @property
    def idle(self) -> bool:
        """True when no letter is in it."""
        return self._talk.idle

    @property
    def farewell(self) -> Reply | None:
        """What the server said when it closed the connection."""
        return self._talk.farewell

    def listen(self, listener: Listener) -> None:
        """Says who is told."""
        self._listener = listener
        self._talk.more_coming = listener.more_coming

    def offer(self, letter: Letter) -> None:
        """Takes a letter; its envelope leaves at once, or with the body of the one before."""
        self._talk.offer(letter)
        if self._lost or self._transport.is_closing():
            self._talk.break_off("lost")
        self._flush()

    def release(self) -> None:
        """No letter is coming after all: a body that was held leaves."""
        self._talk.release()
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Replies: their attempts are told, and what they allow is written."""
        self._talk.receive(data, self._transport.get_write_buffer_size())
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits learns it."""
        self._lost = True
        if not self._gone.done():
            self._gone.set_result(None)
        self._break("lost")

    def _flush(self) -> None:
        """Writes what is to be said, tells what became of letters, and watches the time."""
        talk, listener = self._talk, self._listener
        if talk.over:
            self._stop_watch()
            self._transport.abort()
        elif output := talk.output():
            self._transport.write(output)
        self._watch()
        if talk.turned_away is not None and self.trouble is None:
            self.trouble = turned_away(self._relay, talk.turned_away)
        if listener is not None:
            for letter, attempt, stage in talk.finished():
                listener.done(letter, attempt, stage)
            if not self.usable and talk.idle:
                self._listener = None
                listener.ended()

    def _watch(self) -> None:
        """Sets the deadline of the next answer; one timer serves many messages."""
        awaited = self._talk.next_answer
        if awaited is self._watched:
            return
        self._watched = awaited
        if awaited is None:
            self._deadline = 0.0
            return
        seconds = self._timeout.dot if awaited[1] == "dot" else self._timeout.command
        self._deadline = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > self._deadline:
            self._stop_watch()
            self._timer = self._loop.call_at(self._deadline, self._look_at_clock)

    def _look_at_clock(self) -> None:
        """The deadline has come, or was put off meanwhile."""
        self._timer = None
        if not self._deadline:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._look_at_clock)
        else:
            self._timer = self._loop.call_later(MOMENT, self._give_up, self._watched)

    def _give_up(self, awaited: object) -> None:
        """The deadline has passed, and what had come by then is read."""
        self._timer = None
        if awaited is self._watched:
            self._break("silent")
        else:
            self._look_at_clock()

    def _stop_watch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _break(self, how: Break) -> None:
        self._talk.break_off(how)
        self._flush()

    def close(self) -> list[Letter]:
        """Ends the connection without a word; returns the letters of which not a byte of the body left."""
        letters = self._talk.abandon()
        self._listener = None
        self._stop_watch()
        self._transport.abort()
        return letters

    async def quit(self) -> None:
        """Says goodbye and closes; waits a few seconds at most."""
        self._listener = None
        if self.usable and self._talk.idle:
            self._talk.say_goodbye()
            self._transport.write(self._talk.output())
            await asyncio.wait([self._gone], timeout=GOODBYE)
        self.close()


def turned_away(relay: str, reply: Reply) -> TurnedAway:
    """The error for that reply."""
    return TurnedAway(
        phrase("the relay {relay} takes no mail from us: {reply}", relay=relay, reply=show_reply(reply)),
        hint=phrase("check the sender address, and whether the relay wants a login"),
    )
