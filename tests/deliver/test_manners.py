"""Whatever recipients are refused, and however replies arrive: the sink finds no breach of the protocol."""

import asyncio

import pytest

from ruhrmail.deliver import Stop, drain
from ruhrmail.model.ledger import State
from tests.deliver.book import Book, loopback, message_of, utc
from tests.deliver.test_drain import QUICK, Watch
from tests.servers.sink import Fault, Sink

REFUSALS = [
    Fault("rcpt", "550 5.1.1 unknown", 0.1),
    Fault("dot", "550 5.7.1 spam", 0.1),
    Fault("data", "554 5.6.0 no", 0.1),
]


@pytest.mark.parametrize("manner", [{}, {"glued": True}, {"split": True}, {"multiline": True}])
@pytest.mark.parametrize("extensions", [("SIZE 50000000",), ("8BITMIME", "PIPELINING")])
@pytest.mark.parametrize("lone_dot", ["", "554 5.5.1 no valid recipients", "250 2.0.0 taken"])
def test_mail_is_handed_over_lawfully(manner: dict[str, bool], extensions: tuple[str, ...], lone_dot: str) -> None:
    book = Book([f"reader{number}@example.org" for number in range(60)])
    sink = Sink(REFUSALS, extensions=extensions, without_recipient=lone_dot, **manner)  # type: ignore[arg-type]

    async def run() -> None:
        async with asyncio.timeout(60), sink:
            await drain(book, message_of, [loopback(sink.port, connections=3)], QUICK, Stop(), utc, Watch())

    asyncio.run(run())
    assert [] == sink.breaches
    assert (60, len(sink.accepted)) == (book.count(State.SENT) + book.count(State.FAILED), book.count(State.SENT))
    assert {b""} >= set(sink.orphans), "no body goes to nobody"
