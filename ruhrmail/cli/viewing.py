"""`check --browser`: what is wanted of it, and what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from ruhrmail.cli.desk import Desk
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.cli.formats import Report
    from ruhrmail.flows.viewing import Viewing


def plan_viewing(browser: bool, accept: bool, folder: Path | None) -> "Viewing | None":
    """What the options ask of the browser. Raises UsageError for those that need --browser without it."""
    if not browser:
        needing = next((name for name, wanted in (("--accept", accept), ("--report", folder)) if wanted), None)
        if needing:
            hint = phrase("ruhrmail check --browser {option}", option=needing)
            raise UsageError(phrase("{option} needs --browser", option=needing), hint=hint)
        return None
    from ruhrmail.flows.viewing import Viewing

    return Viewing(accept, folder)


def show_viewing(desk: Desk, report: "Report", viewing: "Viewing") -> None:
    """Tells what became of baselines, and writes the page of `--report`. Raises RuhrmailError where it cannot."""
    terminal = desk.terminal
    if viewing.accept:
        terminal.tell("baselines written or deleted: {count}", count=viewing.changed)
    elif viewing.without:
        slugs = ", ".join(viewing.without)
        terminal.tell("without baselines, so not compared: {slugs} (--accept takes them)", slugs=slugs)
    if viewing.folder is not None:
        from ruhrmail.cli.formats.album import write_album

        page = viewing.folder / "index.html"
        try:
            viewing.folder.mkdir(parents=True, exist_ok=True)
            page.write_text(write_album(report, viewing.exhibits), encoding="utf-8", newline="\n")
        except OSError as error:
            message = phrase("{path} cannot be written: {reason}", path=page, reason=error.strerror or error)
            raise RuhrmailError(message) from error
        terminal.tell("the report: {path}", path=page)
