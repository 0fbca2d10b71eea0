"""`ruhrmail subscribers import --from TOOL`: the export of another newsletter tool onto the list."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ruhrmail.cli.subscribers.reporting import Asking, say_counts, say_end
from ruhrmail.cli.terminal import Terminal
from ruhrmail.model.migration import Stood
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.config import Config
    from ruhrmail.flows.migrating import MigrationReport, Task


class Source(StrEnum):
    """Whose export a file is."""

    CSV = "csv"
    LISTMONK = "listmonk"
    MAILCHIMP = "mailchimp"
    CLEVERREACH = "cleverreach"
    KEILA = "keila"


HOW = phrase('name it with --basis "…", such as the law and where the people come from')
TOLD = {
    Stood.SUBSCRIBED: phrase("subscribed there: {count}"),
    Stood.UNCONFIRMED: phrase("never confirmed there, not taken over: {count}"),
    Stood.UNSUBSCRIBED: phrase("unsubscribed there: {count}"),
    Stood.BOUNCED: phrase("undeliverable there: {count}"),
    Stood.COMPLAINED: phrase("reported as spam there: {count}"),
    Stood.BLOCKED: phrase("blocked there: {count}"),
}


def make_task(files: Sequence[Path], source: Source, state: Stood | None, tags: Sequence[str], basis: str) -> "Task":
    """What the options ask for."""
    from ruhrmail.flows.migrating import Task

    return Task(tuple(files), source.value, state, tuple(tags), basis)


def take_over(terminal: Terminal, config: "Config", task: "Task", *, dry_run: bool) -> bool:
    """Takes an export over and tells what became of it; whether some row was wrong."""
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.migrating import migrate
    from ruhrmail.model.finding import has_errors

    def ask(count: int) -> str:
        needs = phrase(
            "subscribed there without proof of consent: {count}; no legal basis is declared for them", count=count
        )
        return Asking(terminal, needs, HOW).ask()

    report = migrate(config, task, this_machine(), Asking(terminal).show, ask, dry_run=dry_run)
    show_migration(terminal, report, dry_run=dry_run)
    return has_errors(report.findings)


def show_migration(terminal: Terminal, report: "MigrationReport", *, dry_run: bool) -> None:
    """How many stood where, and what became of them, on standard output; bad rows on standard error."""
    terminal.findings(report.findings)
    for standing, sentence in TOLD.items():
        if count := report.standings.get(standing, 0):
            terminal.say(Phrase(sentence.template, {"count": count}))
    say_counts(terminal, report.imported)
    moved = report.moved
    terminal.say("newly suppressed {suppressed}, suppressed before {already}, here again since {returned}",
                 suppressed=moved.suppressed, already=moved.already, returned=moved.returned)  # fmt: skip
    say_end(terminal, report.repeated, report.basis, dry_run=dry_run)
