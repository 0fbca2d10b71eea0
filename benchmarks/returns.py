"""Returned mail: messages read, classified and acted upon, each durable on disk before the next, beside flufl.bounce.

flufl.bounce alone, over messages parsed by the standard library, says who failed and remembers nothing: the floor.
`--messages` says how many come back.
"""

import os
import resource
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from benchmarks.letter import write_project
from benchmarks.rounds import Effort
from ruhrmail.config import Config, load_config
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.returns import take_in
from ruhrmail.model.people import Person
from ruhrmail.store import NewMailing, Store, begin_mailing, enrol, open_store, people, sync_roster
from ruhrmail.tokens import Keyring, Purpose

KEYRING = Keyring((b"a secret of benchmarks, long enough to be one",))
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
    """Prints how long both take, and what was decided."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        project = Path(folder) / "project"
        write_project(project, 1)
        config, machine = load_config(project, {}), this_machine()
        with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
            messages = write_messages(config, store, machine, effort.messages)
            size = sum(map(len, messages)) / 1e6
            print(f"{len(messages):,} messages, {size:.0f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
            ours = time_ours(config, store, machine, messages)
            again = time_ours(config, store, machine, messages)
        floor = time_flufl(messages)
    print(f"read and acted upon {ours:6.1f} s   {len(messages) / ours:6.0f}/s   {ours / floor:.1f} × flufl.bounce")
    print(f"read again          {again:6.1f} s   {len(messages) / again:6.0f}/s")
    print(f"flufl.bounce alone  {floor:6.1f} s   {len(messages) / floor:6.0f}/s")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB", flush=True)


def write_messages(config: Config, store: Store, machine: Machine, count: int) -> list[bytes]:
    """A mailing to so many, and what comes back: nine reports of every ten, and an out-of-office note."""
    now = machine.now()
    crowd = (Person(f"leser{number}@liste.example", f"leser{number}@liste.example") for number in range(count))
    sync_roster(store, crowd, "sha", now)
    mailing = begin_mailing(store, NewMailing("2026-11", "Licht", "Ruhrblick", "n.example", {"a": "b"}), {}, now)
    enrol(store, mailing, now)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sent', at = enrolled_at")
    stamp = KEYRING.stamp(Purpose.RETURN, mailing.id, bytes.fromhex(store.id)[:3])
    found = []
    for number, one in enumerate(people(store)):
        to, email = f"u+{stamp.sign_return(one.token_id)}@n.example", one.person.email
        status, diagnostic = FAILURES[number % len(FAILURES)]
        form, words = (NOTE, "") if number % 10 == 9 else (REPORT, diagnostic.format(email=email))
        text = form.format(to=to, email=email, number=number, status=status, diagnostic=words, body=BODY)
        found.append(text.encode())
    return found


def time_ours(config: Config, store: Store, machine: Machine, messages: list[bytes]) -> float:
    """Seconds for all messages, and what was decided."""
    begun, worked = time.perf_counter(), time.process_time()
    verdicts = Counter(take_in(config, store, KEYRING, machine, one, "bench").verdict.value for one in messages)
    took = time.perf_counter() - begun
    cost = (time.process_time() - worked) / len(messages)
    named = ", ".join(f"{name} {count}" for name, count in verdicts.most_common())
    print(f"  {named}; processor {1000 * cost:.1f} ms a message", flush=True)
    return took


def time_flufl(messages: list[bytes]) -> float:
    """Seconds for the standard library's parser and flufl.bounce."""
    from flufl.bounce import all_failures

    begun = time.perf_counter()
    for one in messages:
        all_failures(message_from_bytes(one))
    return time.perf_counter() - begun
