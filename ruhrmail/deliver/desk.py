"""Hands claims to connections that have room. One commit at a time writes what became of the last and what leaves next.

While a commit runs in its thread, asks and results gather for the next one: the more connections, the larger the
batches. Nothing is handed to a connection before its intent is durable; when the ledger fails, nothing is any more.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from ruhrmail.deliver.backlog import Backlog
from ruhrmail.deliver.commits import Commits, Written
from ruhrmail.deliver.connection import Letter, Stage
from ruhrmail.deliver.dialers import Dialers
from ruhrmail.deliver.events import Tried, Waiting, Working
from ruhrmail.deliver.lane import Lane, now
from ruhrmail.deliver.ledger import Ledger
from ruhrmail.deliver.line import Line
from ruhrmail.deliver.maker import Made, Maker
from ruhrmail.deliver.policy import asks_for_less, result_of
from ruhrmail.deliver.run import Run
from ruhrmail.deliver.stop import rest
from ruhrmail.deliver.turns import Pick, pick
from ruhrmail.deliver.wire import TurnedAway
from ruhrmail.errors import RelayError, RuhrmailError, StoreError
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome

NO_MESSAGE = Message(Envelope("", ""), b"", "")
"""Stands where a message could not be made."""
BETWEEN_TELLING = 1.0
GATHER = 0.001
"""Seconds that a commit waits for company after another; a commit costs as much as twenty of its rows."""
OF_ONE_DOMAIN: tuple[Stage, ...] = ("rcpt", "data", "dot")
TRIES = 2


class Desk:
    """One per run. Everything but the ledger's calls and the making of messages happens in the loop's thread."""

    def __init__(self, run: Run, ledger: Ledger, lanes: Sequence[Lane]) -> None:
        self._run = run
        self._commits = Commits(ledger, run.clock)
        self._lanes = lanes
        self._backlog = Backlog(run.clock, lanes, run.domains)
        self._results: list[Result] = []
        self._out: dict[int, tuple[str, Lane]] = {}
        self._closing = self._busy = False
        self._holding: list[Line] = []
        self._dialers = Dialers()
        self._maker = Maker(run)
        self._told_at = 0.0
        self._wake = asyncio.Event()

    @property
    def over(self) -> bool:
        """True when nothing new may begin."""
        return self._closing or self._run.over.is_set()

    def ask(self, line: Line) -> None:
        """A line has room for one more letter."""
        line.lane.asks.append(line)
        self._wake.set()

    def hold(self, line: Line) -> None:
        """A line holds a body until the letter comes that it asked for, or none does."""
        self._holding.append(line)
        self._wake.set()

    async def wait_for_work(self, lane: Lane) -> bool:
        """Until a new connection of that lane would have something to do; False when the run is over.

        Call `arrived` when the connection stands, or could not be made.
        """
        self._wake.set()
        await self._dialers.wait(lane)
        return not self.over

    def arrived(self, lane: Lane) -> None:
        """A connection that was waited for stands now, or never will."""
        self._dialers.arrived(lane)

    async def work(self) -> None:
        """Until closed. Raises whatever the ledger raises."""
        while not self._closing:
            self._wake.clear()
            if not await self._turn() and not self._wake.is_set():
                await self._pause()

    async def close(self) -> None:
        """Writes what is left to write, and gives back what was not begun; `work` must have been told to end."""
        await self._maker.close()
        if not self._commits.broken:
            self._results += self._backlog.empty()
            await self._write((), 0)
        self._commits.close()

    def end(self) -> None:
        """Lets `work` return after its turn."""
        self._closing = True
        self._wake.set()

    async def _turn(self) -> bool:
        """One commit and what follows from it; False when there was nothing to do."""
        await asyncio.sleep(GATHER if self._busy else 0)  # whoever is ready meanwhile joins the batch
        at = now()
        holding, self._holding = self._holding, []
        picks = [] if self.over else pick(self._lanes, self._backlog, self._run.domains, at)
        if not self.over:
            self._results += self._backlog.put_off(at)
        wanted = 0 if self.over else self._backlog.wanted(at)
        self._busy = busy = bool(picks or self._results or wanted)
        if busy:
            written = await self._write([one.claim for one in picks], wanted)
            if wanted:
                self._backlog.receive(written.claims, written.due, now())
            for one in picks:
                self._hand_out(one, written.answers.get(one.claim.delivery, Intent.LOST))
        for line in holding:
            line.connection.release()
        self._let_dial()
        self._tell()
        if not busy:
            self._consider_end()
        return busy

    async def _write(self, claims: Sequence[Claim], wanted: int) -> Written:
        """One commit of all that became known."""
        results, self._results = self._results, []
        return await self._commits.write(results, claims, wanted)

    def _hand_out(self, one: Pick, intent: Intent) -> None:
        """The message of a granted claim to the line that asked."""
        self._out[one.claim.delivery] = (one.domain, one.line.lane)
        if intent is Intent.GRANTED:
            self._maker.make(one.claim, partial(self._pass_on, one))
            return
        self._release(one.claim)
        if intent is Intent.SUPPRESSED:
            self._run.count(Attempt(Outcome.SUPPRESSED, one.line.lane.relay.name))
        one.line.drop_ask()
        one.line.ask()

    def _pass_on(self, one: Pick, made: Made) -> None:
        """A made message to its line. One that cannot be made is this recipient's failure alone, unless it is ours."""
        relay = one.line.lane.relay.name
        if isinstance(made, Message) and not self.over and one.line.takes:
            one.line.hand(Letter(made, one.claim, now()))
            return
        attempt = Attempt(Outcome.RETURNED, relay)
        if isinstance(made, (RuhrmailError, ValueError)) and not isinstance(made, StoreError):
            attempt = Attempt(Outcome.FAILED, relay, text=str(made))
        elif isinstance(made, Exception):
            self._run.fail(made)
        one.line.drop_ask()
        self.settle(one.line, Letter(NO_MESSAGE, one.claim, now()), attempt, "wait")
        one.line.ask()

    def settle(self, line: Line, letter: Letter, attempt: Attempt, stage: Stage) -> None:
        """What became of a letter: for the ledger, the figures, the relay and its receiving domain."""
        claim, lane = letter.claim, line.lane
        assert claim is not None
        domain = self._release(claim)
        if lane.holds_back(domain) or self._run.domains.limit_of(domain) is not None:
            self._backlog.took(domain, now())
        if attempt.outcome is Outcome.RETURNED and stage == "mail":
            attempt = self._count_return(claim, attempt, lane)
        result = result_of(claim, attempt, self._run.clock(), self._run.policy.retry)
        self._results.append(result)
        self._run.count(result.attempt)
        if self._run.policy.tell_attempts and attempt.outcome is not Outcome.RETURNED:
            self._run.on_event(Tried(claim, result.attempt, result.at, now() - letter.began))
        if attempt.outcome in (Outcome.RETURNED, Outcome.DEFERRED):
            self._backlog.stir()
        if attempt.reply is not None and asks_for_less(attempt.reply):
            lane.slow(attempt.reply, letter.began, domain if stage in OF_ONE_DOMAIN else "")
        if line.connection.carried:
            lane.worked()
        self._wake.set()

    def _count_return(self, claim: Claim, attempt: Attempt, lane: Lane) -> Attempt:
        """A connection that ends over the same envelope again and again, while others pass, ends because of it."""
        if self.over or self._backlog.came_back(claim) < TRIES or not lane.ever_worked:
            return attempt
        return replace(attempt, outcome=Outcome.DEFERRED, text=attempt.text or "connection lost")

    def give_back(self, line: Line, letters: Iterable[Letter]) -> None:
        """Letters of a connection that was dropped, of which nothing left."""
        for letter in letters:
            self.settle(line, letter, Attempt(Outcome.RETURNED, line.lane.relay.name), "wait")

    def _release(self, claim: Claim) -> str:
        """A claim that is out no more; tells its receiving domain."""
        domain, lane = self._out.pop(claim.delivery)
        lane.release(domain)
        self._run.domains.release(domain)
        return domain

    def relay_failed(self, lane: Lane, error: RelayError, began: float) -> None:
        """Ends the run with the error when no relay is left to hope for."""
        if lane.connected and not isinstance(error, TurnedAway):
            lane.crowded(error, began)
            return
        lane.failed(error, began)
        if all(one.hopeless for one in self._lanes):
            self._run.error = error
            self._run.over.set()

    def _let_dial(self) -> None:
        """New connections, as far as there are claims that no open one could take."""
        if self.over:
            self._dialers.admit_all()
            return
        stock, at = self._backlog.stock, now()
        self._dialers.admit(len(stock), lambda lane: not lane.asks and stock.offers(self._backlog.admission(lane, at)))

    def _tell(self) -> None:
        """How many connections there are, now and then."""
        if (at := now()) - self._told_at >= BETWEEN_TELLING:
            self._told_at = at
            self._run.on_event(Working({lane.relay.name: lane.connected for lane in self._lanes}))

    def _consider_end(self) -> None:
        """Ends the run when nobody is left, or says until when nobody is."""
        backlog = self._backlog
        if self.over or self._out or len(backlog.stock) or not backlog.dry:
            return
        if backlog.due is None:
            self._run.over.set()
            self._wake.set()
        else:
            self._run.tell_waiting(Waiting(backlog.due))

    async def _pause(self) -> None:
        """Until somebody asks, answers or ends the run, or a limit allows more."""
        at = now()
        seconds = self._backlog.wait(at)
        if len(self._backlog.stock):
            waits = [wait for lane in self._lanes if lane.asks and (wait := lane.wait_for_message(at))]
            seconds = min([seconds, *waits])
        if self._run.over.is_set():
            self._let_dial()
            await rest(seconds, self._wake)
        else:
            await rest(seconds, self._wake, self._run.over)
