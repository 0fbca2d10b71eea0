"""`ruhrmail check`: the gate."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.model.finding import SEVERITIES, Finding, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.i18n import Translator


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


def check(
    ctx: typer.Context,
    slugs: Annotated[list[str] | None, typer.Argument(metavar="SLUG", help=word("Issues; none: all."))] = None,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print findings."))] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help=word("Warnings count as errors."))] = False,
    explain: Annotated[str, typer.Option(metavar="RULE", help=word("Print a rule's manual page."))] = "",
) -> None:
    from ruhrmail.flows.check import check_project

    desk: Desk = ctx.obj
    if explain:
        explain_rule(desk.terminal, explain)
        return
    findings = in_order(check_project(desk.project, desk.environ, slugs or []))
    if format_ is Format.JSON:
        desk.terminal.data(as_json(findings, desk.terminal.translate))
    else:
        desk.terminal.findings(findings, with_rule=True, to_out=True)
        desk.terminal.say("errors: {error}, warnings: {warning}, notes: {info}", **count(findings))
    if any(finding.severity == "error" or (strict and finding.severity == "warning") for finding in findings):
        raise typer.Exit(1)


def explain_rule(terminal: "Terminal", name: str) -> None:
    """Prints the manual page of a rule. Raises UsageError for an id that no rule has."""
    from ruhrmail.flows.explain import explain

    for line in explain(name):
        terminal.say(line)


def count(findings: "Sequence[Finding]") -> dict[str, int]:
    """How many findings there are of each severity."""
    return {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}


def as_json(findings: "Sequence[Finding]", translate: "Translator") -> dict[str, Any]:
    """The machine-readable form."""
    rows = [
        {
            "rule": one.rule,
            "severity": one.severity,
            "file": one.at.file,
            "line": max(1, one.at.line),
            "column": max(1, one.at.column),
            "message": translate(one.message),
            "hint": translate(one.hint) if one.hint else "",
        }
        for one in findings
    ]
    return {"findings": rows, "summary": count(findings)}
