"""The progress of a mailing on standard error: live on a terminal, now and then a line elsewhere."""

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ruhrmail.cli.fleet import tell_of_fleet
from ruhrmail.cli.live import above, make_live, put_raw
from ruhrmail.cli.picture import crew_of, duration, in_figures, pace_of
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.wording import local
from ruhrmail.deliver import Event, Progress, RelayTrouble, RelayWorks, Slowed, Tried, Waiting, Working
from ruhrmail.errors import OutputError
from ruhrmail.flows.events import (
    Away,
    Back,
    Countdown,
    Crewed,
    Crewless,
    Draining,
    FlowEvent,
    Following,
    Halted,
    Hampered,
    Queued,
    Quieting,
    Resting,
    Sending,
)
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.watch.tally import Tally
from ruhrmail.watch.ticker import Ticker

if TYPE_CHECKING:
    from rich.live import Live

BETWEEN_LINES = 10.0
BETWEEN_LOOKS = 0.25
COUNTED = frozenset({Progress, Tried, Working, Sending, Following, RelayWorks})
"""Events that are shown in figures only, or not at all."""
DEAF = (OSError, OutputError)
"""Nobody reads along any more (`2>&1 | head`, a full disk, a closed terminal): that must not stop the mail."""

Hear = Callable[[Event | FlowEvent], None]


class Watch:
    """Tells what goes on. `begin` says how many recipients there are; `also` hears every event besides.

    The loop's thread only leaves word; a thread of its own prints. A terminal that was stopped with Ctrl+S, or a pipe
    that nobody empties, holds up that thread alone.
    """

    def __init__(self, terminal: Terminal, live: "Live | None", tally: Tally, also: tuple[Hear, ...] = ()) -> None:
        self.terminal = terminal
        self.live = live
        self.tally = tally
        self.also = also
        self.heard = True
        self.begun = False
        self.told = Progress()
        self.next_line = 0.0
        self.until: datetime | None = None
        self.news: deque[Callable[[], None]] = deque()
        self.ticker = Ticker(BETWEEN_LOOKS, self.tick)

    def begin(self, total: int, doubtful: int = 0) -> None:
        """The mail begins: from now on there is something to see. Comes again after quiet hours."""
        self.clear()
        self.tally.begin(total, doubtful)
        self.next_line = self.tally.clock() + BETWEEN_LINES
        if self.live is not None and total:
            self.live.start()
        if total and not self.begun:
            self.begun = True
            self.ticker.start()

    def on_event(self, event: Event | FlowEvent) -> None:
        """One event of the run, many thousand a second."""
        self.tally.on_event(event)
        for hear in self.also:
            hear(event)
        if type(event) is Following and event.open and not self.begun:  # one that was scheduled has begun
            self.begin(event.open)
        if type(event) in COUNTED:
            return
        if self.begun:
            self.news.append(partial(self.tell, event))
        else:
            self.tell(event)

    def later(self, text: Phrase | str, /, **values: object) -> None:
        """A line, from any thread, that keeps nobody waiting."""
        self.news.append(partial(self.say, text, **values))

    def tell(self, event: Event | FlowEvent) -> None:
        """One event in words."""
        match event:
            case RelayTrouble():
                self.say_error(event)
            case Slowed():
                self.say_slowed(event)
            case Waiting():
                self.say("deferred mail is tried again at {time}; Ctrl+C ends, and `send` goes on later",
                         time=event.until.astimezone().strftime("%H:%M:%S"))  # fmt: skip
            case Draining():
                self.clear()
                self.say("stopping: what is on its way is finished; once more ends at once")
            case Halted():
                self.say("somebody stopped the mailing: what is on its way is finished")
            case Quieting():
                self.say("quiet hours begin: what is on its way is finished, the rest is sent from {time}",
                         time=local(event.until))  # fmt: skip
            case Countdown():
                self.say_left(event)
            case Queued():
                self.clear()
                self.say("the time has come, but process {pid} is sending from this store: waiting for it",
                         pid=event.holder.name)  # fmt: skip
            case Resting() | Crewed() | Crewless() | Hampered() | Away() | Back():
                with self.quietly():
                    tell_of_fleet(self.terminal, event)

    def say_left(self, event: Countdown) -> None:
        """Until when it waits, once; on a terminal also for how long, all the time."""
        if self.until != event.until:
            self.until = event.until
            self.say("waiting until {time}; Ctrl+C ends that, and the mailing stays scheduled", time=local(event.until))
        if self.live is not None:
            left = timedelta(seconds=math.ceil(event.left.total_seconds()))
            with self.quietly():
                self.live.stop()
                put_raw(self.live, f"\r\x1b[K{left}")

    def clear(self) -> None:
        """Takes the countdown off the terminal."""
        if self.live is not None and self.until is not None:
            with self.quietly():
                put_raw(self.live, "\r\x1b[K")

    def say_error(self, event: RelayTrouble) -> None:
        """What is wrong with a relay."""
        with self.quietly():
            self.terminal.error(event.error)
        self.say("trying {relay} again in {seconds} s", relay=event.relay, seconds=round(event.pause, 1))

    def say_slowed(self, event: Slowed) -> None:
        """Who asked for less, and what follows from it."""
        relay, reply = event.relay, f"{event.reply.code} {event.reply.text}"
        if event.domain:
            self.say("{relay} asks for less mail to {domain}: {connections} connections now ({reply})", relay=relay,
                     domain=event.domain, connections=event.connections, reply=reply)  # fmt: skip
        else:
            self.say("{relay} asks for less: {connections} connections now ({reply})", relay=relay,
                     connections=event.connections, reply=reply)  # fmt: skip
        if event.pause:
            self.say("{relay} rests for {time}", relay=event.domain or relay, time=duration(event.pause))

    def say(self, text: Phrase | str, /, **values: object) -> None:
        """A line, above the picture where there is one."""
        with self.quietly():
            self.terminal.tell(text, **values)

    def tick(self) -> bool:
        """What was left word of, then the picture anew or a line; False once nobody reads along."""
        self.pass_on()
        if self.live is not None:
            with self.quietly():
                self.live.refresh()
        elif self.told != self.tally.progress and self.tally.clock() >= self.next_line:
            self.told = self.tally.progress
            self.next_line = self.tally.clock() + BETWEEN_LINES
            self.say_figures()
        return self.heard

    def say_figures(self) -> None:
        """How far it is, for where no picture is drawn."""
        pace, fleet = pace_of(self.tally), self.tally.fleet
        if fleet is not None:
            pace = phrase("{pace}; {crew}", pace=pace, crew=crew_of(fleet))
        self.say("{done} of {total}: sent {sent}, deferred {deferred}, failed {failed}; {pace}",
                 done=self.tally.done, total=self.tally.total, sent=self.told.sent, deferred=self.told.deferred,
                 failed=self.told.failed, pace=pace)  # fmt: skip

    def pass_on(self) -> None:
        """Says what was left word of. At the end two threads may: one that hung, and the one that waited for it."""
        while self.heard and (word := self.next_word()) is not None:
            word()

    def next_word(self) -> Callable[[], None] | None:
        """What was left word of first, None where nothing was, or the other thread was faster."""
        try:
            return self.news.popleft()
        except IndexError:
            return None

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Once nobody reads along it is silent."""
        try:
            yield
        except DEAF:
            self.heard = False

    def end(self) -> None:
        """The picture is gone; what stays is how long it took."""
        self.ticker.stop()
        if self.live is not None:
            with suppress(OSError):
                self.live.stop()
        self.pass_on()
        if self.tally.done:
            self.say("{done} of {total} in {time}: {rate} a second", done=self.tally.done, total=self.tally.total,
                     time=duration(self.tally.clock() - self.tally.began),
                     rate=in_figures(self.tally.mean_rate()))  # fmt: skip


@contextmanager
def watching(terminal: Terminal, tally: Tally, also: tuple[Hear, ...] = (), *, lines: bool = False) -> Iterator[Watch]:
    """A watch for one run; its picture is gone when the block ends. `lines`: none is drawn, on a terminal either."""
    live = None if lines else make_live(terminal, tally)
    voice = terminal if live is None else above(terminal, live)
    watch = Watch(voice, live, tally, also)
    try:
        yield watch
    finally:
        watch.terminal = terminal
        watch.end()
