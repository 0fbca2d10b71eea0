"""`ruhrmail check`: the gate."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.completion import name_rules
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.mending import mend_first, show_mending
from ruhrmail.cli.options import Slugs
from ruhrmail.cli.viewing import plan_viewing, show_viewing
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ruhrmail.check import Need
    from ruhrmail.cli.formats import Report
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.triage import Triage
    from ruhrmail.flows.viewing import Viewing


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"


def check(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    slugs: Slugs = None,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print findings."))] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help=word("Warnings count as errors."))] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", metavar="RULE", autocompletion=name_rules, help=word("Only these rules, such as img/*.")
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore", metavar="RULE", autocompletion=name_rules, help=word("Not these rules, such as img/*.")
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help=word("Do not tell the findings noted there."))
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help=word("Note all findings in the file of --baseline."))
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help=word("Mend quotation marks, dashes, spaces and dates in issues first."))
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help=word("Show what --fix would change, and do nothing else."))
    ] = False,
    online: Annotated[
        bool, typer.Option("--online", help=word("Visit links and ask for the sender's DNS records too."))
    ] = False,
    spam: Annotated[bool, typer.Option("--spam", help=word("Ask SpamAssassin too, offline."))] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help=word("Look at mails and pages in Chromium too, as readers see them."))
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help=word("Take the pictures of this run for the baselines."))
    ] = False,
    report_folder: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help=word("Write a page there with all pictures."))
    ] = None,
    explain: Annotated[
        str, typer.Option(metavar="RULE", autocompletion=name_rules, help=word("Print a rule's manual page."))
    ] = "",
    rules: Annotated[bool, typer.Option("--rules", help=word("List all rules, or those of --select."))] = False,
) -> None:
    from ruhrmail.flows.triage import plan_triage
    from ruhrmail.rulebook import read_rulebook

    desk: Desk = ctx.obj
    if explain:
        explain_rule(desk.terminal, explain)
        return
    wish = plan_triage(select or [], ignore or [], read_rulebook(), baseline, write_baseline, slugs or [])
    if rules:
        list_rules(desk.terminal, wish, as_data=format_ is Format.JSON)
        return
    if diff:
        show_mending(desk, wish.slugs)
        return
    viewing = plan_viewing(browser, accept, report_folder)
    if fix:
        mend_first(desk, wish.slugs, to_out=format_ is Format.TEXT)
    wanted: Mapping[Need, bool] = {"online": online, "browser": browser, "spam": spam}
    report = make_report(desk, wish, strict, [need for need, asked in wanted.items() if asked], viewing)
    tell_report(desk, report, format_)
    if viewing:
        show_viewing(desk, report, viewing)
    if any(map(report.fails, report.findings)):
        raise typer.Exit(1)


def make_report(
    desk: Desk, wish: "Triage", strict: bool, needs: "Collection[Need]" = (), viewing: "Viewing | None" = None
) -> "Report":
    """Looks for findings and keeps those that are to be told."""
    from ruhrmail.cli.formats import Report, folder_in_repository
    from ruhrmail.flows.check import check_project
    from ruhrmail.flows.explain import page_of
    from ruhrmail.flows.triage import triage
    from ruhrmail.rulebook import read_rulebook
    from ruhrmail.triage import Gaps

    gaps = Gaps()
    sifted = triage(check_project(desk.project, desk.environ, wish.slugs, needs, viewing, gaps), wish, gaps)
    return Report(
        sifted.findings,
        desk.terminal.translate,
        strict,
        read_rulebook(),
        folder_in_repository(desk.project, desk.environ),
        None if wish.baseline is None else sifted.known,
        len(sifted.stale),
        sifted.left_out,
        partial(page_of, language=desk.language),
    )


def explain_rule(terminal: "Terminal", name: str) -> None:
    """Prints the manual page of a rule. Raises UsageError for an id that no rule has."""
    from ruhrmail.cli.manual import show_page
    from ruhrmail.flows.explain import explain

    show_page(terminal, explain(name.strip("[] "), terminal.translate.language))


def list_rules(terminal: "Terminal", wish: "Triage", *, as_data: bool) -> None:
    """Prints the rules that are chosen."""
    from ruhrmail.cli.manual import rules_as_json, show_rules
    from ruhrmail.flows.explain import explain_all

    found = explain_all(wish.selection, terminal.translate.language)
    if as_data:
        terminal.data(rules_as_json(found))
    else:
        show_rules(terminal, found)


def tell_report(desk: Desk, report: "Report", format_: Format) -> None:
    """Findings on standard output; the summary there too for people, else on standard error."""
    from ruhrmail.cli.formats import FORMATS

    terminal = desk.terminal
    if format_ is Format.JSON:
        terminal.data(as_json(report))
    elif format_ is Format.TEXT:
        terminal.findings(report.findings, with_rule=True, to_out=True)
    else:
        terminal.write_utf8(FORMATS[format_](report))
    say = terminal.say if format_ is Format.TEXT else terminal.tell
    if format_ is not Format.JSON:
        say("errors: {error}, warnings: {warning}, notes: {info}", **report.counts())
        if report.known is not None:
            say("known from the baseline: {known}", known=report.known)
    if report.left_out:
        terminal.tell("errors that --select and --ignore leave out: {left_out}", left_out=report.left_out)
    if report.stale:
        terminal.tell("baseline entries that fit nothing any more: {stale} (--write-baseline)", stale=report.stale)


def as_json(report: "Report") -> dict[str, Any]:
    """The machine-readable form."""
    rows = [
        {
            "rule": one.rule,
            "severity": one.severity,
            "file": one.at.file,
            "line": max(1, one.at.line),
            "column": max(1, one.at.column),
            "message": report.translate(one.message),
            "hint": report.translate(one.hint) if one.hint else "",
        }
        for one in report.findings
    ]
    known = {} if report.known is None else {"baseline": {"known": report.known, "stale": report.stale}}
    return {"findings": rows, "summary": report.counts(), **known}
