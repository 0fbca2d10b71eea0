"""Events: dates to note, in order and of one kind."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ruhrmail.model.dates import EventTime, When
from ruhrmail.model.links import Link
from ruhrmail.model.placed import Placed
from ruhrmail.model.written import Line, Markdown, Written, wrong


class EventDate(Written):
    """One day or span of an event."""

    start: EventTime
    end: EventTime | None = None
    place: Line | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        check_order(self.start, self.end)
        return self


class Event(Written):
    """Something to go to: on one day, over several, or at a series of places."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["start"]}, {"required": ["dates"]}]})

    title: Line
    start: EventTime | None = None
    end: EventTime | None = None
    place: Line | None = None
    dates: Annotated[tuple[EventDate, ...], Field(min_length=1)] | None = None
    text: Markdown | None = None
    link: Link | None = None

    @model_validator(mode="after")
    def has_dates(self) -> Self:
        if self.start is None and self.dates is None:
            raise wrong("schema/missing", "the event has no date", "add `start:`, or `dates:` for several")
        if self.dates is not None and (self.start is not None or self.end is not None):
            template = "the event has `start` and `dates`" if self.start else "the event has `end` and `dates`"
            raise wrong("schema/both", template, "keep one of the two", at="dates")
        check_order(self.start, self.end)
        return self

    def all_dates(self) -> tuple[EventDate, ...]:
        """Every date of the event in the order of the file; a date without a place takes the event's."""
        if self.dates is None and self.start is not None:
            return (EventDate.model_construct(start=self.start, end=self.end, place=self.place),)
        return tuple(one if one.place else one.model_copy(update={"place": self.place}) for one in self.dates or ())


def check_order(start: When | None, end: When | None) -> None:
    """Raises when the end is not after the start, or one is a day and the other a time."""
    if start is None:
        if end is not None:
            raise wrong("schema/missing", "there is an end and no start", "add `start:`", at="end")
        return
    if end is None:
        return
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise wrong(
            "schema/date",
            "one of start and end has a time and the other has none",
            "write both with a time, or both without",
            at="end",
        )
    first, last = (start, end) if isinstance(start, datetime) else (day(start), day(end))
    if last < first:
        raise wrong("schema/date-order", "the end lies before the start", "swap them, or mend the year", at="end")


def day(when: When) -> date:
    """The day of a day or time."""
    return when.date() if isinstance(when, datetime) else when


class Events(Placed):
    """Dates to note, shown in the order of the file."""

    type: Literal["events"]
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    title: Line | None = None
