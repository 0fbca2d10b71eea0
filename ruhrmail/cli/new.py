"""`ruhrmail new`: a new issue from the project's pattern, or from another issue."""

from datetime import date
from typing import Annotated

import typer

from ruhrmail.cli.completion import name_issues
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word


def new(
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help=word("The issue's name, such as 2026-12."))],
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="SLUG", autocompletion=name_issues, help=word("Copy this issue with its pictures.")
        ),
    ] = None,
) -> None:
    from ruhrmail.flows.new import copy_to, new_issue

    desk: Desk = ctx.obj
    today = date.today()
    path = new_issue(desk.config, slug, today) if source is None else copy_to(desk.config, slug, source, today)
    desk.terminal.say("{file} is there. See it while you write: ruhrmail preview", file=desk.config.name_of(path))
