"""Senders in turn, round after round, and what became of it: medians, and medians of the rounds' ratios."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks.letter import Letters
from benchmarks.receivers import CORES, Receiver, accepted
from benchmarks.senders import Sender, Spent

Round = Mapping[str, Spent]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do: `messages` for the fastest sender in each round, and rounds."""

    messages: int = 10_000
    rounds: int = 5


def in_turn(
    senders: Sequence[Sender], letters: Letters, serve: Callable[[], AbstractContextManager[Receiver]], effort: Effort
) -> list[Round]:
    """Each sender to a fresh receiver, one after the other, in every round."""
    return [{sender.name: send_once(sender, letters, serve, effort) for sender in senders} for _ in range(effort.rounds)]


def send_once(
    sender: Sender, letters: Letters, serve: Callable[[], AbstractContextManager[Receiver]], effort: Effort
) -> Spent:
    """One run. Raises ValueError when the receiver did not accept what was sent."""
    messages = max(CONNECTIONS_FILLED, round(effort.messages * sender.share))
    with serve() as receiver:
        spent = sender.send(letters, receiver.port, messages)
        arrived = accepted(receiver)
    if arrived not in (None, messages):
        raise ValueError(f"{sender.name} sent {messages} messages, {receiver.name} accepted {arrived}")
    return spent


CONNECTIONS_FILLED = 40
"""The least that a run sends: two messages for each connection."""


def report_rounds(title: str, rounds: Sequence[Round], ours: str, yardstick: str) -> None:
    """A line for each sender. Speed is compared with `yardstick`, CPU time with `ours`, round by round."""
    print(f"-- {title}, {len(rounds)} rounds{'' if len(CORES) > 1 else ', ALL ON ONE CORE'}")
    print(f"{'':48} {'msg/s':>8} {'min':>8} {'max':>8} {'x ' + yardstick.split()[0]:>14} {'CPU us/msg':>11} {'x ours':>7}")
    for name in rounds[0]:
        rates = [one[name].rate for one in rounds]
        speed = median(one[name].rate / one[yardstick].rate for one in rounds)
        cost, times = median(one[name].cost for one in rounds), median(one[name].cost / one[ours].cost for one in rounds)
        print(
            f"{name:48} {median(rates):8,.0f} {min(rates):8,.0f} {max(rates):8,.0f} {speed:14.2f} {cost:11,.0f} {times:7.2f}",
            flush=True,
        )


def median(values: Iterable[float]) -> float:
    return statistics.median(list(values))
