"""`ruhrmail new`: a new issue from the project's pattern."""

from datetime import date
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word


def new(
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help=word("The issue's name, such as 2026-12."))],
) -> None:
    from ruhrmail.flows.new import new_issue

    desk: Desk = ctx.obj
    path = new_issue(desk.config, slug, date.today())
    desk.terminal.say("{file} is there. See it with: ruhrmail build {slug}", file=desk.config.name_of(path), slug=slug)
