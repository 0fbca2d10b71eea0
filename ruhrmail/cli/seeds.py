"""`ruhrmail seeds`: where a test mail arrives."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.completion import name_issues
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.seeds import Arrival


class Format(StrEnum):
    """How lines are printed."""

    TEXT = "text"
    JSON = "json"


def seeds(
    ctx: typer.Context,
    slug: Annotated[
        str,
        typer.Argument(metavar="SLUG", autocompletion=name_issues, help=word("The issue that is sent as a test mail.")),
    ],
    wait: Annotated[
        int, typer.Option("--wait", min=1, max=3600, metavar="SECONDS", help=word("How long to wait for the mails."))
    ] = 120,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print what was seen."))] = Format.TEXT,
) -> None:
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.seeds import Waiting, try_seeds

    desk: Desk = ctx.obj
    count = len(desk.config.seeds)
    if count:
        desk.terminal.tell("test mails to {count} seed addresses, at most {seconds} s …", count=count, seconds=wait)
    found = try_seeds(desk.config, slug, this_machine(), Waiting(wait))
    if format_ is Format.JSON:
        desk.terminal.data({"seeds": [as_json(desk.terminal, one) for one in found]})
    else:
        show(desk.terminal, found)
    raise typer.Exit(0 if all(one.good for one in found) else 1)


def show(terminal: "Terminal", found: "Sequence[Arrival]") -> None:
    """A line for each seed: where it arrived, after how long, and what the provider found out."""
    width = max(len(one.name) for one in found)
    for one in found:
        checks = ", ".join(f"{each.method}={each.result}" for each in one.authentications)
        text = terminal.translate(STATES[one.state].template, folder=one.folder, seconds=one.seconds,
                                  trouble=terminal.translate(one.trouble) if one.trouble else "")  # fmt: skip
        terminal.write(terminal.out, f"{one.name:<{width}}  {text}{f'; {checks}' if checks else ''}")


def as_json(terminal: "Terminal", one: "Arrival") -> dict[str, Any]:
    """The same for machines."""
    return {
        "name": one.name,
        "address": one.address,
        "state": one.state,
        "folder": one.folder,
        "seconds": one.seconds,
        "authentication": [
            {"method": each.method, "result": each.result, "domain": each.domain} for each in one.authentications
        ],
        "message": terminal.translate(one.trouble) if one.trouble else "",
    }


STATES = {
    "inbox": phrase("arrived in {folder} after {seconds} s"),
    "junk": phrase("arrived as spam in {folder} after {seconds} s"),
    "missing": phrase("not there after {seconds} s"),
    "unsent": phrase("not sent: {trouble}"),
    "unreadable": phrase("sent, but the mailbox cannot be read: {trouble}"),
}
