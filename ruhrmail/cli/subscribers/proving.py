"""`ruhrmail subscribers prove`: the evidence sheet of a consent."""

from pathlib import Path
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Address
from ruhrmail.cli.terminal import printable
from ruhrmail.cli.words import word


def prove(
    ctx: typer.Context,
    address: Address,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=word("Write a page to print, in HTML."))
    ] = None,
) -> None:
    from ruhrmail.consent import sheet_as_html, sheet_as_text
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.proving import prove as find_proof
    from ruhrmail.flows.proving import spare, write_private

    desk: Desk = ctx.obj
    terminal = desk.terminal
    evidence = find_proof(desk.config, address, this_machine())
    if out is None:
        terminal.stream(printable(line) for line in sheet_as_text(evidence.sections, terminal.translate))
    else:
        spare(desk.config, out)
        write_private(out, [sheet_as_html(evidence.sections, terminal.translate, desk.language)])
        terminal.tell("{file} holds personal data: keep it as such", file=out)
    if not evidence.proves:
        terminal.tell("nothing on record proves a consent, and no legal basis is declared")
    raise typer.Exit(0 if evidence.proves else 1)
