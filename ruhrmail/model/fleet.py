"""The processes that send one newsletter's mailings together."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that sends, as it last said.

    `started_at` is UTC by the server's clock, `age` how long ago it was seen. It holds `slots` of `total` for
    `mailing` (empty: none), `total` is 0 while it takes no work. `sent` counts messages since it started, `rate` those
    of the last seconds, per second.
    """

    name: str
    host: str
    pid: int
    started_at: datetime
    age: timedelta
    mailing: str = ""
    slots: tuple[int, ...] = ()
    total: int = 0
    sent: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Activity:
    """What a worker says about itself with each beat; the fields are those of `Worker`."""

    mailing: str = ""
    slots: tuple[int, ...] = ()
    total: int = 0
    sent: int = 0
    rate: float = 0.0
