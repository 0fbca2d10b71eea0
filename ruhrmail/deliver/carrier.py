"""One connection's task: wait for work, connect, keep the line while it is of use, hang up, again and again."""

from ruhrmail.deliver.connection import Connection
from ruhrmail.deliver.desk import Desk
from ruhrmail.deliver.dial import connect_unless
from ruhrmail.deliver.lane import Lane, now
from ruhrmail.deliver.line import Line
from ruhrmail.deliver.replies import show_reply
from ruhrmail.deliver.run import Run
from ruhrmail.deliver.stop import rest
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase

IDLE = 5.0
LOOK = 1.0


class Carrier:
    """Connection number `index` of a lane."""

    def __init__(self, run: Run, desk: Desk, lane: Lane, index: int) -> None:
        self._run = run
        self._desk = desk
        self._lane = lane
        self._index = index

    async def work(self) -> None:
        """Until the run is over."""
        over = self._run.over
        while await self._lane.permit(self._index, over) and await self._desk.wait_for_work(self._lane):
            began = now()
            try:
                connection = await self._connect()
                if connection is not None:
                    await self._use(connection)
            except RelayError as error:
                self._desk.relay_failed(self._lane, error, began)

    async def _connect(self) -> Connection | None:
        """A new connection; None when it may not be any more, or the run ended meanwhile. Raises RelayError."""
        try:
            if self._lane.wait_of(self._index) > 0:
                return None
            return await connect_unless(self._run.over, self._lane.relay, self._run.dialling)
        finally:
            self._desk.arrived(self._lane)

    async def _use(self, connection: Connection) -> None:
        """One connection from its beginning to its end. Raises RelayError when the relay could not be used."""
        line = Line(self._desk, self._lane, self._index, connection)
        self._lane.connected += 1
        try:
            line.ask()
            await self._keep(line)
            line.worn = line.worn or not (connection.usable or line.told)
            line.closed = True
            await connection.quit()
        finally:
            line.closed = True
            self._lane.connected -= 1
            self._desk.give_back(line, connection.close())
        if connection.trouble is not None:
            raise connection.trouble
        if not connection.carried and not self._run.over.is_set() and line.worn:
            raise closes_early(self._lane.relay.name, line.last)
        if line.worn:
            self._lane.learn_end(connection.carried)
        else:
            self._lane.outlived(connection.carried)

    async def _keep(self, line: Line) -> None:
        """Until the line is of no more use and no letter is in it."""
        over = self._run.over
        while line.connection.usable:
            if line.connection.idle and (not line.welcome or now() - line.idle_since >= IDLE):
                return
            line.news.clear()
            if over.is_set():
                await rest(LOOK, line.news)
            else:
                await rest(LOOK, line.news, over)
            if line.connection.idle:
                line.ask()


def closes_early(relay: str, reply: Reply | None) -> RelayError:
    """A connection that ended before it carried a single message."""
    if reply is not None:
        return RelayError(phrase("the relay {relay} turns us away: {reply}", relay=relay, reply=show_reply(reply)))
    return RelayError(
        phrase("the relay {relay} closes the connection before it answers for a message", relay=relay),
        hint=phrase("ask the relay's operator; its log tells why"),
    )
