"""The log holds a line for each attempt and no address, and whatever becomes of it the mail goes on."""

import json
import os
import stat
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruhrmail.deliver import Progress, Tried
from ruhrmail.errors import OutputError
from ruhrmail.flows.events import Sending
from ruhrmail.model.ledger import Claim
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.people import Person, Recipient
from ruhrmail.watch.log import logging_to

NOON = datetime(2026, 11, 6, 12, 0, 0, 123456, tzinfo=UTC)
LEA = Person("Lea.Berg@hafen.example", "lea.berg@hafen.example", first_name="Lea")
CLAIM = Claim(7, "t", Recipient(7, bytes(8), LEA), attempts=2)
REFUSED = Attempt(Outcome.FAILED, "main", Reply(550, '<lea.berg@hafen.example> "no" \\ mailbox', "5.1.1"))
BEGUN = Sending("2026-11", lambda claim: f"<{claim.delivery}@n.example>")


def unexpected(reason):
    raise AssertionError(reason)


def write(path, *events, addresses=False, on_trouble=unexpected):
    with logging_to(str(path), addresses, on_trouble) as log:
        for event in (BEGUN, *events):
            log.on_event(event)


def test_a_line_holds_what_the_attempt_was_and_masks_the_recipient(tmp_path):
    write(tmp_path / "log", Tried(CLAIM, REFUSED, NOON, 0.01234), Progress(failed=1))
    assert {
        "time": "2026-11-06T12:00:00.123+00:00", "mailing": "2026-11", "relay": "main", "outcome": "failed",
        "code": 550, "enhanced_code": "5.1.1", "text": '<***> "no" \\ mailbox', "message_id": "<7@n.example>",
        "domain": "hafen.example", "attempt": 3, "ms": 12.3,
    } == json.loads((tmp_path / "log").read_bytes())  # fmt: skip


def test_with_addresses_a_line_names_the_recipient_and_the_text_as_it_came(tmp_path):
    write(tmp_path / "log", Tried(CLAIM, REFUSED, NOON, 0.01), addresses=True)
    found = json.loads((tmp_path / "log").read_bytes())
    assert ("Lea.Berg@hafen.example", REFUSED.reply.text) == (found["email"], found["text"])


def test_an_attempt_without_a_reply_says_how_it_ended(tmp_path):
    write(tmp_path / "log", Tried(CLAIM, Attempt(Outcome.IN_DOUBT, "main", text="connection lost"), NOON, 1))
    found = json.loads((tmp_path / "log").read_bytes())
    assert (None, "", "connection lost") == (found["code"], found["enhanced_code"], found["text"])


def test_what_was_never_tried_is_no_line(tmp_path):
    write(tmp_path / "log", Tried(CLAIM, Attempt(Outcome.RETURNED, "main"), NOON, 1))
    assert b"" == (tmp_path / "log").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_only_its_owner_reads_a_new_log_and_an_old_one_keeps_its_lines(tmp_path):
    path = tmp_path / "log"
    write(path, Tried(CLAIM, REFUSED, NOON, 1))
    write(path, Tried(CLAIM, REFUSED, NOON, 1))
    assert (0o600, 2) == (stat.S_IMODE(path.stat().st_mode), path.read_bytes().count(b"\n"))


def test_a_line_torn_by_a_full_disk_is_ended_before_the_next(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b'{"time":"20')
    write(path, Tried(CLAIM, REFUSED, NOON, 1))
    torn, whole = path.read_bytes().splitlines()
    assert (b'{"time":"20', "failed") == (torn, json.loads(whole)["outcome"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk to try")
def test_a_full_disk_ends_the_log_with_one_warning_and_nothing_else():
    told = []
    write("/dev/full", *[Tried(CLAIM, REFUSED, NOON, 1)] * 5, on_trouble=told.append)
    assert ["No space left on device"] == told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX")
def test_a_pipe_that_nobody_empties_is_given_up_and_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    told, ended = [], threading.Event()

    def flood():
        with logging_to(str(tmp_path / "pipe"), False, told.append) as log:
            for _ in range(3000):
                log.on_event(Tried(CLAIM, REFUSED, NOON, 1))
        ended.set()

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    assert ended.wait(60)
    os.close(reader)
    assert ["the disk does not keep up"] == [str(one) for one in told]


@pytest.mark.parametrize("name", ["nowhere/log", ".", "pipe"])
def test_a_log_that_cannot_be_opened_is_told_before_anything_is_sent(tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError), logging_to(str(tmp_path / name), False, unexpected):
        pass
