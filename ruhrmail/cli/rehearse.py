"""`ruhrmail rehearse`: the whole mailing against providers that misbehave, on this machine."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.completion import name_audiences
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Slug
from ruhrmail.cli.status import Format
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from ruhrmail.flows.playing import Staging
    from ruhrmail.flows.rehearse import NobodyToMail, Rehearsal


def rehearse(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    slug: Slug,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="NUMBER", help=word("Rehearse with so many recipients at most.")),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="NUMBER", help=word("Another number: other chances, another sample."))
    ] = 1,
    calm: Annotated[
        bool, typer.Option("--calm", help=word("A relay that takes everything at once: the speed of this machine."))
    ] = False,
    audience: Annotated[
        str | None,
        typer.Option(
            "--audience",
            metavar="NAME|EXPRESSION",
            autocompletion=name_audiences,
            help=word("Only with these, such as tag:wirtschaft."),
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print figures."))] = Format.TEXT,
) -> None:
    from ruhrmail.cli.review import as_json, of_nobody, show_rehearsal
    from ruhrmail.flows.audience import choose_audience
    from ruhrmail.flows.playing import MOST_REHEARSED, Staging
    from ruhrmail.flows.rehearse import NobodyToMail, Rehearsal
    from ruhrmail.model.finding import has_errors

    desk: Desk = ctx.obj
    part = choose_audience(desk.config, audience)
    found = play(desk, slug, Staging(limit or MOST_REHEARSED, seed, calm, part))
    desk.terminal.findings(found.findings)
    if format_ is Format.JSON:
        desk.terminal.data(as_json(found if isinstance(found, Rehearsal) else of_nobody(slug)))
    elif isinstance(found, NobodyToMail):
        desk.terminal.tell("nobody is left to mail")
    else:
        show_rehearsal(desk.terminal, found)
    clean = found.clean if isinstance(found, Rehearsal) else not has_errors(found.findings)
    raise typer.Exit(0 if clean else 1)


def play(desk: Desk, slug: str, staging: "Staging") -> "Rehearsal | NobodyToMail":
    """The rehearsal, with its progress on standard error."""
    from ruhrmail.cli.progress import watching
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.rehearse import rehearse_issue
    from ruhrmail.watch.tally import Tally

    with watching(desk.terminal, Tally(time.monotonic)) as watch:
        return rehearse_issue(desk.config, slug, staging, this_machine(), watch.begin, watch.on_event)
