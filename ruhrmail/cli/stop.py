"""`ruhrmail stop`: halts a running or scheduled mailing."""

from typing import TYPE_CHECKING

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Slug

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.stop import Halting


def stop(ctx: typer.Context, slug: Slug) -> None:
    from ruhrmail.cli.status import show_figures
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.stop import stop_issue

    desk: Desk = ctx.obj
    halting = stop_issue(desk.config, slug, this_machine())
    show_halting(desk.terminal, halting)
    show_figures(desk.terminal, halting.after.figures)


def show_halting(terminal: "Terminal", halting: "Halting") -> None:
    """What became of whom the stop met."""
    from ruhrmail.cli.picture import name_of
    from ruhrmail.cli.wording import local

    process, slug = halting.before.process, halting.before.figures.slug
    workers = ", ".join(name_of(one) for one in halting.before.workers)
    if workers and halting.again:
        terminal.say("{slug} is stopped already; workers are still finishing what is on its way: {workers}", slug=slug,
                     workers=workers)  # fmt: skip
    elif workers:
        terminal.say("{slug} is stopped; workers finish what is on its way: {workers}", slug=slug, workers=workers)
    elif halting.again and process is None:
        terminal.say("{slug} is stopped already", slug=slug)
    elif halting.again:
        terminal.say("{slug} is stopped already; process {pid} is still finishing what is on its way", slug=slug,
                     pid=process.name if process else 0)  # fmt: skip
    elif halting.scheduled_for is not None:
        terminal.say("{slug} was scheduled for {time}, and is stopped now", slug=slug,
                     time=local(halting.scheduled_for))  # fmt: skip
    elif process is not None:
        terminal.say("{slug} is stopped: process {pid}, at work since {since}, finishes what is on its way", slug=slug,
                     pid=process.name, since=local(process.since))  # fmt: skip
    else:
        terminal.say("{slug} is stopped; nobody was sending it", slug=slug)
