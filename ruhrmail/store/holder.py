"""Who sends or waits, and the note that says so."""

import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that sends or waits: its number, since when (UTC), and what for (a mailing's name, may be empty).

    `pid` is 0 and `since` None where it has left no note yet.
    """

    pid: int = 0
    since: datetime | None = None
    mailing: str = ""


def to_note(holder: Holder) -> str:
    """What a holder says about itself."""
    since = holder.since.isoformat() if holder.since else None
    return json.dumps({"pid": holder.pid, "since": since, "mailing": holder.mailing})


def from_note(text: str) -> Holder:
    """The holder that a note is about; an empty one for what is no note."""
    try:
        note = json.loads(text)
        return Holder(int(note["pid"]), datetime.fromisoformat(note["since"]), str(note.get("mailing", "")))
    except (ValueError, KeyError, TypeError):
        return Holder()
