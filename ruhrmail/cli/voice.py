"""What a worker says while it runs for weeks: each thing once, and again when an hour later it still is so."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ruhrmail.cli.progress import Watch
from ruhrmail.cli.terminal import Terminal
from ruhrmail.deliver import Event, RelayTrouble, Slowed, Working
from ruhrmail.flows.events import FlowEvent
from ruhrmail.model.phrase import Phrase
from ruhrmail.watch.tally import Tally

TOLD_AGAIN = 3600.0
"""Seconds after which a relay's trouble that lasts is told once more."""
SLOWED_AGAIN = 600.0
"""Seconds for which it is not repeated that somebody asks for less."""


@dataclass(slots=True)
class Recently:
    """What was said when, by the clock's seconds."""

    clock: Callable[[], float]
    said: dict[tuple[str, ...], float] = field(default_factory=dict)

    def is_new(self, *key: str, within: float) -> bool:
        """Whether something was not said within so many seconds; then it is noted as said."""
        now = self.clock()
        if now - self.said.get(key, float("-inf")) < within:
            return False
        self.said[key] = now
        return True

    def forget(self, *key: str) -> bool:
        """Whether something was said; it may be said again at once."""
        return self.said.pop(key, None) is not None


class Voice(Watch):
    """Hears all runs of a worker. A thread of its own prints, so that no terminal or log holds up the mail."""

    def __init__(self, terminal: Terminal, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(terminal, None, Tally(clock))
        self.recently = Recently(clock)
        self.begun = True

    def say_line(self, text: Phrase) -> None:
        """A line about what goes on, from any thread."""
        self.later(text)

    def on_event(self, event: Event | FlowEvent) -> None:
        """One event of one of the runs; what each message does is none of its business."""
        match event:
            case RelayTrouble():
                if self.recently.is_new(event.relay, within=TOLD_AGAIN):
                    self.later(event.error.message)
            case Slowed():
                if self.recently.is_new(event.relay, event.domain, within=SLOWED_AGAIN):
                    super().on_event(event)
            case Working():
                for relay, count in event.connections.items():
                    if count and self.recently.forget(relay):
                        self.later("{relay} answers again", relay=relay)

    def tick(self) -> bool:
        """What was left word of; False once nobody reads along."""
        self.pass_on()
        return self.heard
