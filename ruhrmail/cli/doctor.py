"""`ruhrmail doctor`: is this project ready to send."""

import textwrap
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.terminal import BOLD, DIM, RED, YELLOW
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.model.diagnosis import Diagnosis


class Format(StrEnum):
    """How lines are printed."""

    TEXT = "text"
    JSON = "json"


HEADLINES: Mapping[str, Phrase] = {
    "project": phrase("Project"),
    "files": phrase("Files and secrets"),
    "store": phrase("Store"),
    "relay": phrase("Relays"),
    "host": phrase("Own relay, as others see it"),
    "dns": phrase("The sender's domain"),
    "web": phrase("Web service"),
    "mail": phrase("Newest issue"),
    "provider": phrase("Providers"),
}
GREEN = "32"
NARROWEST = 30
"""Letters that a column of text needs."""
COLOURS = {"ok": GREEN, "warning": YELLOW, "error": RED, "unknown": DIM}


def name_groups() -> list[str]:
    """What shells complete after --only."""
    return list(HEADLINES)


def doctor(
    ctx: typer.Context,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print what was seen."))] = Format.TEXT,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME",
            autocompletion=name_groups,
            help=word("Only these lines or groups, such as dns or relay-tls."),
        ),
    ] = None,
    zone: Annotated[bool, typer.Option("--zone", help=word("Print only the DNS records that are to be published."))] = (
        False
    ),
) -> None:
    from ruhrmail.flows.doctor import examine_project
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    if zone and format_ is Format.JSON:
        raise UsageError(phrase("--zone prints a zone file, not JSON"), hint=phrase("say one of them, not both"))
    lines = examine_project(desk.project, desk.environ, only or [], this_machine())
    if zone:
        show_zone(desk.terminal, lines)
        name_errors(desk.terminal, lines)
    elif format_ is Format.JSON:
        desk.terminal.data(as_json(desk.terminal, lines))
    else:
        show(desk.terminal, lines)
    if any(one.state == "error" for one in lines):
        raise typer.Exit(1)


def show(terminal: "Terminal", lines: "Sequence[Diagnosis]") -> None:
    """The lines in groups, what to publish, and a summary."""
    ids = max((len(one.id) for one in lines), default=0)
    for group, members in groupby(by_group(lines), key=lambda one: one.group):
        terminal.write(terminal.out, terminal.paint(terminal.translate(HEADLINES[group]), BOLD))
        remedy = None
        for one in members:
            show_line(terminal, one, ids, again=one.remedy == remedy)
            remedy = one.remedy
    if any(one.records for one in lines):
        terminal.write(terminal.out, "")
        terminal.write(terminal.out, terminal.paint(terminal.translate(phrase("To publish")), BOLD))
        show_zone(terminal, lines)
    terminal.write(terminal.out, "")
    terminal.say("errors: {error}, warnings: {warning}, could not be seen: {unknown}, fine: {ok}", **counts_of(lines))


def by_group(lines: "Sequence[Diagnosis]") -> "list[Diagnosis]":
    """The lines of a group together, in the order of the headlines."""
    order = list(HEADLINES)
    return sorted(lines, key=lambda one: order.index(one.group))


def show_line(terminal: "Terminal", one: "Diagnosis", ids: int, *, again: bool) -> None:
    """State, id and what was found; below it what to do, unless the line before said it."""
    state = terminal.paint(f"{one.state:<8}", COLOURS[one.state])
    message = terminal.translate(one.message)
    about = f"{one.about}: " if one.about and one.about not in message else ""
    margin = " " * (len("  unknown  ") + ids + 2)
    first, *more = break_lines(f"{about}{message}", terminal.columns - len(margin))
    terminal.write(terminal.out, f"  {state} {one.id:<{ids}}  {first}")
    if one.remedy is not None and not again:
        label = "Tipp: " if terminal.translate.language == "de" else "try: "
        more += break_lines(f"{label}{terminal.translate(one.remedy)}", terminal.columns - len(margin))
    for line in more:
        terminal.write(terminal.out, margin + line)


def break_lines(text: str, width: int) -> list[str]:
    """A text in lines below each other; in one where so few letters fit that a column would be no help."""
    if width < NARROWEST:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def show_zone(terminal: "Terminal", lines: "Sequence[Diagnosis]") -> None:
    """The records to publish, in the form of a zone file; each once."""
    from ruhrmail.dns.zone import zone_lines

    told = set()
    for one in lines:
        for record in one.records:
            if record not in told:
                told.add(record)
                terminal.write(terminal.out, f"; {one.id}")
                for text in zone_lines(record):
                    terminal.write(terminal.out, text)


def name_errors(terminal: "Terminal", lines: "Sequence[Diagnosis]") -> None:
    """What is wrong and no record mends, aside, so that a zone file without a record is no riddle."""
    for one in lines:
        if one.state == "error" and not one.records:
            message = terminal.translate(one.message)
            about = f"{one.about}: " if one.about and one.about not in message else ""
            terminal.write(terminal.err, f"{one.id}: {about}{message}")


def counts_of(lines: "Sequence[Diagnosis]") -> dict[str, int]:
    """How many lines have each state."""
    found = Counter(one.state for one in lines)
    return {"error": found["error"], "warning": found["warning"], "unknown": found["unknown"], "ok": found["ok"]}


def as_json(terminal: "Terminal", lines: "Sequence[Diagnosis]") -> dict[str, Any]:
    """The machine-readable form."""
    from ruhrmail.dns.zone import zone_lines

    rows = [
        {
            "id": one.id,
            "state": one.state,
            "about": one.about,
            "message": terminal.translate(one.message),
            "hint": terminal.translate(one.remedy) if one.remedy else "",
            "records": [
                {"name": record.name, "type": record.kind, "value": record.value, "zone": "\n".join(zone_lines(record))}
                for record in one.records
            ],
        }
        for one in lines
    ]
    return {"lines": rows, "summary": counts_of(lines)}
