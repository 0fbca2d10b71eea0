"""`ruhrmail send`: an issue to the list."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.flows.send import Plan


class InDoubt(StrEnum):
    """What to do with recipients of whom nobody knows whether the relay took their message."""

    SKIP = "skip"
    RESEND = "resend"


def send(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help=word("The issue."))],
    test: Annotated[
        list[str] | None,
        typer.Option("--test", metavar="ADDRESS", help=word("Send only to this address, without a ledger entry.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=word("Show what would be sent, and send nothing."))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=word("Do not ask."))] = False,
    strict: Annotated[bool, typer.Option("--strict", help=word("Mail nobody while the list has bad rows."))] = False,
    in_doubt: Annotated[
        InDoubt | None, typer.Option("--in-doubt", help=word("Leave the doubtful alone for good, or mail them again."))
    ] = None,
) -> None:
    desk: Desk = ctx.obj
    if test:
        raise typer.Exit(send_tests(desk, slug, test))
    raise typer.Exit(send_list(desk, slug, Choice(dry_run, yes, strict, in_doubt)))
