"""`ruhrmail inbox`: a local mail server that keeps what it gets."""

from pathlib import Path
from typing import Annotated

import typer

from ruhrmail.cli.words import word


def inbox(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help=word("A loopback address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=word("The port; 0: any free one."))] = 2525,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help=word("The Maildir to keep mail in; default: inbox/."))
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help=word("List what is there, and end."))] = False,
) -> None:
    raise NotImplementedError
