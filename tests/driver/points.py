"""Moments of a run at which a process may be struck, in the order in which they come."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import ruhrmail.flows.prepare
import ruhrmail.flows.send
import ruhrmail.store.enrolment
import ruhrmail.store.mailings
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.desk import Desk
from ruhrmail.deliver.wire import SmtpConnection
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.store import Ledger, postgres_batches, recovery, sqlite_batches

Passage = Callable[[], None]


def always(*_: Any) -> bool:
    return True


def before(owner: Any, name: str, passage: Passage, when: Callable[..., bool] = always) -> None:
    """Calls `passage` before each call for which `when`, given the same arguments, is true."""
    original = getattr(owner, name)

    @wraps(original)
    def passing(*arguments: Any, **named: Any) -> Any:
        if when(*arguments):
            passage()
        return original(*arguments, **named)

    setattr(owner, name, passing)


def after(owner: Any, name: str, passage: Passage, when: Callable[..., bool] = always) -> None:
    """The same after the call; `when` is given the result first."""
    original = getattr(owner, name)

    @wraps(original)
    def passing(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        if when(result, *arguments):
            passage()
        return result

    setattr(owner, name, passing)


def after_step(name: str, passage: Passage, when: Callable[..., bool] = lambda result, *_: bool(result)) -> None:
    """After a step of the ledger that came to something, in the words of either database."""
    for module in (sqlite_batches, postgres_batches):
        after(module, name, passage, when)


def after_body(passage: Passage) -> None:
    """After bytes with a body's dot were given to the system."""
    begun = [False]
    after(Conversation, "_send_body", lambda: begin(begun))
    after(SmtpConnection, "_flush", passage, lambda *_: end(begun))


def within_body(passage: Passage) -> None:
    """After the first half of a body was given to the system, the other half never."""
    begun = [False]
    after(Conversation, "_send_body", lambda: begin(begun))
    original = Conversation.output

    def half(talk: Conversation) -> bytes:
        data = original(talk)
        return data[: len(data) // 2] if begun[0] else data

    Conversation.output = half  # type: ignore[method-assign]
    after(SmtpConnection, "_flush", passage, lambda *_: end(begun))


def begin(begun: list[bool]) -> None:
    begun[0] = True


def end(begun: list[bool]) -> bool:
    """Whether it had begun; it has not any more."""
    had, begun[0] = begun[0], False
    return had


def grants(answers: dict[int, Intent], *_: Any) -> bool:
    return Intent.GRANTED in answers.values()


POINTS: dict[str, Callable[[Passage], None]] = {
    "prepared": lambda it: before(ruhrmail.flows.prepare, "begin_mailing", it),
    "beginning": lambda it: after(ruhrmail.store.mailings.messages, "rows_of", it),
    "begun": lambda it: after(ruhrmail.flows.prepare, "begin_mailing", it),
    "enrolling": lambda it: before(ruhrmail.store.enrolment, "reopen", it),
    "enrolled": lambda it: after(ruhrmail.flows.prepare, "enrol", it),
    "connected": lambda it: before(Desk, "arrived", it),
    "claiming": lambda it: after_step("claim_due", it),
    "claimed": lambda it: after(Ledger, "claim", it, lambda claims, *_: bool(claims)),
    "intending": lambda it: after_step("intend", it, lambda refused, _, claims, *__: len(refused) < len(claims)),
    "intended": lambda it: after(Ledger, "record", it, grants),
    "envelope-left": lambda it: after(SmtpConnection, "offer", it),
    "body-half": within_body,
    "dot-left": after_body,
    "answered": lambda it: before(Desk, "settle", it, lambda _, __, ___, one, *____: one.outcome is Outcome.SENT),
    "recording": lambda it: after_step("write_outcomes", it),
    "recorded": lambda it: after(Ledger, "record", it, lambda _, __, results, *___: bool(results)),
    "recovering": lambda it: after(recovery, "take_over", it, lambda doubtful, *_: doubtful > 0),
    "resending": lambda it: after(recovery, "requeue_doubtful", it),
    "finishing": lambda it: before(ruhrmail.flows.send, "finish_if_done", it),
    "finished": lambda it: after(ruhrmail.flows.send, "finish_if_done", it),
}


def watch_point(point: str, passage: Passage) -> None:
    """Calls `passage` whenever this process comes by."""
    POINTS[point](passage)
