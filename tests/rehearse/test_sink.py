"""The sink answers like a server, and like the provider it plays."""

import asyncio
from math import inf

import pytest

from ruhrmail.rehearse import CALM, PROFILES, Profile, Sink, Whim
from tests.rehearse.stage import LETTER, call, with_sink


def host(*whims: Whim, **settings: object) -> Profile:
    return Profile("host", share=1.0, whims=whims, **settings)  # type: ignore[arg-type]


def codes(replies: list[str]) -> list[str]:
    return [reply[:3] for reply in replies]


def test_answers_pipelined_commands_in_order():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        assert ["250", "250", "354"] == codes(await client.envelope("a@x.example"))
        following = LETTER + b"MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
        assert ["250", "250", "250", "354"] == codes(await client.ask(following, 4))
        assert ["250", "221"] == codes(await client.ask(LETTER + b"QUIT\r\n", 2))
        assert await client.is_closed()
        assert {"a@x.example": 1, "b@x.example": 1} == sink.record.taken

    with_sink(play, *CALM)


def test_offers_pipelining():
    async def play(sink: Sink) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
        await reader.readline()
        writer.write(b"EHLO client.example\r\n")
        lines = [await reader.readline() for _ in range(6)]
        assert b"250-PIPELINING\r\n" in lines
        assert lines[-1].startswith(b"250 ")

    with_sink(play, *CALM)


@pytest.mark.parametrize(
    "text", [LETTER, b".\r\n", b"..\r\n..\r\n.x\r\n.\r\n", b"\r\n\r\n.\r\n"], ids=["letter", "empty", "dots", "blank"]
)
def test_the_text_ends_at_its_dot_however_it_is_cut(text):
    async def play(sink: Sink) -> None:
        client = await call(sink)
        await client.envelope("a@x.example")
        for position in range(len(text)):
            client.writer.write(text[position : position + 1])
            await asyncio.sleep(0.01)
        assert ["250", "250"] == codes(await client.ask(b"NOOP\r\n", 2))
        assert 1 == sink.record.taken["a@x.example"]

    with_sink(play, *CALM)


def test_data_after_a_refused_recipient_is_refused_and_the_next_message_is_not():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        assert ["250", "550", "503"] == codes(await client.envelope("dead@x.example"))
        assert ["503"] == codes(await client.ask(b"MAIL FROM:<>\r\n"))
        assert ["250"] == codes(await client.ask(b"RSET\r\n"))
        assert ["250", "550", "503"] == codes(await client.envelope("dead@x.example"))
        assert not sink.record.taken

    with_sink(play, host(Whim("rcpt", 1.0, "550 5.1.1 no such user", inf)))


def test_refuses_what_is_out_of_place():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        assert ["503"] == codes(await client.ask(b"RCPT TO:<a@x.example>\r\n"))
        assert ["503"] == codes(await client.ask(b"DATA\r\n"))
        assert ["501"] == codes(await client.ask(b"MAIL nobody\r\n"))
        assert ["552"] == codes(await client.ask(b"MAIL FROM:<> SIZE=99999999999\r\n"))
        assert ["502"] == codes(await client.ask(b"VRFY a\r\n"))
        assert ["500"] == codes(await client.ask(b"x" * 5000))
        assert await client.is_closed()

    with_sink(play, *CALM)


def test_greylisting_lets_in_whoever_comes_back_late_enough():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        assert ["451"] == codes([await client.mail("a@x.example")])
        await client.ask(b"RSET\r\n")
        await asyncio.sleep(60)
        assert ["451"] == codes([await client.mail("a@x.example")])
        await client.ask(b"RSET\r\n")
        await asyncio.sleep(241)
        assert ["250"] == codes([await client.mail("a@x.example")])
        assert 2 == sink.record.put_off["a@x.example"]

    with_sink(play, host(Whim("rcpt", 1.0, "451 4.7.1 greylisted", 300)))


def test_a_rate_is_a_bucket_that_empties():
    async def play(sink: Sink) -> None:
        first = await call(sink)
        assert ["250"] * 3 == codes([await first.mail(f"{name}@x.example") for name in "abc"])
        assert "421 4.7.28 too fast" == await first.mail("d@x.example")
        assert await first.is_closed()
        await asyncio.sleep(1)
        second = await call(sink)
        assert ["250", "250", "421"] == codes([await second.mail(f"{name}@x.example") for name in "def"])

    with_sink(play, host(rate=2.0, burst=3.0, limited="421 4.7.28 too fast"))


def test_transactions_at_once_are_counted_over_all_connections():
    async def play(sink: Sink) -> None:
        first, second, third = [await call(sink) for _ in range(3)]
        assert "354 go ahead" == (await first.envelope("a@x.example"))[2]
        assert "421 4.7.0 crowded" == (await second.envelope("b@x.example"))[1]
        assert await second.is_closed()
        assert ["250"] == codes(await first.ask(LETTER))
        assert ["250"] == codes([await third.mail("b@x.example")])

    with_sink(play, host(connections=1, crowded="421 4.7.0 crowded"))


@pytest.mark.parametrize("ending", ["reset", "hang up"])
def test_a_given_up_transaction_frees_the_line(ending):
    async def play(sink: Sink) -> None:
        first, second = await call(sink), await call(sink)
        await first.ask(b"MAIL FROM:<>\r\nRCPT TO:<a@x.example>\r\n", 2)
        if ending == "reset":
            await first.ask(b"RSET\r\n")
        else:
            first.writer.close()
            await asyncio.sleep(1)
        assert ["250"] == codes([await second.mail("b@x.example")])

    with_sink(play, host(connections=1, crowded="421 4.7.0 crowded"))


def test_a_connection_is_tired_after_so_many_messages_and_a_new_one_is_not():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        replies = [await client.mail(f"{name}@x.example") for name in "abc"]
        assert ["250", "250", "421"] == codes(replies)
        assert ["250"] == codes([await (await call(sink)).mail("c@x.example")])

    with_sink(play, host(per_connection=2, tired="421 4.7.0 tired"))


def test_a_drop_while_the_text_comes_takes_nothing_and_strikes_once():
    async def play(sink: Sink) -> None:
        assert "lost" == await (await call(sink)).mail("a@x.example")
        assert not sink.record.taken
        await asyncio.sleep(60)
        assert ["250"] == codes([await (await call(sink)).mail("a@x.example")])

    with_sink(play, host(Whim("body", 1.0, "")))


def test_a_drop_after_the_dot_has_taken_the_message():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        assert "lost" == await client.mail("a@x.example")
        assert 1 == sink.record.taken["a@x.example"]

    with_sink(play, host(Whim("taken", 1.0, "")))


def test_a_slow_answer_arrives_late_and_those_behind_it_later():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        await client.envelope("a@x.example")
        before = sink.loop.time()
        assert ["250", "250"] == codes(await client.ask(LETTER + b"NOOP\r\n", 2))
        assert 8.5 <= sink.loop.time() - before
        assert before + 8 <= sink.record.taken_at["a@x.example"]

    with_sink(play, host(slow=1.0, slow_delay=8.0), distance=0.5)


def test_a_reply_takes_as_long_as_the_way():
    async def play(sink: Sink) -> None:
        client = await call(sink)
        before = sink.loop.time()
        await client.ask(b"NOOP\r\nNOOP\r\n", 2)
        passed = sink.loop.time() - before
        assert 3600 <= passed < 7200

    with_sink(play, *CALM, distance=3600)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("a@gmail.com", "gmail"),
        ("a@GoogleMail.com", "gmail"),
        ("a@hotmail.de", "outlook"),
        ("a@web.de", "gmx"),
        ("a@t-online.de", "t-online"),
    ],
)
def test_well_known_domains_have_their_provider(address, host):
    async def play(sink: Sink) -> None:
        assert host == sink.reception_of(address).profile.name

    with_sink(play, *PROFILES)
