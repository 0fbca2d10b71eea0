"""The measurements' receivers: what they count and how long they hold back is what figures rest on."""

import os
import random
import shutil
import socket
import time

import pytest

from benchmarks.receivers import accepted, at_distance, lean_sink

ENVELOPE = b"MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n"
BODIES = (
    b".\r\n",
    b"\r\n.\r\n",
    b"one line\r\n.\r\n",
    b"..stuffed\r\n..\r\n\n.\n\r\n.\r.\r\n.\r\n",
    (b"." * 75 + b"\r\n") * 40 + b".\r\n",
    b"x" * 5000 + b"\r\n..\r\n" * 100 + b".\r\n",
)


@pytest.fixture(autouse=True)
def needs_compiler():
    if not all(map(shutil.which, ("cc", "taskset"))):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("apt-get install gcc libc6-dev util-linux")


def talk(port, wire, cut):
    """Writes in pieces of `cut()` bytes and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start = 0
        while start < len(wire):
            end = start + cut()
            peer.sendall(wire[start:end])
            start = end
        answer = b""
        while piece := peer.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize("largest", [1, 7, 300, 5000, 1_000_000])
def test_the_lean_sink_finds_every_end_of_data_wherever_reads_cut_it(largest):
    chance = random.Random(largest)
    wire = b"EHLO a\r\n" + b"".join(ENVELOPE + body for body in BODIES * 5) + b"QUIT\r\n"
    with lean_sink() as sink:
        answer = talk(sink.port, wire, lambda: chance.randint(1, largest))
        assert (30, 30) == (answer.count(b"250 2.0.0 "), accepted(sink))


def test_the_lean_sink_counts_nothing_that_never_ended():
    with lean_sink() as sink:
        with socket.create_connection(("127.0.0.1", sink.port), timeout=30) as peer:
            peer.sendall(b"EHLO a\r\n" + ENVELOPE + b"half a message\r\n.")
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):
                pass
        assert 0 == accepted(sink)


def test_the_lean_sink_takes_no_body_without_a_recipient():
    with lean_sink() as sink:
        answer = talk(sink.port, b"MAIL FROM:<a@a.example>\r\nDATA\r\nQUIT\r\n", lambda: 1000)
        assert [b"220", b"250", b"503", b"221"] == [line[:3] for line in answer.splitlines()]


def test_the_proxy_holds_back_both_directions_and_loses_nothing():
    wire = b"EHLO a\r\n" + b"".join(ENVELOPE + body for body in BODIES * 20) + b"QUIT\r\n"
    with lean_sink() as near, at_distance(near, 50) as far:
        start = time.monotonic()
        answer = talk(far.port, wire, lambda: 1_000_000)
        assert time.monotonic() - start >= 0.1
        assert (120, 120) == (answer.count(b"250 2.0.0 "), accepted(far))
