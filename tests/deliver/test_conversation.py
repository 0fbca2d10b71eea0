"""Each stage with each fault gives the outcome of the table in answers.py, with and without pipelining."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import Connection, Letter, deliver_one
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.letters import check_content
from ruhrmail.deliver.wire import TurnedAway
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome, Reply
from tests.deliver.book import loopback, make_message
from tests.servers.sink import Fault, Sink

QUICK = Dialling("sender.example", Timeout.model_validate({"connect": "5s", "command": "400ms", "dot": "400ms"}))
READER = "reader@example.org"
PLAIN = ("8BITMIME", "SIZE 50000000")
PIPELINING = (*PLAIN, "PIPELINING")
both = pytest.mark.parametrize("extensions", [PLAIN, PIPELINING], ids=["one by one", "pipelined"])


async def over(sink: Sink, use: Callable[[Connection], Awaitable[Attempt]]) -> Attempt:
    async with asyncio.timeout(60), sink:
        connection = await connect(loopback(sink.port), QUICK)
        try:
            return await use(connection)
        finally:
            await connection.quit()


def deliver(sink: Sink, message: Message | None = None) -> Attempt:
    return asyncio.run(over(sink, lambda c: deliver_one(c, message or make_message(READER))))


@both
@pytest.mark.parametrize(
    ("stage", "action", "outcome", "recorded"),
    [
        ("mail", "451 4.3.0 later", Outcome.DEFERRED, 0),
        ("mail", "421 4.3.2 closing", Outcome.RETURNED, 0),
        ("mail", "354 what", Outcome.DEFERRED, 0),
        ("mail", "drop", Outcome.RETURNED, 0),
        ("mail", "silence", Outcome.DEFERRED, 0),
        ("mail", "garbage", Outcome.DEFERRED, 0),
        ("rcpt", "450 4.7.1 greylisted", Outcome.DEFERRED, 0),
        ("rcpt", "550 5.1.1 unknown", Outcome.FAILED, 0),
        ("rcpt", "421 4.3.2 closing", Outcome.DEFERRED, 0),
        ("rcpt", "drop", Outcome.DEFERRED, 0),
        ("rcpt", "silence", Outcome.DEFERRED, 0),
        ("rcpt", "garbage", Outcome.DEFERRED, 0),
        ("data", "451 4.3.0 later", Outcome.DEFERRED, 0),
        ("data", "554 5.6.0 no", Outcome.FAILED, 0),
        ("data", "250 what", Outcome.DEFERRED, 0),
        ("data", "421 4.3.2 closing", Outcome.DEFERRED, 0),
        ("data", "drop", Outcome.DEFERRED, 0),
        ("data", "silence", Outcome.DEFERRED, 0),
        ("data", "garbage", Outcome.DEFERRED, 0),
        ("dot", "", Outcome.SENT, 1),
        ("dot", "451 4.3.0 later", Outcome.DEFERRED, 0),
        ("dot", "550 5.7.1 spam", Outcome.FAILED, 0),
        ("dot", "421 4.3.2 closing", Outcome.DEFERRED, 0),
        ("dot", "354 what", Outcome.IN_DOUBT, 0),
        ("dot", "drop", Outcome.IN_DOUBT, 0),
        ("dot", "drop-after", Outcome.IN_DOUBT, 1),
        ("dot", "silence", Outcome.IN_DOUBT, 0),
        ("dot", "garbage", Outcome.IN_DOUBT, 0),
    ],
)
def test_stage_and_fault_give_the_outcome(
    extensions: Sequence[str], stage: str, action: str, outcome: Outcome, recorded: int
) -> None:
    sink = Sink([Fault(stage, action)] if action else [], extensions=tuple(extensions))
    attempt = deliver(sink)
    assert (outcome, recorded) == (attempt.outcome, len(sink.accepted))
    assert attempt.reply or attempt.text or outcome in (Outcome.SENT, Outcome.RETURNED)


@both
def test_a_reply_before_the_body_could_arrive_is_no_acceptance(extensions: Sequence[str]) -> None:
    sink = Sink([Fault("data", "354 go\\n250 already")], extensions=tuple(extensions))
    assert (Outcome.IN_DOUBT, []) == (deliver(sink).outcome, sink.accepted)


@both
def test_reply_is_kept(extensions: Sequence[str]) -> None:
    sink = Sink([Fault("rcpt", "550-5.1.1 no\\n550 5.1.1 such user")], extensions=tuple(extensions))
    assert Attempt(Outcome.FAILED, "test", Reply(550, "no such user", "5.1.1")) == deliver(sink)


@both
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
def test_refusal_at_mail_is_about_us_and_turns_us_away(extensions: Sequence[str], reply: str) -> None:
    """No recipient was named yet: none may fail, or be suppressed, for what all would hear alike."""
    with pytest.raises(TurnedAway, match="takes no mail from us"):
        deliver(Sink([Fault("mail", reply)], extensions=tuple(extensions)))


@both
def test_connection_goes_on_after_refusals_and_is_reset(extensions: Sequence[str]) -> None:
    sink = Sink([Fault("rcpt", "550 5.1.1 unknown", recipient="nobody")], extensions=tuple(extensions))

    async def use(connection: Connection) -> Attempt:
        for name in ("nobody", "one", "nobody", "two"):
            attempt = await deliver_one(connection, make_message(f"{name}@example.org"))
        assert connection.carried == 4
        return attempt

    assert Outcome.SENT is asyncio.run(over(sink, use)).outcome
    assert ["one@example.org", "two@example.org"] == sink.accepted
    assert (1, 2) == (sink.connections, sink.commands.count("RSET"))


@both
def test_server_that_hung_up_between_messages_returns_the_next(extensions: Sequence[str]) -> None:
    """Nothing was tried, so nothing is written about that recipient."""
    sink = Sink(extensions=tuple(extensions))

    async def use(connection: Connection) -> Attempt:
        await deliver_one(connection, make_message(READER))
        for task in sink.sessions:
            task.cancel()
        for _ in range(1000):
            if connection.usable:
                await asyncio.sleep(0.01)
        assert not connection.usable
        return await deliver_one(connection, make_message(READER))

    assert Outcome.RETURNED is asyncio.run(over(sink, use)).outcome
    assert 1 == len(sink.accepted)


@both
def test_body_arrives_byte_for_byte_from_a_server_that_answers_byte_by_byte(extensions: Sequence[str]) -> None:
    """Leading dots are stuffed, 8-bit content is announced."""
    content = b"Subject: x\r\n\r\n.leading\r\n..two\r\n.\r\n\xc3\xbc\r\n"
    sink = Sink(bytewise=True, extensions=tuple(extensions))
    attempt = deliver(sink, Message(Envelope("", READER), content, "<1@example.org>"))
    assert (Outcome.SENT, [content]) == (attempt.outcome, sink.bodies)
    assert f"MAIL FROM:<> SIZE={len(content)} BODY=8BITMIME" in sink.commands


@pytest.mark.parametrize(
    "address", ["ümlaut@example.org", "a b@example.org", "a>@example.org", "a\r\n@example.org", ""]
)
def test_address_that_fits_in_no_command_fails_without_a_word(address: str) -> None:
    sink = Sink()
    attempt = deliver(sink, Message(Envelope("b@example.org", address), b"A: b\r\n\r\n", "<1@x>"))
    assert Outcome.FAILED is attempt.outcome
    assert not [line for line in sink.commands if line.startswith("MAIL")]


def test_address_beyond_ascii_is_announced_where_the_relay_knows_smtputf8() -> None:
    sink = Sink(extensions=("SMTPUTF8", "8BITMIME"))
    attempt = deliver(sink, Message(Envelope("b@example.org", "jörg@example.org"), b"A: b\r\n\r\n", "<1@x>"))
    assert (Outcome.SENT, ["jörg@example.org"]) == (attempt.outcome, sink.accepted)
    assert "MAIL FROM:<b@example.org> SMTPUTF8" in sink.commands


@pytest.mark.parametrize("content", [b"a\nb\r\n", b"a\rb\r\n", b"a", b"x" * 999 + b"\r\n"])
def test_broken_content_is_our_own_error(content: bytes) -> None:
    with pytest.raises(AssertionError):
        check_content(content)


def letter(name: str) -> Letter:
    return Letter(make_message(f"{name}@example.org"))


def begun(*names: str) -> Conversation:
    """A pipelined conversation that has taken these letters."""
    talk = Conversation("test", {"pipelining": ""})
    for name in names:
        talk.offer(letter(name))
    return talk


def outcomes(talk: Conversation) -> list[tuple[str, Outcome]]:
    return [(one.message.envelope.recipient.split("@")[0], attempt.outcome) for one, attempt, _ in talk.finished()]


def test_body_and_next_envelope_leave_together() -> None:
    talk = begun("one", "two")
    first = talk.output()
    assert (1, 1, 1, 0) == tuple(map(first.count, (b"MAIL", b"RCPT", b"DATA\r\n", b"two@")))
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    second = talk.output()
    assert second.endswith(b"\r\n.\r\nMAIL FROM:<bounce@example.org>\r\nRCPT TO:<two@example.org>\r\nDATA\r\n")
    talk.receive(b"250 taken\r\n250 a\r\n250 b\r\n354 c\r\n", 0)
    assert [("one", Outcome.SENT)] == outcomes(talk)
    assert (1, False) == (talk.room, talk.idle)


def holding(*names: str) -> Conversation:
    """The same, with another letter on its way whenever it asks."""
    talk = Conversation("test", {"pipelining": ""})
    talk.more_coming = lambda: True
    for name in names:
        talk.offer(letter(name))
    talk.output()
    return talk


def test_a_body_waits_for_the_next_envelope_and_takes_it_along() -> None:
    talk = holding("one")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    assert (b"", 1) == (talk.output(), talk.room)
    talk.offer(letter("two"))
    together = talk.output()
    assert together.index(b"\r\n.\r\n") < together.index(b"RCPT TO:<two@example.org>")
    talk.receive(b"250 taken\r\n250 a\r\n250 b\r\n354 c\r\n", 0)
    assert [("one", Outcome.SENT)] == outcomes(talk)


def test_a_body_leaves_alone_when_no_letter_comes() -> None:
    talk = holding("one")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    talk.release()
    assert talk.output().endswith(b"\r\n.\r\n")
    talk.release()
    assert b"" == talk.output()


@pytest.mark.parametrize("ending", ["lost", "unasked", "abandoned"])
def test_a_held_body_has_not_left(ending: str) -> None:
    """Whatever ends the connection now: nothing was sent, and nothing is said about the recipient."""
    talk = holding("one")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    if ending == "abandoned":
        assert ["one@example.org"] == [one.message.envelope.recipient for one in talk.abandon()]
        return
    talk.receive(b"421 too slow\r\n", 0) if ending == "unasked" else talk.break_off("lost")
    assert [("one", Outcome.RETURNED)] == outcomes(talk)
    talk.release()
    assert (b"", True) == (talk.output(), talk.idle)


def test_refused_recipient_whose_354_comes_gets_only_the_dot() -> None:
    talk = begun("one", "two")
    talk.output()
    talk.receive(b"250 a\r\n550 5.1.1 no\r\n354 c\r\n", 0)
    assert b".\r\n" == talk.output()
    assert [] == outcomes(talk)
    talk.receive(b"250 nobody got it\r\n", 0)
    assert [("one", Outcome.FAILED)] == outcomes(talk)
    assert talk.output().startswith(b"RSET\r\nMAIL")


def test_go_ahead_after_a_refused_sender_is_not_trusted() -> None:
    """Its body could reach the recipient that the server took all the same."""
    talk = begun("one")
    talk.receive(b"451 later\r\n250 b\r\n354 c\r\n", 0)
    talk.output()
    assert (True, [("one", Outcome.DEFERRED)]) == (talk.over, outcomes(talk))


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (b"", [("one", Outcome.IN_DOUBT), ("two", Outcome.RETURNED)]),
        (b"250 ok\r\n", [("one", Outcome.SENT), ("two", Outcome.RETURNED)]),
        (b"250 ok\r\n250 a\r\n", [("one", Outcome.SENT), ("two", Outcome.DEFERRED)]),
        (b"250 ok\r\n250 a\r\n250 b\r\n354 c\r\n", [("one", Outcome.SENT), ("two", Outcome.IN_DOUBT)]),
        (b"421 bye\r\n", [("one", Outcome.DEFERRED), ("two", Outcome.RETURNED)]),
        (b"250 ok\r\n421 bye\r\n", [("one", Outcome.SENT), ("two", Outcome.RETURNED)]),
        (b"250 ok\r\n550 go away\r\n", [("one", Outcome.SENT), ("two", Outcome.RETURNED)]),
        (b"550 5.2.2 full\r\n250 a\r\n550 5.1.1 no\r\n503 no\r\n", [("one", Outcome.FAILED), ("two", Outcome.FAILED)]),
    ],
)
def test_connection_lost_after_some_replies(replies: bytes, expected: list[tuple[str, Outcome]]) -> None:
    """One body and the next envelope are out."""
    talk = begun("one", "two")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    if replies:
        talk.receive(replies, 0)
    talk.break_off("lost")
    assert expected == outcomes(talk)
    assert (0, True) == (talk.room, talk.idle)


def test_acceptance_of_a_body_that_has_not_left_is_none() -> None:
    talk = begun("one")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    talk.output()
    talk.receive(b"250 taken\r\n", 1)
    assert [("one", Outcome.IN_DOUBT)] == outcomes(talk)


def test_refusal_of_a_body_that_has_not_left_counts() -> None:
    talk = begun("one")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    talk.receive(b"552 5.3.4 too big\r\n", 1)
    assert [("one", Outcome.FAILED)] == outcomes(talk)
    assert talk.over, "a server that heard the dot as well might answer it, and take what was refused"


@pytest.mark.parametrize("unasked", [b"250 ok\r\n", b"2", b"421 bye\r\n", b"what\r\n"])
def test_a_server_that_speaks_unasked_is_left(unasked: bytes) -> None:
    talk = Conversation("test", {"pipelining": ""})
    talk.receive(unasked, 0)
    assert (True, 0) == (talk.over, talk.room)


def test_abandoned_letters_are_those_whose_body_did_not_leave() -> None:
    talk = begun("one", "two")
    talk.receive(b"250 a\r\n250 b\r\n354 c\r\n", 0)
    assert ["two@example.org"] == [one.message.envelope.recipient for one in talk.abandon()]


REPLIES = [
    b"250 2.1.0 ok\r\n",
    b"354 go\r\n",
    b"451 4.3.0 later\r\n",
    b"550 5.1.1 no\r\n",
    b"421 bye\r\n",
    b"250-a\r\n250 b\r\n",
]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.booleans())
def test_whatever_a_server_says_every_letter_ends_once(data: st.DataObject, pipelining: bool) -> None:
    """In pieces of any size, with replies of any kind: nothing is sent without a 2xx after its whole body."""
    talk = Conversation("test", {"pipelining": ""} if pipelining else {})
    talk.more_coming = lambda: data.draw(st.booleans())
    letters = [letter(f"r{number}") for number in range(4)]
    waiting, ended, written = list(letters), {}, b""
    for _ in range(data.draw(st.integers(1, 25))):
        while talk.room and waiting:
            talk.offer(waiting.pop(0))
        if data.draw(st.booleans()):
            talk.release()
        written += talk.output()
        said = data.draw(st.sampled_from(REPLIES))
        cut = data.draw(st.integers(1, len(said)))
        for piece in (said[:cut], said[cut:]):
            if piece and not talk.over:
                talk.receive(piece, 0)
                written += talk.output()
        for one, attempt, _ in talk.finished():
            assert one not in ended
            ended[one] = attempt
            if attempt.outcome is Outcome.SENT:
                assert one.message.content + b".\r\n" in written
        if talk.over:
            break
    talk.break_off("lost")
    for one, attempt, _ in talk.finished():
        assert one not in ended
        ended[one] = attempt
    assert set(letters) - set(waiting) == set(ended)


@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_answers_in_pieces_gets_everything_once(seed: int) -> None:
    """Two letters at a time over one connection, replies cut anywhere."""
    dice = random.Random(seed)
    talk = Conversation("test", {"pipelining": ""})
    waiting = [letter(f"r{number}") for number in range(30)]
    sent, inbox, outbox = [], b"", b""
    in_body = False
    while waiting or not talk.idle:
        while talk.room and waiting:
            talk.offer(waiting.pop(0))
        inbox += talk.output()
        while inbox:
            end = inbox.find(b"\r\n.\r\n") + 5 if in_body else inbox.find(b"\r\n") + 2
            command, inbox = inbox[:end], inbox[end:]
            outbox += b"354 go\r\n" if command == b"DATA\r\n" else b"250 2.0.0 fine\r\n"
            in_body = command == b"DATA\r\n"
        cut = dice.randint(1, len(outbox))
        talk.receive(outbox[:cut], 0)
        outbox = outbox[cut:]
        sent += [
            one.message.envelope.recipient for one, attempt, _ in talk.finished() if attempt.outcome is Outcome.SENT
        ]
    assert [f"r{number}@example.org" for number in range(30)] == sent
