"""Delivery beside Postfix's smtp-source, nodemailer, mailmerge and plain Python: 80 KB letters, 20 connections.

The sender has one core, the receiver the other. ruhrmail does the whole work: it claims from the ledger on disk, merges
each reader's fields, signs links and return address, sends and records. smtp-source sends one finished message to one
address and remembers nothing.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.letter import Letters, sizes, write_letters
from benchmarks.receivers import Receiver, at_distance, lean_sink, smtp_sink
from benchmarks.rounds import Effort, in_turn, report_rounds
from benchmarks.senders import (
    Sender,
    node_sender,
    python_sender,
    send_prepared,
    send_source,
    send_whole,
)
from ruhrmail.config import load_config

OURS, SOURCE = "ruhrmail, complete path", "smtp-source -s 20 -d (one message, no ledger)"
COMPLETE, POSTFIX = Sender(OURS, send_prepared), Sender(SOURCE, send_source)
SENDERS = (
    COMPLETE,
    POSTFIX,
    Sender("ruhrmail send, the whole process", send_whole),
    Sender("nodemailer, pool, prebuilt message", node_sender("prebuilt"), 0.15),
    Sender("nodemailer, pool, composing each", node_sender("compose"), 0.03),
    Sender("aiosmtplib as it comes, prebuilt message", python_sender("aiosmtplib_plain"), 0.1),
    Sender("smtplib + Jinja2 + EmailMessage, 1 connection", python_sender("smtplib_jinja"), 0.02),
    Sender("mailmerge, a connection for each message", python_sender("mailmerge_command"), 0.012),
)
ONE_WAY = 20
"""Milliseconds: half of the round trip."""


def measure_delivery(effort: Effort) -> None:
    """Everybody to the lean sink and to smtp-sink."""
    with letters_for(effort) as letters:
        for title, serve in (("to the lean sink", lean_sink), ("to Postfix smtp-sink", smtp_sink)):
            report_rounds(title, in_turn(SENDERS, letters, serve, effort), OURS, SOURCE)


def measure_distance(effort: Effort) -> None:
    """A receiver 40 ms away."""
    senders = (
        Sender(OURS, send_prepared, 0.12),
        Sender(SOURCE, send_source, 0.06),
        Sender("nodemailer, pool, prebuilt message", node_sender("prebuilt"), 0.08),
    )
    with letters_for(effort) as letters:
        rounds = in_turn(senders, letters, far_sink, effort)
    report_rounds(f"to the lean sink, round trip {2 * ONE_WAY} ms", rounds, OURS, SOURCE)


@contextmanager
def far_sink() -> Iterator[Receiver]:
    """The lean sink behind the delaying proxy."""
    with lean_sink() as near, at_distance(near, ONE_WAY) as far:
        yield far


@contextmanager
def letters_for(effort: Effort) -> Iterator[Letters]:
    """The letter and its readers, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        letters = write_letters(Path(folder), effort.messages)
        print(sizes(load_config(letters.project, {})), flush=True)
        yield letters
