"""`ruhrmail preview`: the editor's desk in the browser."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from ruhrmail.preview import Desk as Table


def preview(
    ctx: typer.Context,
    slug: Annotated[
        str | None, typer.Argument(metavar="SLUG", help=word("The issue to show; none: the latest."))
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65535, help=word("The port; default: 8400, or a free one where it is taken.")
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help=word("Open the page in the browser."))] = True,
    inbox_dir: Annotated[
        Path | None,
        typer.Option("--inbox-dir", metavar="DIR", help=word("The Maildir of the local inbox; default: inbox/.")),
    ] = None,
) -> None:
    from ruhrmail.preview import run_preview

    desk: Desk = ctx.obj

    def ready(address: str) -> None:
        desk.terminal.say("the preview is ready: {address}", address=address)
        if open_:
            typer.launch(address)

    with tempfile.TemporaryDirectory(prefix="ruhrmail-preview-") as folder:
        run_preview(lay_table(desk, slug, Path(folder), inbox_dir or Path("inbox")), port, ready)


def lay_table(desk: Desk, slug: str | None, shelf: Path, inbox: Path) -> "Table":
    """Everything that the preview needs. Raises RuhrmailError for an issue that does not exist."""
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.proof import Proofs
    from ruhrmail.flows.readers import Readers
    from ruhrmail.inbox import list_inbox
    from ruhrmail.parse import issue_path
    from ruhrmail.preview import Desk as Table
    from ruhrmail.preview import Inbox

    if slug is not None:
        issue_path(desk.project, slug)
    machine = this_machine()
    return Table(
        proofs=Proofs(desk.project, desk.environ, shelf),
        readers=Readers(machine.randomness(32)),
        inbox=Inbox(inbox, lambda: list_inbox(inbox)),
        words=desk.terminal.translate,
        machine=machine,
        environ=desk.environ,
        opening=slug,
    )
