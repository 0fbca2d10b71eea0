"""Points in time as people at a machine mean them: its local time, the next eight o'clock, quiet hours."""

import re
from datetime import UTC, date, datetime, time, timedelta

from ruhrmail.config.quiet import QuietHours
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
OFFSET = r"(?P<offset>Z|[+-]\d{2}:?\d{2})?"
ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})[T ]\s*{CLOCK}\s*{OFFSET}")
GERMAN = re.compile(
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}),?\s+{CLOCK}(?:\s*Uhr)?\s*{OFFSET}"
)
TIME_ONLY = re.compile(rf"{CLOCK}(?:\s*Uhr)?")
DAY = timedelta(days=1)
FARTHEST = 20 * 366 * DAY
"""No mailing is planned so far ahead."""
SATURDAY = 5
LONGEST_QUIET = 10
"""More ends of quiet hours and weekends than can follow on each other."""


def read_moment(text: str, now: datetime) -> datetime:
    """`2026-11-30T08:00`, `30.11.2026 08:00`, `08:00` (the next one), in UTC.

    An offset such as `+01:00` may follow a time with its day; without one it is this machine's local time. Raises
    UsageError, also for a time that the clocks leave out when they are put forward.
    """
    plain = text.strip()
    match = ISO.fullmatch(plain) or GERMAN.fullmatch(plain)
    try:
        if match:
            found = match.groupdict()
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            return within_reach(at_offset(datetime.combine(day, clock_of(found)), found["offset"]), now)
        if match := TIME_ONLY.fullmatch(plain):
            return next_at(clock_of(match.groupdict()), now)
    except (ValueError, OverflowError) as error:
        raise UsageError(phrase("there is no such time: {value}", value=text), hint=FORMS) from error
    raise UsageError(phrase("this is no time: {value}", value=text), hint=FORMS)


FORMS = phrase("write 2026-11-30T08:00, 30.11.2026 08:00, or 08:00 for the next one")


def clock_of(found: dict[str, str | None]) -> time:
    """The time of the day that a pattern found. Raises ValueError."""
    return time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))


def at_offset(local: datetime, offset: str | None) -> datetime:
    """A time as it was written, in UTC. Raises ValueError."""
    if offset:
        return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)
    found = local.astimezone(UTC)
    if to_local(found) != local:
        raise ValueError("the clocks are put forward over this time")
    return found


def within_reach(at: datetime, now: datetime) -> datetime:
    """The same time, unless its year is a slip. Raises ValueError."""
    if at - now > FARTHEST:
        raise ValueError("nobody waits for that")
    return at


def next_at(clock: time, now: datetime) -> datetime:
    """The next time that this machine's clock shows so, in UTC; today or tomorrow."""
    today = to_local(now).date()
    found = at_offset(datetime.combine(today, clock), None)
    return found if found > now else at_offset(datetime.combine(today + DAY, clock), None)


def to_local(at: datetime) -> datetime:
    """What this machine's clock shows at a point in time (naive)."""
    return at.astimezone().replace(tzinfo=None)


def quiet_until(hours: QuietHours | None, at: datetime) -> datetime | None:
    """When the quiet that holds at a point in time is over (UTC); None when it is not quiet then."""
    if hours is None:
        return None
    local = to_local(at)
    for _ in range(LONGEST_QUIET):
        end = end_of_quiet(hours, local)
        if end is None:
            break
        local = end
    return local.astimezone(UTC) if local != to_local(at) else None


def end_of_quiet(hours: QuietHours, local: datetime) -> datetime | None:
    """The end of the rule that makes a local time quiet, where another may begin; None when none does."""
    if hours.weekends and local.weekday() >= SATURDAY:
        return datetime.combine(local.date() + (7 - local.weekday()) * DAY, time())
    if hours.from_ is None or hours.to is None:
        return None
    clock = local.time()
    over_midnight = hours.from_ > hours.to
    if over_midnight and clock >= hours.from_:
        return datetime.combine(local.date() + DAY, hours.to)
    if clock < hours.to and (over_midnight or clock >= hours.from_):
        return datetime.combine(local.date(), hours.to)
    return None


def shown(at: datetime) -> str:
    """A point in time as this machine's clock shows it."""
    return to_local(at).strftime("%Y-%m-%d %H:%M:%S")
