"""`ruhrmail build`: issues to files."""

from pathlib import Path
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Slugs
from ruhrmail.cli.words import word


def build(
    ctx: typer.Context,
    slugs: Slugs = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=word("Where to write; default: build/ of the project."))
    ] = None,
) -> None:
    from ruhrmail.flows.build import build_issues

    desk: Desk = ctx.obj
    built = build_issues(desk.config, slugs or [], out or desk.project / "build")
    for one in built.issues:
        desk.terminal.say(
            "{slug}: {folder} (HTML: {kilobytes} KB, pictures: {pictures})",
            slug=one.slug,
            folder=desk.config.name_of(one.folder),
            kilobytes=one.kilobytes,
            pictures=one.pictures,
        )
    desk.terminal.findings(built.findings)
    errors = sum(finding.severity == "error" for finding in built.findings)
    warnings = sum(finding.severity == "warning" for finding in built.findings)
    if not built.issues and not built.findings:
        desk.terminal.say("there is no issue yet: `ruhrmail new SLUG` makes one")
    if errors or warnings:
        desk.terminal.tell("errors: {errors}, warnings: {warnings}", errors=errors, warnings=warnings)
    if errors:
        raise typer.Exit(1)
