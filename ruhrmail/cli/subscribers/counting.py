"""`ruhrmail subscribers stats`: how the list stands and how it grew."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.subscribers.showing import STANDING_WORDS, Form
from ruhrmail.cli.subscribers.suppressing import REASON_WORDS
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from ruhrmail.store import Census, Month

WIDTH = 40
EIGHTHS = " ▏▎▍▌▋▊▉█"
POSTS = ("pending", "sending", "sent", "failed")
"""The states of mails about joining, those that wait first."""
SHOWN = 36
"""Months that the plot has room for."""


def stats(
    ctx: typer.Context,
    format_: Annotated[Form, typer.Option("--format", help=word("For people, or for machines."))] = Form.TEXT,
) -> None:
    from ruhrmail.flows.directory import count_people
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.store import Census

    desk: Desk = ctx.obj
    census = count_people(desk.config, this_machine()) or Census({}, {}, ())
    if format_ is Form.JSON:
        desk.terminal.data(as_json(census))
    else:
        show_census(desk.terminal, census)


def as_json(census: "Census") -> dict[str, object]:
    """The figures for machines."""
    return {
        **dict.fromkeys(STANDING_WORDS, 0),
        **{state.value: count for state, count in census.standings.items()},
        "reasons": {reason.value: count for reason, count in census.reasons.items()},
        "outbox": dict.fromkeys(POSTS, 0) | dict(census.posts),
        "months": [
            {"month": one.month, "joined": one.joined, "left": one.left, "total": one.total} for one in census.months
        ],
    }


def show_census(terminal: Terminal, census: "Census") -> None:
    """Who stands where, why people are suppressed, and the growth of the list."""
    for standing, count in census.standings.items():
        if count or standing.value == "subscribed":
            terminal.say("{state}: {count}", state=STANDING_WORDS[standing.value], count=count)
    reasons = [f"{terminal.translate(REASON_WORDS[one.value])} {count}" for one, count in census.reasons.items()]
    if reasons:
        terminal.say("suppressions, those of forgotten people and former addresses too: {reasons}",
                     reasons=", ".join(reasons))  # fmt: skip
    waiting, given_up = sum(census.posts.get(state, 0) for state in POSTS[:2]), census.posts.get(POSTS[-1], 0)
    if waiting or given_up:
        terminal.say("mails about joining: {waiting} wait, {failed} could not be delivered", waiting=waiting,
                     failed=given_up)  # fmt: skip
    if not census.months:
        terminal.say("nobody is on the list yet")
    terminal.stream(plot(census.months[-SHOWN:], blocks=not terminal.ascii))


def plot(months: "Sequence[Month]", *, blocks: bool) -> Iterator[str]:
    """A bar for each month: how many were on the list at its end, with those who came and left."""
    most = max((one.total for one in months), default=0)
    for one in months:
        eighths = round(one.total * WIDTH * 8 / most) if most > 0 else 0
        whole, rest = divmod(max(eighths, 0), 8)
        bar = "█" * whole + EIGHTHS[rest].strip() if blocks else "#" * whole
        yield f"{one.month}  {bar:<{WIDTH}} {one.total:>9}  +{one.joined} -{one.left}".rstrip()
