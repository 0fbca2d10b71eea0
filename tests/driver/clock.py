"""A wall clock that jumps while others run by it."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import ruhrmail.flows.machine


def shift_clock(file: str) -> None:
    """From now on the machine's clock is wrong by the seconds that the file holds at that moment.

    While the file is being written it may be empty for an instant: then the last number holds.
    """

    class Shifted(datetime):
        seconds = 0.0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            cls.seconds = float(Path(file).read_text(encoding="utf-8") or cls.seconds)
            return super().now(tz) + timedelta(seconds=cls.seconds)

    ruhrmail.flows.machine.datetime = Shifted  # type: ignore[misc]
