"""What goes wrong, where, and how often."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

RECORDED = ("", "drop-after", "silence-after", "cut")
"""What may happen at the dot to a message that was taken, besides a 2xx reply."""

MALFORMED = (
    "no number at all",
    "25 0 ok",
    "2500 ok",
    "250+ok",
    "25O ok",
    "999 ok",
    "000 ok",
    "100 ok",
    "-250 ok",
    "250-one\\n251 two",
    "250-one\\nno number at all",
    "\xff\xfe250 ok",
    "",
)
"""Replies that are none (RFC 5321 section 4.2)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, where, how often (0 to 1), for whom (part of the address), and how many times (0: always).

    `domain` is a whole receiving domain; the first `after` times that the stage is reached nothing happens.

    Stages: connect, ehlo, starttls, auth (its `recipient` is the method), mail, rcpt, data, body (in the middle of it),
    dot, idle (after a message was taken, unasked), rset, noop, quit.

    Actions: a reply (`451 4.3.0 later`, lines parted by `\\n`; a 421 hangs up after it), or
    `drop`, `silence`, `garbage`, `endless` (a reply without end), `cut` (half of the good reply, then a drop);
    at the dot also `drop-after` and `silence-after` (the message is recorded first; so it is before `cut`);
    at data also `early` (354 and 250 at once, before the body was read; the message is recorded).
    """

    stage: str
    action: str
    chance: float = 1.0
    recipient: str = ""
    times: int = 0
    domain: str = ""
    after: int = 0


@dataclass(slots=True)
class Faults:
    """All faults of a server, and how often each of them was met and struck."""

    known: Sequence[Fault]
    dice: random.Random
    met: Counter[Fault] = field(default_factory=Counter)
    used: Counter[Fault] = field(default_factory=Counter)

    def strike(self, stage: str, recipient: str) -> str:
        """The action of the first fault that strikes here, or nothing."""
        return next((fault.action for fault in self.known if self._strikes(fault, stage, recipient)), "")

    def _strikes(self, fault: Fault, stage: str, recipient: str) -> bool:
        if fault.stage != stage or fault.recipient not in recipient:
            return False
        if fault.domain and fault.domain != domain_of(recipient):
            return False
        self.met[fault] += 1
        if self.met[fault] <= fault.after or self.dice.random() >= fault.chance:
            return False
        self.used[fault] += 1
        return not fault.times or self.used[fault] <= fault.times


def domain_of(address: str) -> str:
    """The part after the last @, in small letters."""
    return address.rpartition("@")[2].lower()


def read_fault(text: str) -> Fault:
    """`stage;action;chance;recipient;times;domain;after`, all but the first two optional."""
    stage, action, chance, recipient, times, domain, after = (*text.split(";"), "", "", "", "", "")[:7]
    return Fault(stage, action, float(chance or 1), recipient, int(times or 0), domain, int(after or 0))
