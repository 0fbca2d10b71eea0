"""Times and states, as the terminal and machines are told them."""

from datetime import datetime

from ruhrmail.model.phrase import phrase

STATE_WORDS = {
    "pending": phrase("waiting"),
    "claimed": phrase("claimed"),
    "in_flight": phrase("in flight"),
    "in_doubt": phrase("in doubt"),
    "deferred": phrase("deferred"),
    "sent": phrase("sent"),
    "failed": phrase("failed"),
    "suppressed": phrase("suppressed"),
}
MAILING_WORDS = {"open": phrase("open"), "complete": phrase("complete"), "stopped": phrase("stopped")}


def local(time: datetime | None) -> str:
    """A time as the reader's clock shows it."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M:%S") if time else ""


def iso(time: datetime | None) -> str | None:
    """A time as machines read it."""
    return time.isoformat(timespec="seconds") if time else None
