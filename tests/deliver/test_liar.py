"""Whole runs before a server that may answer anything: every recipient ends in one state, and the books agree."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ruhrmail.config.settings import Retry, Timeout
from ruhrmail.deliver import Policy, Stop, drain
from ruhrmail.deliver.answers import Break
from ruhrmail.deliver.connection import Stage
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.exchange import Talk
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import State
from ruhrmail.rehearse import SkippingLoop
from tests.deliver.book import Book, loopback, message_of
from tests.deliver.liar import Liar

WEEK = 7 * 86400
PATIENT = Policy(
    "sender.example",
    Retry.model_validate({"gaps": ["10s"], "for": "100s"}),
    Timeout.model_validate({"connect": "20s", "command": "20s", "dot": "40s"}),
    ssl.create_default_context(),
    longest_pause=5,
    rate_limit_pause=20,
)
FINAL = (State.SENT, State.FAILED, State.IN_DOUBT)
WORDS = ("no reply", "25O ok", "999 ok", "250-one\r\n251 two", "\xff\xfe", "", "354 go on", "100 wait")
REPLIES = ("451 4.3.0 later", "421 4.3.2 closing", "550 5.1.1 unknown", "552 5.2.2 full", "250 fine", "250-a\r\n250 b")
REPLIES += ("450 4.7.1 greylisted", "451 4.7.28 slow down", "530 5.7.0 log in", "299 ok")
ENDS = ("drop", "cut", "silence")
good = st.just("")
bad = st.sampled_from([*WORDS, *REPLIES, *ENDS])
unasked = st.sampled_from([f"+{one}" for one in (*WORDS, *REPLIES)])
taken = st.sampled_from([f"took {one}" for one in (*WORDS, *ENDS)])
envelopes = st.lists(st.one_of(good, good, good, good, good, bad, unasked), max_size=60)
dots = st.lists(st.one_of(good, bad, taken, taken, unasked), min_size=2, max_size=20)


@dataclass(frozen=True)
class Play:
    """A server's script and how the sender is set up; the run is stopped at so many messages taken (0: never)."""

    script: Sequence[str]
    dots: Sequence[str]
    pieces: Sequence[int]
    pipelining: bool
    connections: int
    people: int
    stop_at: int = 0
    how: str = ""


plays = st.builds(
    Play,
    envelopes,
    dots,
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
            liar.news.clear()
            await liar.news.wait()
        {"drain": stop.drain, "now": stop.now, "cancel": run.cancel}[play.how]()

    cutter = asyncio.create_task(cut_short())
    try:
        async with asyncio.timeout(WEEK):
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
    async with Liar(play.script, play.dots, play.pieces, play.pipelining) as liar:
        await perform(play, book, liar)
        cut = play.stop_at and play.how in ("now", "cancel")
        assert cut or 0 == book.count(State.CLAIMED) + book.count(State.IN_FLIGHT), "left hanging"
        book.recover()
        liar.script = liar.dots = ()
        await perform(replace(play, stop_at=0), book, liar)
    check(play, book, liar)


def check(play: Play, book: StrictBook, liar: Liar) -> None:
    state_of = {book.claims[number].recipient.person.email: state for number, state in book.states.items()}
    assert set() == set(state_of.values()) - set(FINAL)
    assert [] == [one for one, times in liar.took.items() if times > 1], "mailed twice"
    assert set() == {state_of[one] for one in liar.took} - {State.SENT, State.IN_DOUBT}, "taken, and nobody knows"
    if not any(answer.startswith("+") for answer in (*play.script, *play.dots)):
        assert [] == [one for one, state in state_of.items() if state is State.SENT and not liar.took[one]], "lost"
    each = 2 if play.pipelining else 1
    assert book.most_in_flight <= each * play.connections
    assert liar.most <= play.connections
    assert (
        book.count(State.IN_DOUBT)
        <= sum(answer != "" for answer in (*play.script, *play.dots)) + each * play.connections
    )


def run_through(play: Play) -> None:
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(threads=False)) as runner:
        runner.run(play_through(play))


@pytest.mark.parametrize("examples", [250, pytest.param(20000, marks=pytest.mark.soak)])
def test_whatever_a_server_says_the_books_agree(examples: int) -> None:
    settings(max_examples=examples, deadline=None)(given(plays)(run_through))()


def test_a_sender_that_takes_silence_for_a_no_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a lost answer to a body is no leave to send it again."""
    original = Conversation._break_talk

    def hopeful(self: Conversation, talk: Talk, stage: Stage, how: Break, behind_body: bool) -> None:
        original(self, talk, "data" if stage == "dot" else stage, how, behind_body)

    monkeypatch.setattr(Conversation, "_break_talk", hopeful)
    with pytest.raises(AssertionError, match="mailed twice"):
        settings(max_examples=250, deadline=None, phases=[Phase.generate])(given(plays)(run_through))()
