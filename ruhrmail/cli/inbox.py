"""`ruhrmail inbox`: a local mail server that keeps what it gets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Port
from ruhrmail.cli.terminal import abandon
from ruhrmail.cli.words import word
from ruhrmail.errors import OutputError

if TYPE_CHECKING:
    from ruhrmail.inbox import Summary


def inbox(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help=word("A loopback address to listen on."))] = "127.0.0.1",
    port: Port = 2525,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help=word("The Maildir to keep mail in; default: inbox/."))
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help=word("List what is there, and end."))] = False,
) -> None:
    from ruhrmail.inbox import list_inbox, run_inbox

    desk: Desk = ctx.obj
    place = folder or Path("inbox")
    if list_:
        for one in list_inbox(place):
            show(desk, one)
        return
    run_inbox(
        place,
        host,
        port,
        lambda address: desk.terminal.say(
            "the inbox is ready: smtp://{address} keeps mail in {folder}/", address=address, folder=place
        ),
        lambda one: report(desk, one),
    )


def report(desk: Desk, one: "Summary") -> None:
    """The line of a message just kept; where nobody reads it any more, mail is kept nevertheless."""
    try:
        show(desk, one)
    except (BrokenPipeError, OutputError):
        abandon(desk.terminal.out)


def show(desk: Desk, one: "Summary") -> None:
    """One message on one line."""
    desk.terminal.write(desk.terminal.out, f"{one.recipient}  {one.sender}  {one.subject}  {one.size}  {one.file.name}")
