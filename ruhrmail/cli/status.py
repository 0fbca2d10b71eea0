"""`ruhrmail status`: what became of a mailing."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.status import Standing
    from ruhrmail.model.ledger import Delivery, Figures


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"


def status(
    ctx: typer.Context,
    slug: Annotated[str | None, typer.Argument(metavar="SLUG", help=word("The issue; none: every mailing."))] = None,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print figures."))] = Format.TEXT,
    recipients: Annotated[bool, typer.Option("--recipients", help=word("List each recipient of the issue."))] = False,
) -> None:
    from ruhrmail.flows.status import read_all_standings, read_standing

    desk: Desk = ctx.obj
    if slug is None:
        found = read_all_standings(desk.config)
        rows: Any = [as_json(one, recipients=False) for one in found]
    else:
        found = [read_standing(desk.config, slug, recipients=recipients)]
        rows = as_json(found[0], recipients=recipients)
    if format_ is Format.JSON:
        desk.terminal.data(rows)
    elif not found:
        desk.terminal.say("nothing was sent yet")
    for one in found if format_ is Format.TEXT else ():
        show_figures(desk.terminal, one.figures)
        show_process(desk.terminal, one)
        show_deliveries(desk.terminal, one.deliveries)


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
    if figures.scheduled_for:
        terminal.say("  scheduled for {time}", time=local(figures.scheduled_for))
    if figures.stopped_at and figures.reason:
        terminal.say("  stopped {since}: {reason}", since=local(figures.stopped_at), reason=figures.reason)


def show_process(terminal: "Terminal", standing: "Standing") -> None:
    """Who works on an open mailing, or waits for its time; or what to do where nobody does."""
    figures, process = standing.figures, standing.process
    at = local(figures.scheduled_for).replace(" ", "T")
    if process is not None and figures.scheduled_for:
        terminal.say("  process {pid} waits for it", pid=process.pid)
    elif process is not None:
        terminal.say("  process {pid} has been working on it since {since}", pid=process.pid,
                     since=local(process.since))  # fmt: skip
    elif figures.scheduled_for:
        terminal.say("  nobody waits for it: `ruhrmail send {slug} --at {time}` does", slug=figures.issue, time=at)
    elif figures.state == "open":
        terminal.say("  nobody is sending: `ruhrmail send {slug}` goes on", slug=figures.issue)
    elif figures.state == "stopped":
        terminal.say("  `ruhrmail send {slug}` goes on after asking", slug=figures.issue)


def show_deliveries(terminal: "Terminal", deliveries: "tuple[Delivery, ...]") -> None:
    """One line for each recipient."""
    for one in deliveries:
        reply = " ".join(
            str(part) for part in (one.code or "", one.enhanced_code, terminal.translate(one.text)) if part
        )
        state = terminal.translate(STATE_WORDS[one.state])
        parts = (one.email, state, local(one.at), reply)
        terminal.write(terminal.out, "  " + "  ".join(part for part in parts if part))


def as_json(standing: "Standing", *, recipients: bool) -> dict[str, Any]:
    """The machine-readable form."""
    figures, process = standing.figures, standing.process
    row: dict[str, Any] = {
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
        "process": {"pid": process.pid, "since": iso(process.since)} if process else None,
    }
    if recipients:
        row["deliveries"] = [delivery_as_json(one) for one in standing.deliveries]
    return row


def delivery_as_json(one: "Delivery") -> dict[str, Any]:
    """One recipient's line."""
    return {
        "email": one.email, "state": one.state.value, "attempts": one.attempts, "code": one.code,
        "enhanced_code": one.enhanced_code, "text": one.text, "relay": one.relay, "message_id": one.message_id,
        "at": iso(one.at),
    }  # fmt: skip


def iso(time: datetime | None) -> str | None:
    """A time as machines read it."""
    return time.isoformat(timespec="seconds") if time else None


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
