"""What shells complete beside commands and options: issues, audiences, rules, lines of `doctor`.

A shell has no place for errors: where a project cannot be read nothing is offered, and the command tells why.
"""

import os
from pathlib import Path

import typer

from ruhrmail.cli.desk import project_file
from ruhrmail.errors import RuhrmailError


def name_issues(ctx: typer.Context, incomplete: str) -> list[str]:
    """The project's issues, the newest names first."""
    from ruhrmail.slugs import find_slugs

    project = project_of(ctx)
    try:
        found = find_slugs(project) if project else []
    except RuhrmailError:
        return []
    return [slug for slug in reversed(found) if slug.startswith(incomplete)]


def name_audiences(ctx: typer.Context, incomplete: str) -> list[str]:
    """The names of the settings' audiences; expressions are not completed."""
    from ruhrmail.config import load_config

    project = project_of(ctx)
    try:
        names = load_config(project, os.environ).settings.audiences if project else {}
    except RuhrmailError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def name_rules(incomplete: str) -> list[str]:
    """The ids of all rules."""
    from ruhrmail.rulebook import read_rulebook

    return [rule for rule in read_rulebook() if rule.startswith(incomplete)]


def project_of(ctx: typer.Context) -> Path | None:
    """The folder of the project that the words before the command name, else of the one around here."""
    chosen = ctx.find_root().params.get("project")
    file = project_file(Path(chosen).expanduser() if chosen else None)
    return file.parent if file else None
