"""Group commit: batches, order, failure."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime

import pytest

from ruhrmail.deliver.journal import BATCH, Journal
from ruhrmail.model.ledger import Claim, Intent, Result, State
from ruhrmail.model.mail import Attempt, Outcome
from tests.deliver.book import Book, make_claim, utc


class SlowBook(Book):
    """A book whose commits wait for permission."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(addresses)
        self.go = threading.Event()

    def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
        self.go.wait(5)
        return super().intend(claims, now)


def addresses(count: int) -> list[str]:
    return [f"reader{number}@example.org" for number in range(count)]


def test_intents_of_many_connections_share_commits_of_at_most_fifty() -> None:
    book = SlowBook(addresses(121))

    async def run() -> list[Intent]:
        async with asyncio.timeout(10), Journal(book, utc) as journal:
            claims = await journal.claim(121)
            first = asyncio.create_task(journal.intend(claims[0]))
            await asyncio.sleep(0.02)
            rest = [asyncio.create_task(journal.intend(claim)) for claim in claims[1:]]
            await asyncio.sleep(0.02)
            assert not first.done()
            book.go.set()
            return await asyncio.gather(first, *rest)

    assert [Intent.GRANTED] * 121 == asyncio.run(run())
    assert [1, BATCH, BATCH, 20] == book.batches


def test_result_is_written_before_a_later_intent() -> None:
    book = Book(addresses(2))

    async def run() -> None:
        async with asyncio.timeout(10), Journal(book, utc) as journal:
            one, two = await journal.claim(2)
            await journal.intend(one)
            settled = asyncio.create_task(journal.settle(Result(one, Attempt(Outcome.SENT, "r"), utc())))
            assert Intent.GRANTED is await journal.intend(two)
            assert State.SENT is book.states[1]
            await settled

    asyncio.run(run())


def test_unknown_claim_is_lost() -> None:
    class Forgetful(Book):
        def intend(self, claims: Sequence[Claim], now: datetime) -> dict[int, Intent]:
            return {}

    async def run() -> Intent:
        async with asyncio.timeout(10), Journal(Forgetful([]), utc) as journal:
            return await journal.intend(make_claim(7))

    assert Intent.LOST is asyncio.run(run())


def test_failing_ledger_fails_everybody_who_waits_and_everybody_later() -> None:
    book = SlowBook(addresses(3))

    async def run() -> list[object]:
        async with asyncio.timeout(10), Journal(book, utc) as journal:
            claims = await journal.claim(3)
            book.fail_after = 0
            tasks = [asyncio.create_task(journal.intend(claim)) for claim in claims]
            await asyncio.sleep(0.02)
            book.go.set()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            book.fail_after = None
            later = await asyncio.gather(journal.intend(claims[0]), journal.claim(1), return_exceptions=True)
            return [*answers, *later]

    answers = asyncio.run(run())
    assert ["no space left on device"] * 5 == [str(answer) for answer in answers]
    assert [] == book.granted


def test_result_is_written_although_its_caller_was_cancelled_and_the_intent_is_not() -> None:
    book = SlowBook(addresses(3))

    async def run() -> None:
        async with asyncio.timeout(10), Journal(book, utc) as journal:
            one, two, three = await journal.claim(3)
            first = asyncio.create_task(journal.intend(one))
            await asyncio.sleep(0.02)
            result = Result(two, Attempt(Outcome.FAILED, "r", text="x"), utc())
            tasks = [asyncio.create_task(journal.settle(result)), asyncio.create_task(journal.intend(three))]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            book.go.set()
            await first

    asyncio.run(run())
    assert [State.IN_FLIGHT, State.FAILED, State.CLAIMED] == list(book.states.values())


def test_error_in_the_block_passes_and_ends_the_thread() -> None:
    async def run() -> None:
        async with asyncio.timeout(10), Journal(Book([]), utc) as journal:
            await journal.next_due()
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(run())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ruhrmail-journal")]
