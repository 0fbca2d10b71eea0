"""Who sends or waits, and the note that says so."""

import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that sends or waits: its number, since when (UTC), and what for (a mailing's name, may be empty).

    `host`: the machine it runs on, empty where that is the machine of whoever asks, as with a store in a file. `pid` is
    0 and `since` None where it has left no note yet.
    """

    pid: int = 0
    since: datetime | None = None
    mailing: str = ""
    host: str = ""

    @property
    def name(self) -> str:
        """Which process that is, for people: its number, and its machine where that may be another."""
        return f"{self.pid} ({self.host})" if self.host else str(self.pid)


def to_note(holder: Holder) -> str:
    """What a holder says about itself."""
    since = holder.since.isoformat() if holder.since else None
    return json.dumps({"pid": holder.pid, "since": since, "mailing": holder.mailing, "host": holder.host})


def from_note(text: str) -> Holder:
    """The holder that a note is about; an empty one for what is no note."""
    try:
        note = json.loads(text)
        pid, since = int(note["pid"]), datetime.fromisoformat(note["since"])
        return Holder(pid, since, str(note.get("mailing", "")), str(note.get("host", "")))
    except (ValueError, KeyError, TypeError):
        return Holder()
