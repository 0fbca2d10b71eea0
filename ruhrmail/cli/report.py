"""`ruhrmail report`: a page about a mailing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Slug
from ruhrmail.cli.words import word


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    JSON = "json"


def report(
    ctx: typer.Context,
    slug: Slug,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=word("Where to write; default: build/SLUG/report.html.")),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help=word("A page, or figures for machines on standard output."))
    ] = Format.HTML,
) -> None:
    import json

    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.report import advice_for, report_on, report_path, write_report
    from ruhrmail.masking import mask
    from ruhrmail.report import Wording, account_as_data, write_page

    desk: Desk = ctx.obj
    account = report_on(desk.config, slug, this_machine().now(), mask)
    advice, wording = advice_for(account), Wording(desk.terminal.translate, desk.language)
    if format_ is Format.JSON and out is None:
        desk.terminal.data(account_as_data(account, advice, wording))
        return
    if format_ is Format.JSON:
        text = json.dumps(account_as_data(account, advice, wording), ensure_ascii=False, indent=2) + "\n"
    else:
        text = write_page(account, advice, wording)
    path = out or report_path(desk.config, account)
    write_report(path, text)
    desk.terminal.write(desk.terminal.out, desk.config.name_of(path))
