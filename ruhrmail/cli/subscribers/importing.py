"""`ruhrmail subscribers import`: a CSV file onto the list, or another tool's export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.subscribers.moving_in import Source, make_task, take_over
from ruhrmail.cli.subscribers.reporting import HOW, Asking, say_counts, say_end
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.migration import Stood
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.flows.importing import ImportReport


def import_(  # noqa: PLR0913 - the options
    ctx: typer.Context,
    file: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help=word("The CSV file; with --from also several, or a zip archive.")),
    ],
    basis: Annotated[
        str | None,
        typer.Option("--basis", metavar="TEXT", help=word("What allows to mail people whose row says nothing itself.")),
    ] = None,
    source: Annotated[
        Source | None, typer.Option("--from", help=word("The newsletter tool that exported it; csv: your own list."))
    ] = None,
    state: Annotated[
        Stood | None, typer.Option("--state", help=word("Where all people in it stood, if the export does not say it."))
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help=word("A tag for all people in it; repeatable."))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=word("Show what would become of the rows, and change nothing."))
    ] = False,
) -> None:
    desk: Desk = ctx.obj
    given = (basis or "").strip()
    if basis is not None and not given:
        raise UsageError(phrase("the legal basis is empty"), hint=HOW)
    if source in (None, Source.CSV):
        ensure_plain(file, state, tag)
        wrong = take_list(desk, file[0], given, known=source is not None, dry_run=dry_run)
    else:
        task = make_task(file, source, state, tag or (), given)
        wrong = take_over(desk.terminal, desk.config, task, dry_run=dry_run)
    raise typer.Exit(1 if wrong else 0)


def ensure_plain(files: list[Path], state: Stood | None, tags: list[str] | None) -> None:
    """Raises UsageError for what only another tool's export may come with."""
    asked = {"--state": state, "--tag": tags, "FILE FILE": files[1:]}
    wrong = next((name for name, value in asked.items() if value), None)
    if wrong is not None:
        raise UsageError(
            phrase("{option} needs --from and the name of a tool", option=wrong),
            hint=phrase("a list of your own says it in its columns; import one file after the other"),
        )


def take_list(desk: Desk, path: Path, basis: str, *, known: bool, dry_run: bool) -> bool:
    """Imports a list and tells what became of it; whether some row was wrong. `known`: it is surely no export."""
    from ruhrmail.flows.exports import refuse_exports
    from ruhrmail.flows.importing import import_file
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.model.finding import has_errors

    if not known:
        refuse_exports(desk.config, path)
    asking = Asking(desk.terminal)
    report = import_file(desk.config, path, basis, this_machine(), asking.show, asking.ask, dry_run=dry_run)
    show_report(desk.terminal, report, dry_run=dry_run)
    return has_errors(report.findings)


def show_report(terminal: Terminal, report: "ImportReport", *, dry_run: bool) -> None:
    """What became of the rows, on standard output; what is wrong with them, on standard error."""
    terminal.findings(report.findings)
    say_counts(terminal, report.imported)
    say_end(terminal, sum(one.rule == "csv/duplicate" for one in report.findings), report.basis, dry_run=dry_run)
