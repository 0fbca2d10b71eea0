"""Each stage with each fault gives the outcome of the table in relay.py."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import Connection
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.relay import TurnedAway, check_content
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome, Reply
from tests.deliver.book import loopback, make_message
from tests.servers.sink import Fault, Sink

QUICK = Dialling("sender.example", Timeout.model_validate({"connect": "5s", "command": "400ms", "dot": "400ms"}))
READER = "reader@example.org"


async def granted() -> Intent:
    return Intent.GRANTED


async def over(sink: Sink, use: Callable[[Connection], Awaitable[Attempt]]) -> Attempt:
    async with asyncio.timeout(10), sink:
        connection = await connect(loopback(sink.port), QUICK)
        try:
            return await use(connection)
        finally:
            await connection.quit()


def deliver(sink: Sink, answer: Intent = Intent.GRANTED, message: Message | None = None) -> tuple[Attempt, int]:
    """The attempt, and how often the intent was asked."""
    asked: list[Intent] = []

    async def intend() -> Intent:
        asked.append(answer)
        return answer

    attempt = asyncio.run(over(sink, lambda c: c.deliver(message or make_message(READER), intend)))
    return attempt, len(asked)


@pytest.mark.parametrize(
    ("stage", "action", "outcome", "intents", "recorded"),
    [
        ("mail", "451 4.3.0 later", Outcome.DEFERRED, 0, 0),
        ("mail", "421 4.3.2 closing", Outcome.DEFERRED, 0, 0),
        ("mail", "354 what", Outcome.DEFERRED, 0, 0),
        ("mail", "drop", Outcome.RETURNED, 0, 0),
        ("mail", "silence", Outcome.DEFERRED, 0, 0),
        ("mail", "garbage", Outcome.DEFERRED, 0, 0),
        ("rcpt", "450 4.7.1 greylisted", Outcome.DEFERRED, 0, 0),
        ("rcpt", "550 5.1.1 unknown", Outcome.FAILED, 0, 0),
        ("rcpt", "421 4.3.2 closing", Outcome.DEFERRED, 0, 0),
        ("rcpt", "drop", Outcome.DEFERRED, 0, 0),
        ("rcpt", "silence", Outcome.DEFERRED, 0, 0),
        ("rcpt", "garbage", Outcome.DEFERRED, 0, 0),
        ("data", "451 4.3.0 later", Outcome.DEFERRED, 1, 0),
        ("data", "554 5.6.0 no", Outcome.FAILED, 1, 0),
        ("data", "250 what", Outcome.DEFERRED, 1, 0),
        ("data", "421 4.3.2 closing", Outcome.DEFERRED, 1, 0),
        ("data", "drop", Outcome.DEFERRED, 1, 0),
        ("data", "silence", Outcome.DEFERRED, 1, 0),
        ("data", "garbage", Outcome.DEFERRED, 1, 0),
        ("data", "354 go\\n250 already", Outcome.DEFERRED, 1, 0),
        ("dot", "", Outcome.SENT, 1, 1),
        ("dot", "451 4.3.0 later", Outcome.DEFERRED, 1, 0),
        ("dot", "550 5.7.1 spam", Outcome.FAILED, 1, 0),
        ("dot", "421 4.3.2 closing", Outcome.DEFERRED, 1, 0),
        ("dot", "354 what", Outcome.IN_DOUBT, 1, 0),
        ("dot", "drop", Outcome.IN_DOUBT, 1, 0),
        ("dot", "drop-after", Outcome.IN_DOUBT, 1, 1),
        ("dot", "silence", Outcome.IN_DOUBT, 1, 0),
        ("dot", "garbage", Outcome.IN_DOUBT, 1, 0),
    ],
)
def test_stage_and_fault_give_the_outcome(
    stage: str, action: str, outcome: Outcome, intents: int, recorded: int
) -> None:
    sink = Sink([Fault(stage, action)] if action else [])
    attempt, asked = deliver(sink)
    assert (outcome, intents, recorded) == (attempt.outcome, asked, len(sink.accepted))
    assert attempt.reply or attempt.text or outcome is Outcome.SENT


def test_reply_is_kept() -> None:
    attempt, _ = deliver(Sink([Fault("rcpt", "550-5.1.1 no\\n550 5.1.1 such user")]))
    assert Attempt(Outcome.FAILED, "test", Reply(550, "no such user", "5.1.1")) == attempt


@pytest.mark.parametrize(
    ("answer", "outcome"), [(Intent.SUPPRESSED, Outcome.SUPPRESSED), (Intent.LOST, Outcome.RETURNED)]
)
def test_without_intent_nothing_leaves_and_the_transaction_is_reset(answer: Intent, outcome: Outcome) -> None:
    sink = Sink()
    attempt, _ = deliver(sink, answer)
    assert (outcome, []) == (attempt.outcome, sink.accepted)
    assert ["RSET", "QUIT"] == sink.commands[-2:]
    assert "DATA" not in sink.commands


def test_intent_that_fails_lets_nothing_leave() -> None:
    async def broken() -> Intent:
        raise OSError("disk full")

    sink = Sink()
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(over(sink, lambda c: c.deliver(make_message(READER), broken)))
    assert "DATA" not in sink.commands


@pytest.mark.parametrize(
    "reply",
    [
        "530 5.7.0 login first",
        "550 5.7.1 not allowed",
        "553 5.1.8 bad sender",
        "550 sender denied",
        "550 5.1.1 sender unknown",
        "552 5.3.4 too big",
    ],
)
def test_refusal_at_mail_is_about_us_and_turns_us_away(reply: str) -> None:
    """No recipient was named yet: none may fail, or be suppressed, for what all would hear alike."""
    with pytest.raises(TurnedAway, match="takes no mail from us"):
        deliver(Sink([Fault("mail", reply)]))


def test_connection_goes_on_after_refusals_and_is_reset() -> None:
    sink = Sink([Fault("rcpt", "550 5.1.1 unknown", recipient="nobody")])

    async def use(connection: Connection) -> Attempt:
        for name in ("nobody", "one", "nobody", "two"):
            attempt = await connection.deliver(make_message(f"{name}@example.org"), granted)
        assert connection.carried == 4
        return attempt

    assert Outcome.SENT is asyncio.run(over(sink, use)).outcome
    assert ["one@example.org", "two@example.org"] == sink.accepted
    assert (1, 2) == (sink.connections, sink.commands.count("RSET"))


def test_server_that_hung_up_between_messages_returns_the_next() -> None:
    """Nothing was tried, so nothing is written about that recipient."""
    sink = Sink()

    async def use(connection: Connection) -> Attempt:
        await connection.deliver(make_message(READER), granted)
        for task in sink.sessions:
            task.cancel()
        await asyncio.sleep(0.05)
        assert not connection.usable
        return await connection.deliver(make_message(READER), granted)

    assert Outcome.RETURNED is asyncio.run(over(sink, use)).outcome
    assert 1 == len(sink.accepted)


def test_body_arrives_byte_for_byte_from_a_server_that_answers_byte_by_byte() -> None:
    """Leading dots are stuffed, 8-bit content is announced."""
    content = b"Subject: x\r\n\r\n.leading\r\n..two\r\n.\r\n\xc3\xbc\r\n"
    sink = Sink(bytewise=True)
    message = Message(Envelope("", READER), content, "<1@example.org>")
    attempt, _ = deliver(sink, message=message)
    assert (Outcome.SENT, [content]) == (attempt.outcome, sink.bodies)
    assert f"MAIL FROM:<> SIZE={len(content)} BODY=8BITMIME" in sink.commands


@pytest.mark.parametrize(
    "address", ["ümlaut@example.org", "a b@example.org", "a>@example.org", "a\r\n@example.org", ""]
)
def test_address_that_fits_in_no_command_fails_without_a_word(address: str) -> None:
    sink = Sink()
    attempt, asked = deliver(sink, message=Message(Envelope("b@example.org", address), b"A: b\r\n\r\n", "<1@x>"))
    assert (Outcome.FAILED, 0) == (attempt.outcome, asked)
    assert not [line for line in sink.commands if line.startswith("MAIL")]


@pytest.mark.parametrize("content", [b"a\nb\r\n", b"a\rb\r\n", b"a", b"x" * 999 + b"\r\n"])
def test_broken_content_is_our_own_error(content: bytes) -> None:
    with pytest.raises(AssertionError):
        check_content(content)
