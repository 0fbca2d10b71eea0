"""Returned mail: `ruhrmail bounces MAILDIR` as a whole, durable on disk fifty messages at a time, beside flufl.bounce.

flufl.bounce alone, over messages parsed by the standard library, says who failed and remembers nothing: the floor.
`--messages` says how many come back.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

from benchmarks.letter import write_project
from benchmarks.rounds import Effort
from ruhrmail.config import load_config
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.model.people import Person
from ruhrmail.store import NewMailing, Store, begin_mailing, enrol, open_store, people, sync_roster
from ruhrmail.tokens import Keyring, Purpose

SECRET = "a-secret-of-benchmarks-long-enough-to-be-one"
KEYRING = Keyring((SECRET.encode(),))
BODY = "Wir berichten aus dem Ruhrgebiet, wie jeden Monat.=\r\n" * 1500
FAILURES = (
    ("5.1.1", "smtp; 550 5.1.1 <{email}>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("5.2.2", "smtp; 552 5.2.2 <{email}>: user is over quota"),
    ("5.7.1", "smtp; 554 5.7.1 Message rejected due to local policy"),
    ("5.0.0", "smtp; 550 Requested action not taken: mailbox unavailable"),
    ("4.4.1", "X-Postfix; connect to mx.halde.example[192.0.2.1]:25: Connection timed out"),
)
REPORT = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.halde.example (Mail Delivery System)
Date: Fri, 6 Nov 2026 09:00:00 +0100
Message-ID: <{number}@mx.halde.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="g"

--g
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.halde.example.

--g
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.halde.example

Final-Recipient: rfc822; {email}
Action: failed
Status: {status}
Diagnostic-Code: {diagnostic}

--g
Content-Type: message/rfc822

Subject: Licht in der Halle
Content-Transfer-Encoding: quoted-printable

{body}
--g--
"""
NOTE = "Delivered-To: {to}\nFrom: {email}\nSubject: Abwesenheit\nAuto-Submitted: auto-replied\n\nBin im Urlaub.\n"


def measure_returns(effort: Effort) -> None:
    """Prints how long the whole command takes over a Maildir, and flufl.bounce over the same files."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        project, box = Path(folder) / "project", Path(folder) / "box"
        write_project(project, 1)
        config, machine = load_config(project, {}), this_machine()
        (box / "new").mkdir(parents=True)
        with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
            for number, message in enumerate(write_messages(store, machine, effort.messages)):
                (box / "new" / f"{number:07}").write_bytes(message)
        size = sum(path.stat().st_size for path in (box / "new").iterdir()) / 1e6
        print(f"{effort.messages:,} messages, {size:.0f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
        for what in ("read and acted upon", "read again"):
            time_command(what, project, box, effort.messages)
        begun = time.process_time()
        time_flufl(box)
        cost = 1e3 * (time.process_time() - begun) / effort.messages
        print(f"flufl.bounce alone: processor {cost:.1f} ms a message", flush=True)


def write_messages(store: Store, machine: Machine, count: int) -> Iterator[bytes]:
    """A mailing to so many, and what comes back: nine reports of every ten, and an out-of-office note."""
    now = machine.now()
    crowd = (Person(f"leser{number}@liste.example", f"leser{number}@liste.example") for number in range(count))
    sync_roster(store, crowd, "sha", now)
    mailing = begin_mailing(store, NewMailing("2026-11", "Licht", "Ruhrblick", "n.example", {"a": "b"}), {}, now)
    enrol(store, mailing, now)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sent', at = enrolled_at")
    stamp = KEYRING.stamp(Purpose.RETURN, mailing.id, bytes.fromhex(store.id)[:3])
    for number, one in enumerate(people(store)):
        to, email = f"u+{stamp.sign_return(one.token_id)}@n.example", one.person.email
        status, diagnostic = FAILURES[number % len(FAILURES)]
        form, words = (NOTE, "") if number % 10 == 9 else (REPORT, diagnostic.format(email=email))
        text = form.format(to=to, email=email, number=number, status=status, diagnostic=words, body=BODY)
        yield text.encode()


def time_command(what: str, project: Path, box: Path, count: int) -> None:
    """Prints what `ruhrmail bounces MAILDIR` takes from its start to its end, and what it says at last."""
    command = [sys.executable, "-m", "ruhrmail", "--project", str(project), "bounces", str(box)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environ = {**os.environ, "RUHRMAIL_SECRET": SECRET}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what}: {wall:.1f} s, {count / wall:.0f}/s, processor {1e3 * worked / count:.1f} ms a message, "
          f"memory at most {after.ru_maxrss / 1e3:.0f} MB")  # fmt: skip
    print(f"  {done.stdout.splitlines()[-1].partition(': ')[2]}", flush=True)


def time_flufl(box: Path) -> None:
    """Has the standard library's parser and flufl.bounce read everything."""
    from flufl.bounce import all_failures

    for path in (box / "new").iterdir():
        all_failures(message_from_bytes(path.read_bytes()))
