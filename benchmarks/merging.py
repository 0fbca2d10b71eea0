"""Merging alone, on one core: one reader's fields filled into the 80 KB letter, without and with signed tokens."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.letter import sizes, write_project
from benchmarks.senders import prepare_mailing
from ruhrmail.compose import Filling, Merger
from ruhrmail.config import load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.writing import merger_of
from ruhrmail.model.ledger import Claim
from ruhrmail.store import Ledger, find_mailing, open_store, read_prepared_messages
from ruhrmail.tokens import load_keyring

T = TypeVar("T")
READERS = 2000
ROUNDS = 15


def measure_merging() -> None:
    """Prints merges a second: the merge itself, and all that a claim becomes a message by."""
    with tempfile.TemporaryDirectory(prefix="ruhrmail-bench-") as folder:
        config = write_project(Path(folder) / "project", READERS)
        print(sizes(config))
        prepare_mailing(config.project, "letter")
        machine, config = this_machine(), load_config(config.project, os.environ)
        with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
            mailing = find_mailing(store, "letter")
            assert mailing is not None
            keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
            claims = Ledger(store, mailing).claim(READERS, machine.now())
            merger = Merger(read_prepared_messages(store, mailing)[claims[0].variant])
            write = merger_of(config, store, mailing, keyring)
        fillings = [filling_of(claim) for claim in claims]
        report_rate("merge", fillings, merger.merge)
        report_rate("claim to message: tokens, Message-ID, merge", claims, write)


def filling_of(claim: Claim) -> Filling:
    """What one reader's message holds, tokens made up."""
    return Filling(claim.recipient.person, "<0123456789abcdef@ruhrblick.example>", "A" * 44, "a@ruhrblick.example")


def report_rate(name: str, values: Sequence[T], function: Callable[[T], object]) -> None:
    """How often a second, by CPU time of this thread."""
    rates = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        for value in values:
            function(value)
        rates.append(len(values) / (time.thread_time() - start))
    median, least, most = (of(rates) for of in (statistics.median, min, max))
    print(f"{name:48} median {median:9,.0f} /s   min {least:9,.0f}   max {most:9,.0f}   n {ROUNDS}", flush=True)
