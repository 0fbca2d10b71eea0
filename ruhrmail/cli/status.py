"""`ruhrmail status`: what became of a mailing."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.completion import name_issues
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.wording import MAILING_WORDS, STATE_WORDS, iso, local
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.status import Details, Standing
    from ruhrmail.model.ledger import Figures


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def status(
    ctx: typer.Context,
    slug: Annotated[
        str | None,
        typer.Argument(metavar="SLUG", autocompletion=name_issues, help=word("The issue; none: every mailing.")),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help=word("How to print figures; csv lists recipients."))
    ] = Format.TEXT,
    recipients: Annotated[bool, typer.Option("--recipients", help=word("List each recipient of the issue."))] = False,
    state: Annotated[
        list[State] | None, typer.Option("--state", help=word("List only recipients in this state; repeatable."))
    ] = None,
) -> None:
    desk: Desk = ctx.obj
    if slug is None:
        if recipients or state or format_ is Format.CSV:
            raise UsageError(phrase("recipients are listed for one issue"), hint=phrase("say which: status SLUG"))
        show_all(desk, format_)
    else:
        show_one(desk, slug, format_, state or [], recipients=recipients)


def show_all(desk: Desk, format_: Format) -> None:
    """The figures of every mailing."""
    from ruhrmail.cli.fleet import show_others
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.status import read_all_standings

    found, fleet = read_all_standings(desk.config, this_machine().now())
    if format_ is Format.JSON:
        desk.terminal.data([as_json(one) for one in found])
    elif not found:
        desk.terminal.say("nothing was sent yet")
    else:
        for one in found:
            show_figures(desk.terminal, one.figures)
            show_process(desk.terminal, one)
    if fleet is not None and format_ is Format.TEXT:
        show_others(desk.terminal, fleet, {one.figures.mailing for one in found})


def show_one(desk: Desk, slug: str, format_: Format, states: list[State], *, recipients: bool) -> None:
    """One mailing, with its recipients where they were asked for."""
    from ruhrmail.cli.recipients import show_recipients, write_csv, write_json
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.status import opened_standing

    wanted = recipients or bool(states)
    with opened_standing(desk.config, slug, this_machine().now(), states) as standing:
        if format_ is Format.CSV:
            write_csv(desk.terminal, standing.deliveries)
        elif format_ is Format.TEXT:
            show_details(desk.terminal, standing)
            show_recipients(desk.terminal, standing.deliveries if wanted else ())
        elif wanted:
            write_json(desk.terminal, details_as_json(standing), standing.deliveries)
        else:
            desk.terminal.data(details_as_json(standing))


def show_details(terminal: "Terminal", standing: "Details") -> None:
    """A mailing's figures, who works on it, how fast it went, and what was refused."""
    from ruhrmail.cli.fleet import show_hindered, show_silent
    from ruhrmail.cli.insight import show_pace, show_returned, show_troubles

    show_figures(terminal, standing.figures)
    show_process(terminal, standing)
    if standing.fleet is not None:
        show_hindered(terminal, standing.fleet)
        show_silent(terminal, standing.fleet)
    for one in standing.approvals:
        terminal.say("  approved by {name} on {time}", name=one.by, time=local(one.at))
    moving = (standing.process is not None or bool(standing.workers)) and standing.figures.scheduled_for is None
    show_pace(terminal, standing.figures, standing.pace, moving=moving)
    show_troubles(terminal, standing.troubles)
    show_returned(terminal, standing.figures, standing.returned)


def details_as_json(standing: "Details") -> dict[str, Any]:
    """The same for machines."""
    from ruhrmail.cli.insight import insight_as_json, returned_as_json

    approved = [{"by": one.by, "at": iso(one.at), "sha256": one.sha256} for one in standing.approvals]
    insight = insight_as_json(standing.pace, standing.troubles)
    return as_json(standing) | insight | returned_as_json(standing.returned) | {"approvals": approved}


def show_figures(terminal: "Terminal", figures: "Figures") -> None:
    """A mailing's figures for people; states without anybody are left out."""
    counts = ", ".join(
        f"{terminal.translate(STATE_WORDS[state])}: {count}" for state, count in figures.counts.items() if count
    )
    terminal.say("{mailing}: {state}, recipients: {recipients}{counts}", mailing=figures.mailing,
                 state=terminal.translate(MAILING_WORDS[figures.state]), recipients=figures.recipients,
                 counts=f" ({counts})" if counts else "")  # fmt: skip
    since, until = local(figures.started_at), local(figures.finished_at)
    if until:
        terminal.say("  begun {since}, complete {until}", since=since, until=until)
    elif since:
        terminal.say("  begun {since}", since=since)
    if figures.unchecked_at:
        terminal.say("  sent without asking the web service, last {time}", time=local(figures.unchecked_at))
    if figures.scheduled_for:
        terminal.say("  scheduled for {time}", time=local(figures.scheduled_for))
    if figures.stopped_at and figures.reason:
        terminal.say("  stopped {since}: {reason}", since=local(figures.stopped_at), reason=figures.reason)


def show_process(terminal: "Terminal", standing: "Standing") -> None:
    """Who works on an open mailing, or waits for its time; or what to do where nobody does."""
    from ruhrmail.cli.fleet import show_workers

    figures, process = standing.figures, standing.process
    at = local(figures.scheduled_for).replace(" ", "T")
    if standing.fleet is not None and process is None and figures.state == "open":
        show_workers(terminal, standing)
    elif process is not None and figures.scheduled_for:
        terminal.say("  process {pid} waits for it", pid=process.name)
    elif process is not None:
        terminal.say("  process {pid} has been working on it since {since}", pid=process.name,
                     since=local(process.since))  # fmt: skip
    elif figures.scheduled_for:
        terminal.say("  nobody waits for it: `ruhrmail send {slug} --at {time}` does", slug=figures.order, time=at)
    elif figures.state == "open":
        terminal.say("  nobody is sending: `ruhrmail send {slug}` goes on", slug=figures.order)
    elif figures.state == "stopped":
        terminal.say("  `ruhrmail send {slug}` goes on after asking", slug=figures.order)


def as_json(standing: "Standing") -> dict[str, Any]:
    """The machine-readable form of a mailing's figures."""
    from ruhrmail.cli.fleet import fleet_as_json

    figures, process = standing.figures, standing.process
    return {
        "issue": figures.issue,
        "mailing": figures.mailing,
        "state": figures.state,
        "recipients": figures.recipients,
        **{state.value: count for state, count in figures.counts.items()},
        "started_at": iso(figures.started_at),
        "finished_at": iso(figures.finished_at),
        "scheduled_for": iso(figures.scheduled_for),
        "stopped_at": iso(figures.stopped_at),
        "reason": str(figures.reason) if figures.reason else None,
        "unchecked_at": iso(figures.unchecked_at),
        "bounced": figures.bounced,
        "complained": figures.complained,
        "process": {"pid": process.pid, "host": process.host, "since": iso(process.since)} if process else None,
        **fleet_as_json(standing),
    }
