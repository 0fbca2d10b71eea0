"""The sink keeps SMTP's rules for clients that pipeline, and breaks them only on demand."""

import asyncio
import json
import smtplib
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.servers.sink import Acceptance, Fault, Sink, busiest, read_fault

ROOT = Path(__file__).parents[2]
PIPELINING = ("8BITMIME", "SIZE 50000000", "PIPELINING")
BODY = "Message-ID: <1@example.org>\r\n\r\nGuten Tag\r\n"


def envelope(*names: str) -> str:
    return "MAIL FROM:<b@example.org>\r\n" + "".join(f"RCPT TO:<{one}@example.org>\r\n" for one in names) + "DATA\r\n"


def talk(sink: Sink, *segments: str, seconds: float = 5) -> list[str]:
    """Sends each segment at once, the next when the one before was answered; gives all lines that came."""

    async def run() -> bytes:
        async with asyncio.timeout(seconds), sink:
            reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
            heard, expected = b"", 1
            for segment in (*segments, ""):
                while count_replies(heard) < expected and (more := await reader.read(65536)):
                    heard += more
                writer.write(segment.encode())
                _, dot, commands = segment.rpartition(".\r\n")
                expected += len(dot) // 3 + commands.count("\n")
            writer.close()
            return heard

    return asyncio.run(run()).decode("latin-1").split("\r\n")[:-1]


def count_replies(heard: bytes) -> int:
    return len(codes(heard.decode("latin-1").split("\r\n")[:-1]))


def codes(lines: list[str]) -> list[str]:
    return [line[:3] for line in lines if line[3:4] != "-"]


@pytest.mark.parametrize("manner", [{}, {"glued": True}, {"split": True}, {"bytewise": True}, {"multiline": True}])
def test_commands_in_one_segment_are_answered_one_by_one(manner: dict[str, bool]) -> None:
    """The body of one message and the envelope of the next travel together (RFC 2920)."""
    sink = Sink(extensions=PIPELINING, **manner)  # type: ignore[arg-type]
    first, second = envelope("one"), BODY + ".\r\n" + envelope("two")
    answers = codes(talk(sink, "EHLO me\r\n", first, second, BODY + ".\r\nQUIT\r\n"))
    assert ["220", "250", *["250", "250", "354", "250"] * 2, "221"] == answers
    assert (["one@example.org", "two@example.org"], [BODY.encode()] * 2) == (sink.accepted, sink.bodies)
    assert [] == sink.breaches


def test_a_group_is_answered_in_one_segment_when_replies_are_glued() -> None:
    async def run() -> bytes:
        async with asyncio.timeout(60), Sink(extensions=PIPELINING, glued=True) as sink:
            reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
            await reader.read(100)
            writer.write(envelope("one").encode())
            found = await reader.read(1000)
            writer.close()
            return found

    assert 3 == asyncio.run(run()).count(b"\r\n")


def test_a_refused_recipient_leaves_the_transaction_open_until_rset() -> None:
    sink = Sink([Fault("rcpt", "550 5.1.1 unknown", recipient="one@")], extensions=PIPELINING)
    answers = codes(talk(sink, envelope("one"), "MAIL FROM:<>\r\nRSET\r\n" + envelope("three"), BODY + ".\r\nQUIT\r\n"))
    assert ["220", "250", "550", "503"] == answers[:4]
    assert ["503", "250", "250", "250", "354"] == answers[4:9], "a second MAIL is nested"


@pytest.mark.parametrize("reply", ["554 5.5.1 no valid recipients", "250 2.0.0 taken"])
def test_data_without_recipient_may_be_let_through_and_is_kept_apart(reply: str) -> None:
    sink = Sink([Fault("rcpt", "550 5.1.1 unknown")], extensions=PIPELINING, without_recipient=reply)
    answers = codes(talk(sink, envelope("one"), ".\r\nQUIT\r\n"))
    assert ["220", "250", "550", "354", reply[:3], "221"] == answers
    assert ([], [b""]) == (sink.accepted, sink.orphans)


def test_dots_are_undone() -> None:
    sink = Sink(extensions=PIPELINING)
    talk(sink, envelope("one"), "..a\r\n\r\n..\r\nb.\r\n.\r\nQUIT\r\n")
    assert [b".a\r\n\r\n.\r\nb.\r\n"] == sink.bodies


@pytest.mark.parametrize(
    ("action", "accepted", "last"),
    [("drop", 0, "354"), ("drop-after", 1, "354"), ("cut", 1, "354"), ("421 4.3.2 closing", 0, "421")],
)
def test_at_the_dot_a_message_is_recorded_or_not(action: str, accepted: int, last: str) -> None:
    sink = Sink([Fault("dot", action)])
    lines = talk(sink, "MAIL FROM:<>\r\n", "RCPT TO:<one@example.org>\r\n", "DATA\r\n", BODY + ".\r\n")
    assert (accepted, last) == (len(sink.accepted), codes(lines)[-1])


@pytest.mark.parametrize(
    "stage", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot", "idle", "rset", "noop", "quit"]
)
def test_421_at_every_stage_ends_the_connection(stage: str) -> None:
    lines: list[str] = []
    segments = ("EHLO me\r\n", "NOOP\r\n", "RSET\r\n", *envelope("one").splitlines(True), BODY + ".\r\n", "QUIT\r\n")
    with suppress(ConnectionError):
        lines = talk(Sink([Fault(stage, "421 4.3.2 closing")]), *segments)
        assert "421" == codes(lines)[-1]


def test_a_lying_server_answers_before_it_read_the_body() -> None:
    sink = Sink([Fault("data", "early")], extensions=PIPELINING)
    assert ["354", "250", "221"] == codes(talk(sink, envelope("one"), BODY + ".\r\nQUIT\r\n", seconds=3))[-3:]


def test_faults_strike_by_domain_from_some_time_on_and_so_many_times() -> None:
    sink = Sink([read_fault("rcpt;450 4.2.0 later;;;1;example.org;1")], extensions=PIPELINING)
    names = "".join(f"RCPT TO:<a@{domain}>\r\n" for domain in ("example.org.example", "example.org", "EXAMPLE.ORG"))
    answers = codes(talk(sink, "MAIL FROM:<>\r\n", names + "RCPT TO:<a@example.org>\r\nQUIT\r\n"))
    assert ["250", "250", "450", "250", "221"] == answers[2:]


def test_connections_per_domain_are_counted_and_limited() -> None:
    async def run() -> tuple[bytes, bytes]:
        async with asyncio.timeout(60), sink:
            found = []
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
                writer.write(envelope("one").encode())
                found.append(b"")
                while not found[-1].endswith((b"354", b"421")):
                    found[-1] += await reader.readexactly(1)
            return found[0], found[1]

    sink = Sink(extensions=PIPELINING, domain_limits={"example.org": 1})
    first, second = asyncio.run(run())
    assert (b"354", b"421") == (first[-3:], second[-3:])
    assert {"example.org": 1} == sink.most_at_once


@pytest.mark.parametrize(
    ("extensions", "segment", "breach"),
    [
        ((), "MAIL FROM:<>\r\nRSET\r\nQUIT\r\n", "MAIL: pipelined without leave"),
        (PIPELINING, "NOOP\r\nQUIT\r\n", "NOOP: not the last of its group"),
        (PIPELINING, "NOOP\nQUIT\r\n", "NOOP: a bare LF"),
        ((), "MAIL FROM:<> SIZE=1\r\n", "MAIL: SIZE was not announced"),
        (PIPELINING, f"MAIL FROM:<{'x' * 500}>\r\nQUIT\r\n", "MAIL: a line of 514 bytes"),
    ],
)
def test_breaches_by_the_client_are_written_down(extensions: tuple[str, ...], segment: str, breach: str) -> None:
    sink = Sink(extensions=extensions)
    talk(sink, segment)
    assert breach == sink.breaches[0]


@pytest.mark.parametrize(
    ("body", "breach"),
    [("a\nb\r\n", "a bare CR or LF"), ("x" * 999 + "\r\n", "a line of more than 998 bytes"), ("ü\r\n", "eight bits")],
)
def test_broken_bodies_are_written_down(body: str, breach: str) -> None:
    sink = Sink(extensions=PIPELINING)
    talk(sink, envelope("one"), body + ".\r\nQUIT\r\n")
    assert breach in sink.breaches[0]


def test_addresses_beyond_ascii_need_smtputf8() -> None:
    rcpt = "RCPT TO:<jürgen@example.org>\r\n"
    refused = talk(Sink(), "MAIL FROM:<>\r\n", rcpt, "RSET\r\n", "MAIL FROM:<> SMTPUTF8\r\n")
    assert ["553", "250", "555"] == codes(refused)[-3:]
    sink = Sink(extensions=["SMTPUTF8"])
    assert ["250", "250"] == codes(talk(sink, "MAIL FROM:<> SMTPUTF8\r\n", rcpt))[-2:]
    assert [] == sink.breaches


def test_slow_reading_takes_its_time_and_everything() -> None:
    sink = Sink(reading=200_000, extensions=PIPELINING)
    body = "x" * 70 + "\r\n"
    talk(sink, envelope("one"), body * 1000 + ".\r\nQUIT\r\n")
    assert [72_000] == [one.size for one in sink.acceptances]


def test_busiest_counts_any_window() -> None:
    taken = [
        Acceptance(at, 1, "", f"a@{domain}", "", 1) for at, domain in [(0, "a"), (0.9, "a"), (1.0, "b"), (1.8, "a")]
    ]
    assert (3, 2, 4) == (busiest(taken, 1.0), busiest(taken, 1.0, "a"), busiest(taken, 2.0))


def test_sink_process_prints_its_port_and_logs_what_it_accepts_even_when_it_then_drops(tmp_path: Path) -> None:
    log = tmp_path / "log"
    faults = ["--fault", "dot;drop-after;;two@", "--fault", "rcpt;550 5.1.1 unknown;;three@"]
    command = [sys.executable, "-m", "tests.servers.sink", "--log", str(log), *faults]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            for name in ("one", "two", "three"):
                with suppress(smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
                    client.sendmail("b@example.org", [f"{name}@example.org"], BODY)
        finally:
            process.terminate()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [("one@example.org", 1), ("two@example.org", 2)] == [(one["recipient"], one["connection"]) for one in lines]
    assert ("<1@example.org>", "b@example.org") == (lines[0]["message_id"], lines[0]["sender"])
    assert lines[0]["at"] <= lines[1]["at"]
