"""Whole runs before a server that may answer anything: every recipient ends in one state, and the books agree."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.config.settings import Retry, Timeout
from ruhrmail.deliver import Policy, Stop, drain
from ruhrmail.deliver.connection import Stage
from ruhrmail.deliver.conversation import Break, Conversation, Talk
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import State
from ruhrmail.rehearse import SkippingLoop
from tests.deliver.book import Book, loopback, message_of
from tests.deliver.liar import Liar

PATIENT = Policy(
    "sender.example",
    Retry.model_validate({"gaps": ["10s"], "for": "100s"}),
    Timeout.model_validate({"connect": "20s", "command": "20s", "dot": "40s"}),
    ssl.create_default_context(),
)
FINAL = (State.SENT, State.FAILED, State.IN_DOUBT)
WORDS = ("no reply", "25O ok", "999 ok", "250-one\r\n251 two", "\xff\xfe", "", "354 go on", "100 wait")
REPLIES = ("451 4.3.0 later", "421 4.3.2 closing", "550 5.1.1 unknown", "552 5.2.2 full", "250 fine", "250-a\r\n250 b")
REPLIES += ("450 4.7.1 greylisted", "451 4.7.28 slow down", "530 5.7.0 log in", "299 ok")
ENDS = ("drop", "cut", "silence")
answers = st.one_of(
    st.just(""),
    st.just(""),
    st.sampled_from([*WORDS, *REPLIES, *ENDS]),
    st.sampled_from([f"took {one}" for one in (*WORDS, *ENDS)]),
    st.sampled_from([f"+{one}" for one in (*WORDS, *REPLIES)]),
)


@dataclass(frozen=True)
class Play:
    """A server's script and how the sender is set up; the run is stopped at so many messages taken (0: never)."""

    script: Sequence[str]
    pieces: Sequence[int]
    pipelining: bool
    connections: int
    people: int
    stop_at: int = 0
    how: str = ""


plays = st.builds(
    Play,
    st.lists(answers, max_size=60),
    st.lists(st.integers(1, 30), min_size=1, max_size=3),
    st.booleans(),
    st.integers(1, 3),
    st.integers(1, 12),
    st.integers(0, 8),
    st.sampled_from(["drain", "now", "cancel"]),
)


class StrictBook(Book):
    """With recovery after a crash: what was in flight is in doubt."""

    def recover(self) -> None:
        for number, state in self.states.items():
            if state in (State.CLAIMED, State.IN_FLIGHT):
                self.states[number] = State.PENDING if state is State.CLAIMED else State.IN_DOUBT


def clock() -> datetime:
    """UTC by the loop's clock, which skips all waiting."""
    return datetime(2026, 11, 27, tzinfo=UTC) + timedelta(seconds=asyncio.get_running_loop().time())


async def perform(play: Play, book: StrictBook, liar: Liar) -> None:
    """One run before the script, cut short as the play wants it."""
    before = asyncio.all_tasks()
    stop = Stop()
    relay = loopback(liar.port, connections=play.connections)
    run = asyncio.create_task(drain(book, message_of, [relay], PATIENT, stop, clock, lambda _: None))

    async def cut_short() -> None:
        while play.stop_at > sum(liar.took.values()) or not play.stop_at:
            await asyncio.sleep(0.01)
        {"drain": stop.drain, "now": stop.now, "cancel": run.cancel}[play.how]()

    cutter = asyncio.create_task(cut_short())
    try:
        await run
    except (RelayError, asyncio.CancelledError):
        pass
    finally:
        cutter.cancel()
        await asyncio.gather(cutter, return_exceptions=True)
    for _ in range(100):
        if not liar.open:
            break
        await asyncio.sleep(0.01)
    assert 0 == liar.open, "a socket is left"
    assert set() == asyncio.all_tasks() - before - liar.tasks, "a task is left"


async def play_through(play: Play) -> None:
    book = StrictBook([f"reader{number}@example.org" for number in range(play.people)])
    async with Liar(play.script, play.pieces, play.pipelining) as liar:
        await perform(play, book, liar)
        cut = play.stop_at and play.how in ("now", "cancel")
        assert cut or 0 == book.count(State.CLAIMED) + book.count(State.IN_FLIGHT), "left hanging"
        book.recover()
        liar.script = ()
        await perform(Play((), (4096,), play.pipelining, play.connections, play.people), book, liar)
    check(play, book, liar)


def check(play: Play, book: StrictBook, liar: Liar) -> None:
    state_of = {book.claims[number].recipient.person.email: state for number, state in book.states.items()}
    assert set() == set(state_of.values()) - set(FINAL)
    assert [] == [one for one, times in liar.took.items() if times > 1], "mailed twice"
    assert set() == {state_of[one] for one in liar.took} - {State.SENT, State.IN_DOUBT}, "taken, and nobody knows"
    if not any(answer.startswith("+") for answer in play.script):
        assert [] == [one for one, state in state_of.items() if state is State.SENT and not liar.took[one]], "lost"
    each = 2 if play.pipelining else 1
    assert book.most_in_flight <= each * play.connections
    assert liar.most <= play.connections
    assert book.count(State.IN_DOUBT) <= sum(answer != "" for answer in play.script) + each * play.connections


@settings(max_examples=250, deadline=None)
@given(plays)
def test_whatever_a_server_says_the_books_agree(play: Play) -> None:
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=False)) as runner:
        runner.run(play_through(play))


@pytest.mark.soak
@settings(max_examples=20000, deadline=None)
@given(plays)
def test_whatever_a_server_says_the_books_agree_at_length(play: Play) -> None:
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=False)) as runner:
        runner.run(play_through(play))


def test_a_sender_that_takes_silence_for_a_no_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a lost answer to a body is no leave to send it again."""
    original = Conversation._break_talk

    def hopeful(self: Conversation, talk: Talk, stage: Stage, how: Break, behind_body: bool) -> None:
        original(self, talk, "data" if stage == "dot" else stage, how, behind_body)

    monkeypatch.setattr(Conversation, "_break_talk", hopeful)
    with pytest.raises(AssertionError, match="mailed twice"):
        test_whatever_a_server_says_the_books_agree()
