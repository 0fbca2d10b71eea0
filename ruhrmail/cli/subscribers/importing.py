"""`ruhrmail subscribers import`: a CSV file onto the list."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.flows.importing import ImportReport, Preview

SEPARATORS = {",": phrase("comma"), ";": phrase("semicolon"), "\t": phrase("tab")}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
NEEDS_BASIS = phrase("rows say nothing about consent, and no legal basis is declared for them")


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=word("The CSV file."))],
    basis: Annotated[
        str | None,
        typer.Option("--basis", metavar="TEXT", help=word("What allows to mail people whose row says nothing itself.")),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=word("Show what would become of the rows, and change nothing."))
    ] = False,
) -> None:
    from ruhrmail.flows.importing import import_file
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.model.finding import has_errors

    desk: Desk = ctx.obj
    asking = Asking(desk.terminal)
    given = (basis or "").strip()
    if basis is not None and not given:
        raise UsageError(phrase("the legal basis is empty"), hint=HOW)
    report = import_file(desk.config, file, given, this_machine(), asking.show, asking.ask, dry_run=dry_run)
    show_report(desk.terminal, report, dry_run=dry_run)
    raise typer.Exit(1 if has_errors(report.findings) else 0)


HOW = phrase(
    'name it with --basis "…", such as the law and where the people come from, '
    "or fill in consented_at and consent_source"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Shows how the file was understood, and asks what allows to mail its people."""

    terminal: Terminal
    needs: Phrase = NEEDS_BASIS
    how: Phrase = HOW

    def show(self, preview: "Preview") -> None:
        """Encoding, separator and columns, on standard error."""
        separator = SEPARATORS.get(preview.separator, preview.separator)
        encoding = ENCODINGS.get(preview.encoding, preview.encoding.upper())
        self.terminal.tell("{file}: {encoding}, separator: {separator}", file=preview.name, encoding=encoding,
                           separator=separator)  # fmt: skip
        for header, column in preview.columns:
            self.terminal.tell("  {header} → {column}", header=header.strip() or "–", column=column or "–")
        if preview.is_roster:
            self.terminal.tell("this is the project's own list: whoever it no longer names is no longer on it")

    def ask(self) -> str:
        """The legal basis, from the terminal. Raises UsageError where there is none, or nothing is said."""
        if not sys.stdin.isatty():
            raise UsageError(self.needs, hint=self.how)
        self.terminal.tell(self.needs)
        question = self.terminal.translate("What allows to mail them? ")
        answer = str(typer.prompt(question, default="", show_default=False, prompt_suffix="", err=True)).strip()
        if not answer:
            raise UsageError(phrase("nothing was imported: without a legal basis nobody may be mailed"), hint=self.how)
        return answer


def show_report(terminal: Terminal, report: "ImportReport", *, dry_run: bool) -> None:
    """What became of the rows, on standard output; what is wrong with them, on standard error."""
    terminal.findings(report.findings)
    counts = report.imported
    terminal.say(
        "added {added}, changed {changed}, unchanged {unchanged}, suppressed {suppressed}, rejected {rejected}",
        added=counts.added, changed=counts.changed, unchanged=counts.unchanged, suppressed=counts.suppressed,
        rejected=counts.rejected,
    )  # fmt: skip
    repeated = sum(one.rule == "csv/duplicate" for one in report.findings)
    if repeated:
        terminal.say("rows that repeat an address: {count}", count=repeated)
    if report.basis:
        terminal.tell("legal basis of rows that say nothing themselves: {basis}", basis=report.basis)
    if dry_run:
        terminal.say("dry run: nothing was changed")
