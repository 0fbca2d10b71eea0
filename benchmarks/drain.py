"""`python -m benchmarks.drain PROJECT SLUG`: sends a mailing that lies prepared in its store, and times only that.

This is what `ruhrmail send` does once the question is answered: it claims from the ledger, merges, sends, records.
The relay comes from the environment (RUHRMAIL_RELAY). Prints one line of JSON.
"""

import os
import sys
from pathlib import Path

from benchmarks.peers.timed import print_timed
from ruhrmail.config import load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.work import Lookout, work
from ruhrmail.model.ledger import State
from ruhrmail.store import figures, find_mailing, open_store
from ruhrmail.tokens import load_keyring


def drain_prepared(project: Path, slug: str) -> None:
    """Drains and prints; a recipient who was not sent is an error."""
    config, machine = load_config(project, os.environ), this_machine()
    with open_store(config.store, now=machine.now(), randomness=machine.randomness) as store:
        keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
        mailing = find_mailing(store, slug)
        before = figures(store, slug)
        if mailing is None or before is None:
            raise SystemExit(f"{project} holds no prepared mailing of {slug}")
        waiting = before.counts[State.PENDING]
        print_timed(
            waiting, lambda: work(config, store, mailing, keyring, machine, lambda event: None, Lookout(lambda: None))
        )
        after = figures(store, slug)
        if after is None or after.counts[State.SENT] != before.recipients:
            raise SystemExit(f"not everybody was sent: {after}")


if __name__ == "__main__":
    drain_prepared(Path(sys.argv[1]), sys.argv[2])
