"""What the servers took beside what the ledger says, recipient by recipient, at any moment after a crash."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.store import figures, find_mailing, open_store_readonly, read_deliveries
from tests.stories.project import Project

UNKNOWN = (State.IN_FLIGHT, State.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Accounts:
    """`took`: how often each recipient's message was accepted; `states`: empty before anybody was enrolled."""

    took: Counter[str]
    states: dict[str, State]

    def check(self, people: int, bound: int) -> None:
        """Nobody lost, nobody twice, and no more than `bound` unknown. Raises AssertionError saying which."""
        assert [] == [one for one, times in self.took.items() if times > 1], "mailed twice"
        assert len(self.states) in (0, people), "enrolled by halves"
        assert [] == [one for one, state in self.states.items() if state is State.SENT and not self.took[one]], "lost"
        known = [one for one in self.took if self.states.get(one) not in (State.SENT, *UNKNOWN)]
        assert [] == known, "accepted, and the ledger does not know: mailed twice"
        assert self.count(*UNKNOWN) <= bound, "in doubt beyond the bound"

    def check_end(self, people: int, bound: int) -> None:
        """The same when the mailing is over: nobody waits, and who was not mailed is failed or in doubt."""
        self.check(people, bound)
        assert 0 == self.count(*OPEN_STATES), "open at the end"
        assert people == self.count(State.SENT, State.FAILED, State.IN_DOUBT), "lost"

    def count(self, *states: State) -> int:
        return sum(one in states for one in self.states.values())


def read_accounts(project: Project, *logs: Path) -> Accounts:
    """Changes nothing and takes no lock: as the crash left it."""
    took = Counter(recipient for log in logs for recipient in read_log(log))
    store = open_store_readonly(project.store)
    if store is None:
        return Accounts(took, {})
    with store:
        mailing = find_mailing(store, "kurz")
        rows = read_deliveries(store, mailing) if mailing else ()
        return Accounts(took, {one.email: one.state for one in rows})


def is_complete(project: Project) -> bool:
    """Whether its mailing is, as `status` says it; a command for each look would cost more than the mailing."""
    store = open_store_readonly(project.store)
    if store is None:
        return False
    with store:
        found = figures(store, "kurz")
        return found is not None and found.state == "complete"


def count_taken(*logs: Path) -> int:
    """How many messages were accepted."""
    return sum(len(read_log(log)) for log in logs)


def read_log(log: Path) -> Sequence[str]:
    """The recipients of a sink's log; a line that is being written does not count yet."""
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line)["recipient"] for line in lines]
