"""What keeps a worker from sending, as it last found it; nothing that would name a reader or hold a secret."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from ruhrmail.deliver import Event, RelayTrouble, RelayWorks
from ruhrmail.errors import RelayError, RuhrmailError
from ruhrmail.masking import mask_phrase
from ruhrmail.model.fleet import Hindrance


@dataclass(slots=True)
class Hindrances:
    """One worker's, at most one for each relay. Times are UTC."""

    _found: dict[str, Hindrance] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Hindrance, ...]:
        """The longest first."""
        return tuple(sorted(self._found.values(), key=lambda one: (one.since, one.relay)))

    def hear(self, event: Event, now: datetime) -> None:
        """A run's event: a relay cannot be used, or works. One that takes fewer connections works."""
        if isinstance(event, RelayTrouble) and not event.connected:
            self._note(event.relay, event.error, now)
        elif isinstance(event, RelayWorks):
            self._found.pop(event.relay, None)
            self._found.pop("", None)

    def note(self, error: RuhrmailError, now: datetime) -> None:
        """What ended a run, where that is not what is known of a relay already."""
        if not (isinstance(error, RelayError) and any(self._found)):
            self._note("", error, now)

    def clear(self) -> None:
        """Nobody waits any more for what could not be used."""
        self._found.clear()

    def _note(self, relay: str, error: RuhrmailError, now: datetime) -> None:
        """The reason may change; since when holds from the first."""
        advice = mask_phrase(error.hint) if error.hint is not None else None
        new = Hindrance(relay, now, mask_phrase(error.message), advice)
        known = self._found.get(relay)
        self._found[relay] = replace(new, since=known.since) if known else new
