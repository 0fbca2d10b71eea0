"""What the sink took, in memory and in a log that outlives it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.servers.sink.fault import domain_of


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One message for one recipient. `at` is in seconds since 1970, connections are counted from 1."""

    at: float
    connection: int
    sender: str
    recipient: str
    message_id: str
    size: int

    @property
    def domain(self) -> str:
        return domain_of(self.recipient)


def write_down(log: Path, acceptance: Acceptance) -> None:
    """One line of JSON that outlives this process. Not the machine: a sync for each would slow all senders down."""
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(acceptance)) + "\n")


def busiest(acceptances: Iterable[Acceptance], seconds: float, domain: str = "") -> int:
    """The most messages that were taken within any so many seconds, for one domain or for all."""
    times = sorted(one.at for one in acceptances if domain in ("", one.domain))
    most = first = 0
    for last, time in enumerate(times):
        while times[first] <= time - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
