"""Mails about joining to the relays: taken out of the store together, and kept there until a relay took them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ruhrmail.config import Config
from ruhrmail.deliver import Drained, Event, Policy, Stop, drain, result_of
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signing import seal_of
from ruhrmail.flows.work import destination_of, past_of, policy_of, relays_for
from ruhrmail.flows.writing import list_bytes
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome
from ruhrmail.model.people import Person, Recipient
from ruhrmail.model.post import Post
from ruhrmail.store import (
    Store,
    after_a_minute,
    give_back_posts,
    has_due_posts,
    patiently,
    record_posts,
    take_posts,
)
from ruhrmail.tokens import Keyring, Purpose, Token

MOST_AT_ONCE = 1000
NO_MAILING = 0
"""What return addresses of mails about joining name in the place of a mailing."""
LOOK_EVERY = 0.1
LAST_WORDS = 3.0
"""Seconds that mails under way get when the run is told to leave; what has no answer by then goes out once more."""


@dataclass(frozen=True, slots=True)
class Round:
    """What sending needs besides the mails. `leave` set: nothing new begins, and what is under way gets a moment."""

    config: Config
    store: Store
    keyring: Keyring
    machine: Machine
    leave: threading.Event = field(default_factory=threading.Event)
    on_event: Callable[[Event], None] = lambda _: None


def send_due(one: Round, most: int = MOST_AT_ONCE) -> int:
    """Sends what is due, at most so many mails; returns how many a relay took.

    Blocks, in a thread of its own. Needs no sender's lock: whoever takes a mail out has it alone. All relays are used,
    at the pace that the settings allow. A mail that a relay does not take for now is tried again after the gaps of
    `delivery.retry`, and given up when its time is over. After a crash between the relay's answer and its record it
    leaves a second time. Raises RelayError where no relay works (the mails wait), StoreError, InvalidInput for DKIM
    keys that cannot be used.
    """
    if not has_due_posts(one.store, one.machine.now()):
        return 0
    sending = Sending(one.config, one.store, one.keyring, most, one.leave.is_set)
    seal = seal_of(one.config, one.machine.now)
    policy = patience_of(one, threads=one.machine.cores if seal else 0)
    relays = relays_for(one.config, destination_of(one.config))

    def message_of(claim: Claim) -> Message:
        message = sending.message_of(claim)
        return seal(message) if seal else message

    async def begin(stop: Stop) -> Drained:
        return await drain(sending, message_of, relays, policy, stop, one.machine.now, one.on_event)

    try:
        return asyncio.run(until_told(begin, one.leave)).progress.sent
    finally:
        sending.end(one.machine.now())


def patience_of(one: Round, threads: int) -> Policy:
    """As mailings behave towards relays; only that whoever calls tries again, so the first failure ends the run."""
    past = past_of(one.config, one.store, one.machine)
    return replace(policy_of(one.config, one.machine), past=past, threads=threads, start_tries=1)


async def until_told(begin: Callable[[Stop], Coroutine[None, None, Drained]], leave: threading.Event) -> Drained:
    """The run; once `leave` is set nothing new begins, and a little later what has no answer is dropped."""
    stop = Stop()
    run = asyncio.create_task(begin(stop))
    while not run.done() and not leave.is_set():
        await asyncio.wait([run], timeout=LOOK_EVERY)
    stop.drain()
    await asyncio.wait([run], timeout=LAST_WORDS)
    stop.now()
    return await run


@dataclass(slots=True)
class Sending:
    """The outbox as a run of deliver knows ledgers: what is due now, and nothing that is due later.

    Whether a mail arrived whose connection ended before the answer nobody knows; it is sent again, for a link that
    comes twice does no harm, and one that never comes keeps somebody out.
    """

    config: Config
    store: Store
    keyring: Keyring
    most: int
    is_leaving: Callable[[], bool] = lambda: False
    held: dict[int, tuple[Claim, Post]] = field(default_factory=dict)

    def gives_up(self, waited: float) -> bool:
        """Whether a step is to end that waits for the database."""
        return self.is_leaving() or after_a_minute(waited)

    def claim(self, limit: int, now: datetime) -> list[Claim]:
        """The mails that wait longest, for this run alone.

        A database that is away for a moment is waited for: a run that broke off would give back what a relay is taking.
        What a lost answer said nobody holds, and waits until its lease runs out.
        """
        most = min(limit, self.most)
        posts = patiently(lambda _: take_posts(self.store, most, now), self.gives_up) if most else []
        self.most -= len(posts)
        found = [(claim_of(post), post) for post in posts]
        self.held.update({post.number: (claim, post) for claim, post in found})
        return [claim for claim, _ in found]

    def record(self, results: Sequence[Result], claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        """Writes what became of mails, and says which may leave. A database that is away for a moment is waited for:
        what is not written leaves a second time, and what is written again changes nothing."""
        judged = [self.judge(one) for one in results]
        answers = patiently(lambda _: record_posts(self.store, judged, claims, now), self.gives_up)
        for one in results:
            self.held.pop(one.claim.delivery, None)
        return answers

    def next_due(self) -> None:
        """A run does not wait for those that were deferred."""

    def judge(self, result: Result) -> Result:
        """What follows from an attempt: doubt means once more, and what nobody took in time is given up."""
        retry = self.config.settings.delivery.retry
        if result.attempt.outcome is Outcome.IN_DOUBT:
            return result_of(result.claim, replace(result.attempt, outcome=Outcome.DEFERRED), result.at, retry)
        begun = result.claim.first_at or result.at
        if result.attempt.outcome is Outcome.RETURNED and result.at - begun > timedelta(seconds=retry.for_):
            return replace(result, attempt=Attempt(Outcome.FAILED, "", text="no relay took it in time"))
        return result

    def end(self, now: datetime) -> None:
        """Gives back what the run was cut off from. Raises StoreError."""
        if self.held:
            later = now + timedelta(seconds=self.config.settings.delivery.retry.gaps[0])
            claims = [claim for claim, _ in self.held.values()]
            patiently(lambda _: give_back_posts(self.store, claims, later), self.gives_up)
            self.held.clear()

    def message_of(self, claim: Claim) -> Message:
        """A mail of the outbox as relays take it."""
        post = self.held[claim.delivery][1]
        return Message(Envelope(self.sender_of(post), post.email), post.message.encode("ascii"), post.message_id)

    def sender_of(self, post: Post) -> str:
        """Where a mail comes back to. One to an address that is not yet anybody's must not speak for the person."""
        if self.config.settings.delivery.return_path == "plain" or not post.own_address:
            return self.config.newsletter.sender.address
        token = Token(Purpose.RETURN, post.token_id, NO_MAILING, list_bytes(self.store))
        return self.keyring.return_address(token, self.config.return_domain)


def claim_of(post: Post) -> Claim:
    """A mail as a run of deliver knows its work."""
    recipient = Recipient(0, post.token_id, Person(post.email, post.email.lower()))
    return Claim(post.number, str(post.attempts + 1), recipient, attempts=post.attempts, first_at=post.created_at)
