"""Quiet hours: when no newsletter is to leave."""

import re
from datetime import time
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ruhrmail.model.written import Written, wrong


def read_clock(text: object) -> time:
    """`20:00` or `7:30`: a time of the day."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", str(text).strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise wrong("config/quiet-hours", "this is no time of the day: {value}", "such as 07:00", value=str(text))
    return time(int(match[1]), int(match[2]))


ClockTime = Annotated[
    time,
    BeforeValidator(read_clock),
    WithJsonSchema({"type": "string", "pattern": r"^\s*([01]?\d|2[0-3]):[0-5]\d\s*$"}),
]


class QuietHours(Written):
    """From one time of the day to another (over midnight where that is earlier), and whole weekends."""

    from_: Annotated[ClockTime | None, Field(alias="from")] = None
    to: ClockTime | None = None
    weekends: bool = False

    @model_validator(mode="after")
    def says_when(self) -> Self:
        if (self.from_ is None) != (self.to is None) or (self.from_ == self.to and not (self.weekends and not self.to)):
            raise wrong(
                "config/quiet-hours",
                "quiet hours need `from` and `to`, two different times",
                'such as from: "20:00" and to: "07:00"; `weekends: true` may stand alone',
            )
        return self
