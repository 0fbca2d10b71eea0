"""What the parts of one run share, and when the whole run must end."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ruhrmail.deliver.dial import Dialling
from ruhrmail.deliver.domains import Domains
from ruhrmail.deliver.events import OnEvent, Progress, Waiting
from ruhrmail.deliver.ledger import Clock
from ruhrmail.deliver.policy import UNAUTHENTICATED, Policy, denies_us
from ruhrmail.deliver.replies import show_reply
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Attempt, Message, Outcome
from ruhrmail.model.phrase import Phrase, phrase

MessageOf = Callable[[Claim], Message]


@dataclass(slots=True)
class Run:
    """`over` ends it: nothing new begins.

    `reason` is the refusal that ended it, `error` the relays' trouble, `fault` an error of ours.
    """

    policy: Policy
    dialling: Dialling
    message_of: MessageOf
    clock: Clock
    on_event: OnEvent
    over: asyncio.Event
    domains: Domains
    progress: Progress = field(default_factory=Progress)
    reason: Phrase | None = None
    error: RelayError | None = None
    fault: BaseException | None = None
    told: Waiting | None = None
    denials: Counter[str] = field(default_factory=Counter)

    def count(self, attempt: Attempt) -> None:
        """One attempt more; ends the run when it was one refusal too many."""
        self.progress = self.progress.plus(attempt.outcome)
        self.on_event(self.progress)
        if attempt.outcome is Outcome.SENT:
            self.denials[attempt.relay] = 0
        elif attempt.outcome is Outcome.FAILED and attempt.reply is not None:
            self._judge(attempt)

    def _judge(self, attempt: Attempt) -> None:
        """Whether a refusal for good says that every further mail would make it worse."""
        assert attempt.reply is not None
        reply = show_reply(attempt.reply)
        if denies_us(attempt):
            self.denials[attempt.relay] += 1
            enough = self.denials[attempt.relay] >= self.policy.refusals
            if enough or attempt.reply.enhanced in UNAUTHENTICATED:
                self.end(phrase("the next mails would be refused like these: {reply}", reply=reply))
        refused, tried = self.progress.failed, self.progress.sent + self.progress.failed
        limit = self.policy.refused
        if limit is not None and tried >= limit.after and refused > limit.share * tried:
            self.end(
                phrase(
                    "{refused} of {tried} recipients were refused, the last with: {reply}",
                    refused=refused,
                    tried=tried,
                    reply=reply,
                )
            )

    def tell_waiting(self, event: Waiting) -> None:
        """Says once until when nothing happens."""
        if self.told != event:
            self.told = event
            self.on_event(event)

    def fail(self, error: BaseException) -> None:
        """An error that nobody foresaw: nothing new begins, what is known is written, and the error comes out."""
        self.fault = self.fault or error
        self.over.set()

    def end(self, reason: Phrase) -> None:
        """Nothing new begins, for that reason."""
        self.reason = self.reason or reason
        self.over.set()
