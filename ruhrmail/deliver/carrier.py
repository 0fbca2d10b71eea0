"""One connection's task: claim, connect, merge, deliver, settle, again and again."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ruhrmail.deliver.connection import Connection, Intend
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.events import OnEvent, Progress, Tried, Waiting
from ruhrmail.deliver.journal import Clock, Journal
from ruhrmail.deliver.lane import Lane, now
from ruhrmail.deliver.policy import UNAUTHENTICATED, Policy, asks_for_less, denies_us, result_of
from ruhrmail.deliver.relay import show_reply
from ruhrmail.deliver.tray import Tray
from ruhrmail.errors import RelayError, RuhrmailError, StoreError
from ruhrmail.model.ledger import Claim, Intent
from ruhrmail.model.mail import Attempt, Message, Outcome, Reply
from ruhrmail.model.phrase import Phrase, phrase

MessageOf = Callable[[Claim], Message]
IDLE = 5.0


@dataclass(slots=True)
class Run:
    """What the carriers of one run share."""

    journal: Journal
    tray: Tray
    policy: Policy
    dialling: Dialling
    message_of: MessageOf
    clock: Clock
    on_event: OnEvent
    over: asyncio.Event
    lanes: list[Lane] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    reason: Phrase | None = None
    told: Waiting | None = None
    denials: Counter[str] = field(default_factory=Counter)
    error: RelayError | None = None

    def count(self, attempt: Attempt) -> None:
        """One attempt more."""
        self.progress = self.progress.plus(attempt.outcome)
        self.on_event(self.progress)
        if attempt.outcome is Outcome.SENT:
            self.denials[attempt.relay] = 0
        elif denies_us(attempt) and attempt.reply:
            self.denials[attempt.relay] += 1
            enough = self.denials[attempt.relay] >= self.policy.refusals
            if enough or attempt.reply.enhanced in UNAUTHENTICATED:
                self.end(attempt.reply)

    def tell_waiting(self, event: Waiting) -> None:
        """Says once until when nothing happens."""
        if self.told != event:
            self.told = event
            self.on_event(event)

    def relay_failed(self, lane: Lane, error: RelayError, began: float) -> None:
        """Ends the run with the error when no relay is left to hope for."""
        lane.failed(error, began)
        if all(one.hopeless for one in self.lanes):
            self.error = error
            self.over.set()

    def end(self, reply: Reply) -> None:
        """Every further mail would make it worse."""
        self.reason = phrase(
            "stopped, for the next mails would be refused like these: {reply}", reply=show_reply(reply)
        )
        self.over.set()


class Carrier:
    """Connection number `index` of a lane."""

    def __init__(self, run: Run, lane: Lane, index: int) -> None:
        self._run = run
        self._lane = lane
        self._index = index
        self._connection: Connection | None = None

    async def work(self) -> None:
        """Until the run is over. Raises whatever the ledger raises."""
        try:
            while not self._run.over.is_set():
                if self._lane.wait_of(self._index) > 0:
                    await self._hang_up()
                if await self._lane.permit(self._index, self._run.over) and (claim := await self._next_claim()):
                    await self._carry(claim)
            await self._hang_up()
        finally:
            if self._connection is not None:
                self._connection.close()

    async def _next_claim(self) -> Claim | None:
        """A claim in this lane's turn; without one, waits until there may be one."""
        run, lane = self._run, self._lane
        async with lane.turn:
            await lane.pace(run.over)
            claim = await run.tray.take(sum(one.capacity for one in run.lanes))
            if claim is not None:
                lane.used()
                return claim
        due = None if run.over.is_set() else await run.tray.due()
        if run.over.is_set():
            return None
        far = due is not None and (due - run.clock()).total_seconds() > IDLE
        if due is not None and not run.tray.busy:
            run.tell_waiting(Waiting(due))
        if far:
            await self._hang_up()
        await run.tray.wait(due)
        return None

    async def _carry(self, claim: Claim) -> None:
        """One claim to its result. Cut off before the intent was granted, the claim is given back."""
        began, answers = now(), list[Intent]()

        async def intend() -> Intent:
            answers.append(await self._run.journal.intend(claim))
            return answers[-1]

        try:
            attempt = await self._attempt(claim, intend)
        except RelayError as error:
            await self._run.tray.give_back(claim)
            await self._hang_up()
            self._run.relay_failed(self._lane, error, began)
            return
        except asyncio.CancelledError:
            if Intent.GRANTED not in answers:
                self._run.tray.leave(claim)
            raise
        await self._record(claim, attempt, Intent.LOST in answers, began)
        await self._draw_conclusions(attempt, began)

    async def _attempt(self, claim: Claim, intend: Intend) -> Attempt:
        """Merges and delivers; a message that cannot be made is this recipient's failure alone."""
        try:
            message = self._run.message_of(claim)
        except StoreError:
            raise
        except (RuhrmailError, ValueError) as error:
            return Attempt(Outcome.FAILED, self._lane.relay.name, text=str(error))
        if self._connection is None:
            self._connection = await connect(self._lane.relay, self._run.dialling)
            if self._run.over.is_set():
                return Attempt(Outcome.RETURNED, self._lane.relay.name)
        return await self._connection.deliver(message, intend)

    async def _record(self, claim: Claim, attempt: Attempt, lost: bool, began: float) -> None:
        if lost:
            self._run.tray.forget(claim)
            return
        result = result_of(claim, attempt, self._run.clock(), self._run.policy.retry)
        await self._run.tray.settle(result)
        if self._run.policy.tell_attempts:
            self._run.on_event(Tried(claim, result.attempt, result.at, now() - began))
        self._run.count(result.attempt)

    async def _draw_conclusions(self, attempt: Attempt, began: float) -> None:
        """What an attempt says about the relay, the connection and the whole run."""
        reply, connection = attempt.reply, self._connection
        if connection is None:
            return
        if connection.carried:
            self._lane.worked()
        if reply and asks_for_less(reply):
            self._lane.slow(reply, began)
        if not connection.usable or connection.carried >= self._run.policy.messages_per_connection:
            await self._hang_up()
        if not connection.usable and not connection.carried and not self._run.over.is_set():
            self._run.relay_failed(self._lane, closes_early(self._lane.relay.name, reply), began)

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.quit()


def closes_early(relay: str, reply: Reply | None) -> RelayError:
    """A connection that ended before it carried a single message."""
    if reply is not None:
        return RelayError(phrase("the relay {relay} turns us away: {reply}", relay=relay, reply=show_reply(reply)))
    return RelayError(
        phrase("the relay {relay} closes the connection before it answers for a message", relay=relay),
        hint=phrase("ask the relay's operator; its log tells why"),
    )
