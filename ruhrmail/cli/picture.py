"""A run's numbers to a few lines on a terminal, drawn anew four times a second."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ruhrmail.cli.wording import local
from ruhrmail.flows.events import Following
from ruhrmail.i18n import Translator
from ruhrmail.model.fleet import Hindered, Worker
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.watch.tally import Limit, Tally

if TYPE_CHECKING:
    from rich.console import Group

AT_MOST = 8
"""Relays, and limits, that are shown; a terminal has few lines."""


def draw(tally: Tally, translate: Translator) -> "Group":
    """The bar, and below it figures, relays and limits; nothing before there is something to send."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    if not tally.total:
        return Group()
    bar = Table.grid(padding=(0, 1))
    share = f"{100 * tally.done // tally.total} %"
    drawn = ProgressBar(tally.total, tally.done, width=40, complete_style="green", finished_style="green")
    bar.add_row(translate("sending"), drawn, f"{tally.done}/{tally.total}", share)
    lines = (Text(translate(line), no_wrap=True, overflow="ellipsis") for line in describe(tally))
    return Group(bar, *lines)


def describe(tally: Tally) -> Iterator[Phrase]:
    """What stands below the bar."""
    yield pace_of(tally)
    progress = tally.progress
    yield phrase("sent {sent}, deferred {deferred}, failed {failed}, in doubt {doubtful}", sent=progress.sent,
                 deferred=progress.deferred, failed=progress.failed, doubtful=progress.in_doubt)  # fmt: skip
    if tally.fleet is not None:
        yield from describe_fleet(tally.fleet)
    busy = [f"{relay} {count}" for relay, count in sorted(tally.connections.items())]
    if busy:
        yield phrase("connections: {connections}", connections=shortened(busy))
    for limit in tally.limits()[:AT_MOST]:
        yield describe_limit(limit, tally.clock())
    if tally.waiting is not None:
        yield phrase("waiting until {time}", time=tally.waiting.until.astimezone().strftime("%H:%M:%S"))


def describe_fleet(seen: Following) -> Iterator[Phrase]:
    """Who sends, and how fast; who is silent."""
    fleet = seen.fleet
    yield crew_of(seen)
    for one in fleet.working_on(seen.mailing)[:AT_MOST]:
        yield phrase("  {host} ({pid}): {slots} of {total} slots, {rate} a second", host=one.host, pid=one.pid,
                     slots=len(one.slots), total=one.total, rate=in_figures(one.rate))  # fmt: skip
    for each in fleet.hindered[:AT_MOST]:
        yield describe_hindered(each)
    if fleet.silent:
        yield phrase("silent: {workers}", workers=names_of(fleet.silent))


def crew_of(seen: Following) -> Phrase:
    """How many workers there are, and how many slots of this mailing they hold."""
    fleet = seen.fleet
    return phrase("workers: {count}, slots: {held} of {total}", count=len(fleet.alive), held=fleet.held(seen.mailing),
                  total=fleet.total)  # fmt: skip


def describe_hindered(found: Hindered) -> Phrase:
    """Who cannot send, since when and why."""
    return phrase("worker {workers}, since {since}: {reason}", workers=names_of(found.workers),
                  since=local(found.hindrance.since), reason=found.hindrance.reason)  # fmt: skip


def name_of(worker: Worker) -> str:
    """A worker as people find it: its machine and process."""
    return f"{worker.host} ({worker.pid})"


def names_of(workers: Sequence[Worker]) -> str:
    """Several of them, the first few."""
    return shortened([name_of(one) for one in workers])


def pace_of(tally: Tally) -> Phrase:
    """How fast, and how long still."""
    remaining = tally.remaining()
    if remaining is None:
        return phrase("{rate} a second", rate=in_figures(tally.rate()))
    return phrase("{rate} a second, {time} left", rate=in_figures(tally.rate()), time=duration(remaining))


def describe_limit(limit: Limit, now: float) -> Phrase:
    """Who takes less, and until when."""
    whom = phrase("{relay} for {domain}", relay=limit.relay, domain=limit.domain) if limit.domain else limit.relay
    if limit.paused_until > now:
        time = clock_time(limit.paused_until - now)
        return phrase("{relay} rests until {time} {reply}", relay=whom, time=time, reply=limit.reply)
    return phrase("{relay} asked for less: {connections} connections, all again at {time} {reply}", relay=whom,
                  connections=limit.connections, time=clock_time(limit.until - now), reply=limit.reply)  # fmt: skip


def clock_time(seconds: float) -> str:
    """What the reader's clock shows in so many seconds."""
    return (datetime.now().astimezone() + timedelta(seconds=seconds)).strftime("%H:%M:%S")


def shortened(parts: list[str]) -> str:
    """The first few, and that there are more."""
    return ", ".join([*parts[:AT_MOST], *(["…"] if len(parts) > AT_MOST else [])])


def in_figures(rate: float) -> float:
    """A rate as exact as it means something."""
    return round(rate) if rate >= 10 or not rate else round(rate, 1)


def duration(seconds: float) -> str:
    """`0:01:05`; days as hours."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
