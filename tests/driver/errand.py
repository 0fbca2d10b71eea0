"""What one command is to do, and what is to go wrong with it."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import wraps
from threading import RLock

from ruhrmail.store import Ledger
from tests.driver.circumstances import CIRCUMSTANCES
from tests.driver.clock import shift_clock
from tests.driver.points import watch_point
from tests.driver.sabotage import SABOTAGES
from tests.servers.links import enter


@dataclass(frozen=True, slots=True)
class Errand:
    """`kill` and `freeze` are POINT:COUNT; `sabotage` and `under` name rules to break and circumstances;
    `clock` is a file with the seconds by which the clock is wrong; `namespace` is a network to do it in."""

    arguments: Sequence[str]
    kill: str = ""
    freeze: str = ""
    sabotage: Sequence[str] = ()
    under: Sequence[str] = ()
    clock: str = ""
    namespace: str = ""
    output: str = os.devnull
    environ: Mapping[str, str] = field(default_factory=dict)


def prepare(errand: Errand) -> None:
    """Wraps this process's ruhrmail."""
    if errand.namespace:
        enter(errand.namespace)
    for name in errand.sabotage:
        SABOTAGES[name]()
    for name in errand.under:
        CIRCUMSTANCES[name]()
    if errand.clock:
        shift_clock(errand.clock)
    if errand.kill:
        strike_at(errand.kill, signal.SIGKILL)
    if errand.freeze:
        strike_at(errand.freeze, signal.SIGSTOP, commits())


def commits() -> AbstractContextManager[object]:
    """A lock that the ledger's thread holds while it writes: who freezes with the pen in hand keeps all others from
    writing, and no lease helps them."""
    lock = RLock()
    for name in ("claim", "record"):
        hold(lock, name)
    return lock


def hold(lock: AbstractContextManager[object], name: str) -> None:
    """Makes a method of the ledger hold a lock."""
    original = getattr(Ledger, name)

    @wraps(original)
    def holding(*arguments: object) -> object:
        with lock:
            return original(*arguments)

    setattr(Ledger, name, holding)


def strike_at(where: str, with_what: signal.Signals, between: AbstractContextManager[object] | None = None) -> None:
    """Sends this process a signal at the COUNT-th passage of POINT:COUNT, holding the lock."""
    point, _, count = where.partition(":")
    left = int(count or 1)

    def passage() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            with between or nullcontext():
                os.kill(os.getpid(), with_what)
                time.sleep(0.05)  # the signal may hit another thread first; this one must not go on

    watch_point(point, passage)
