"""Senders in turn, round after round, and what became of it: medians, and medians of the rounds' ratios."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks.letter import Letters
from benchmarks.receivers import CORES, Receiver, accepted
from benchmarks.senders import Sender, Spent

Round = Mapping[str, Spent]
Serve = Callable[[], AbstractContextManager[Receiver]]
LEAST = 40
"""The least that a run sends: two messages for each connection."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do: `messages` for the fastest sender in each round, and rounds."""

    messages: int = 10_000
    rounds: int = 5


def in_turn(senders: Sequence[Sender], letters: Letters, serve: Serve, effort: Effort) -> list[Round]:
    """Each sender to a fresh receiver, one after the other, in every round."""
    return [
        {sender.name: send_once(sender, letters, serve, effort.messages) for sender in senders}
        for _ in range(effort.rounds)
    ]


def send_once(sender: Sender, letters: Letters, serve: Serve, most: int) -> Spent:
    """One run of its share of `most` messages. Raises ValueError when the receiver did not accept what was sent."""
    messages = max(LEAST, round(most * sender.share))
    with serve() as receiver:
        spent = sender.send(letters, receiver.port, messages)
        arrived = accepted(receiver)
    if arrived not in (None, messages):
        raise ValueError(f"{sender.name} sent {messages} messages, {receiver.name} accepted {arrived}")
    return spent


def report_rounds(title: str, rounds: Sequence[Round], ours: str, yardstick: str) -> None:
    """A line for each sender. Speed is compared with `yardstick`, CPU time with `ours`, round by round."""
    print(f"-- {title}, {len(rounds)} rounds{'' if len(CORES) > 1 else ', ALL ON ONE CORE'}")
    beside = "x " + yardstick.split(maxsplit=1)[0].rstrip(",")
    print(f"{'':48} {'msg/s':>8} {'min':>8} {'max':>8} {beside:>14} {'CPU us':>8} {'x ours':>7}")
    for name in rounds[0]:
        report_sender(name, [(one[name], one[ours], one[yardstick]) for one in rounds])


def report_sender(name: str, runs: Sequence[tuple[Spent, Spent, Spent]]) -> None:
    """One line; in each triple the sender, ours and the yardstick of the same round."""
    rates = [run.rate for run, _, _ in runs]
    speed = median(run.rate / yardstick.rate for run, _, yardstick in runs)
    cost = median(run.cost for run, _, _ in runs)
    times = median(run.cost / ours.cost for run, ours, _ in runs)
    speeds = f"{median(rates):8,.0f} {min(rates):8,.0f} {max(rates):8,.0f} {speed:14.2f}"
    print(f"{name:48} {speeds} {cost:8,.0f} {times:7.2f}", flush=True)


def median(values: Iterable[float]) -> float:
    """The one in the middle."""
    return statistics.median(list(values))
