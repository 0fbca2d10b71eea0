"""`ruhrmail publish`: the archive as a static site."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word

if TYPE_CHECKING:
    from ruhrmail.flows.publish import Published


def publish(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=word("Where to write; default: public/ of the project."))
    ] = None,
) -> None:
    from ruhrmail.flows.publish import publish_site

    desk: Desk = ctx.obj
    folder = out or desk.project / "public"
    published = publish_site(desk.config, folder)
    desk.terminal.findings(published.findings)
    desk.terminal.say(
        "{folder}: issues {issues}, files {files} (written {written}, deleted {removed})",
        folder=desk.config.name_of(folder),
        issues=len(published.issues),
        files=published.files,
        written=published.written,
        removed=published.removed,
    )
    tell_rest(desk, published)
    if any(finding.severity == "error" for finding in published.findings):
        raise typer.Exit(1)


def tell_rest(desk: Desk, published: "Published") -> None:
    """What an editor may not expect."""
    for slug in published.withdrawn:
        desk.terminal.tell("{slug} is not public any more: its pages were deleted", slug=slug)
    for page in published.lost:
        desk.terminal.tell(
            "{page} is gone, and links in mails that were sent lead to nothing: keep its `id`, or say in `redirects` "
            "where it is now",
            page=page,
        )
    for place in published.astray:
        desk.terminal.tell("{place} of `redirects` leads to what is not on the site: nobody is led there", place=place)
    for slug in published.kept:
        if slug in published.issues:
            desk.terminal.tell("{slug} has errors: its pages stay as they were last right", slug=slug)
        else:
            desk.terminal.tell("{slug} has errors: it is not on the site", slug=slug)
    if not published.has_store:
        desk.terminal.tell("there is no store here: only issues that say `published: true` are public")
    if not published.issues:
        desk.terminal.tell("no issue is public yet: send one, or write `published: true` into it")
