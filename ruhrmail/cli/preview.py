"""`ruhrmail preview`: the editor's desk in the browser."""

import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.completion import name_issues
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from ruhrmail.preview import Desk as Table


def preview(
    ctx: typer.Context,
    slug: Annotated[
        str | None,
        typer.Argument(metavar="SLUG", autocompletion=name_issues, help=word("The issue to show; none: the latest.")),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65535, help=word("The port; default: 8400, or a free one where it is taken.")
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help=word("Open the page in the browser."))] = True,
    inbox: Annotated[bool, typer.Option("--inbox", help=word("Run a local inbox beside it, on a free port."))] = False,
    inbox_dir: Annotated[
        Path | None,
        typer.Option("--inbox-dir", metavar="DIR", help=word("The Maildir of the local inbox; default: inbox/.")),
    ] = None,
) -> None:
    from ruhrmail.preview import run_preview

    desk: Desk = ctx.obj
    folder = inbox_dir or Path("inbox")

    def ready(address: str) -> None:
        desk.terminal.say("the preview is ready: {address}", address=address)
        if open_:
            typer.launch(address)

    beside = run_inbox_beside(desk, folder) if inbox else None
    run_preview(lay_table(desk, slug, folder, beside), port, ready)


def lay_table(desk: Desk, slug: str | None, inbox: Path, address: str | None) -> "Table":
    """Everything that the preview needs. Raises RuhrmailError for an issue that does not exist."""
    from ruhrmail.config import STATE_FOLDER
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
        proofs=Proofs(desk.project, desk.environ, desk.project / STATE_FOLDER / "pictures"),
        readers=Readers(machine.randomness(32)),
        inbox=Inbox(inbox, partial(list_inbox, inbox), address),
        words=desk.terminal.translate,
        machine=machine,
        opening=slug,
    )


@dataclass(slots=True)
class Beginning:
    """What becomes of an inbox that is being started in a thread."""

    over: threading.Event = field(default_factory=threading.Event)
    address: str = ""
    error: Exception | None = None


def run_inbox_beside(desk: Desk, folder: Path) -> str:
    """Runs an inbox as long as this process; returns its address. Raises what `run_inbox` raises as it begins."""
    from ruhrmail.inbox import run_inbox

    begun = Beginning()

    def ready(address: str) -> None:
        begun.address = f"smtp://{address}"
        begun.over.set()

    def run() -> None:
        try:
            run_inbox(folder, "127.0.0.1", 0, ready, lambda _one: None)
        except Exception as error:
            if begun.over.is_set():
                raise
            begun.error = error
            begun.over.set()

    threading.Thread(target=run, name="inbox", daemon=True).start()
    begun.over.wait()
    if begun.error is not None:
        raise begun.error
    desk.terminal.say("the inbox is ready: {address} keeps mail in {folder}/", address=begun.address, folder=folder)
    return begun.address
