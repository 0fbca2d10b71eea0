"""`ruhrmail status`: what became of a mailing."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.recipients import iso
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.status import Standing
    from ruhrmail.model.ledger import Figures


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def status(
    ctx: typer.Context,
    slug: Annotated[str | None, typer.Argument(metavar="SLUG", help=word("The issue; none: every mailing."))] = None,
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
        if state or format_ is Format.CSV:
            raise UsageError(phrase("recipients are listed for one issue"), hint=phrase("say which: status SLUG"))
        show_all(desk, format_)
    else:
        show_one(desk, slug, format_, state or [], recipients=recipients)


def show_all(desk: Desk, format_: Format) -> None:
    """The figures of every mailing."""
    from ruhrmail.flows.status import read_all_figures

    found = read_all_figures(desk.config)
    if format_ is Format.JSON:
        desk.terminal.data([as_json(one) for one in found])
    elif not found:
        desk.terminal.say("nothing was sent yet")
    else:
        for one in found:
            show_figures(desk.terminal, one)


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
            show_standing(desk.terminal, standing)
            show_recipients(desk.terminal, standing.deliveries if wanted else ())
        elif wanted:
            write_json(desk.terminal, standing_as_json(standing), standing.deliveries)
        else:
            desk.terminal.data(standing_as_json(standing))


def show_standing(terminal: "Terminal", standing: "Standing") -> None:
    """A mailing's figures, how fast it went, and what was refused."""
    from ruhrmail.cli.insight import show_pace, show_troubles

    show_figures(terminal, standing.figures)
    show_pace(terminal, standing.figures, standing.pace)
    show_troubles(terminal, standing.troubles)


def standing_as_json(standing: "Standing") -> dict[str, Any]:
    """The same for machines."""
    from ruhrmail.cli.insight import insight_as_json

    return as_json(standing.figures) | insight_as_json(standing.pace, standing.troubles)


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
    else:
        terminal.say("  begun {since}", since=since)


def as_json(figures: "Figures") -> dict[str, Any]:
    """The machine-readable form of a mailing's figures."""
    return {
        "issue": figures.issue,
        "mailing": figures.mailing,
        "state": figures.state,
        "recipients": figures.recipients,
        **{state.value: count for state, count in figures.counts.items()},
        "started_at": iso(figures.started_at),
        "finished_at": iso(figures.finished_at),
    }


def local(time: datetime | None) -> str:
    """A time as the reader's clock shows it."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M:%S") if time else ""


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
