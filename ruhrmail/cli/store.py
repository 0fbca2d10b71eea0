"""`ruhrmail store`: backups of the store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.guide import Guided, GuidedGroup
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.wording import local
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.store import Restored

store = typer.Typer(no_args_is_help=True, cls=GuidedGroup)
File = Annotated[Path, typer.Argument(metavar="FILE", help=word("The backup."))]
Source = Annotated[str, typer.Argument(metavar="FROM", help=word("The store's address."))]
Target = Annotated[str, typer.Argument(metavar="TO", help=word("Where there is none: another address."))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=word("Replace what is there without asking."))]


@store.command(cls=Guided, help=word("Copy the store into one file; others go on working meanwhile."))
def backup(ctx: typer.Context, file: File, yes: Yes = False) -> None:
    from ruhrmail.flows.backups import back_up_store
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    if file.exists():
        confirm(desk.terminal, phrase("{file} is there already. Replace it? [y/N] ", file=file), yes=yes)
    back_up_store(desk.config, file, this_machine())
    desk.terminal.say("the store is backed up in {file}", file=file)
    desk.terminal.tell(
        "the backup holds everybody on the list: keep it safe, and the secret of .ruhrmail/ in another place"
    )


@store.command(cls=Guided, help=word("Put a backup in the place of the store."))
def restore(ctx: typer.Context, file: File, yes: Yes = False) -> None:
    from ruhrmail.flows.backups import has_store, restore_store
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    if has_store(desk.config):
        confirm(desk.terminal, phrase("Replace the store by {file}? [y/N] ", file=file), yes=yes)
    show_restored(desk.terminal, restore_store(desk.config, file, this_machine()))


@store.command(cls=Guided, help=word("Copy the store from one database into another, and compare them."))
def copy(ctx: typer.Context, source: Source, target: Target) -> None:
    from ruhrmail.config.store_address import holds_secret
    from ruhrmail.flows.backups import copy_between
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    if any(map(holds_secret, (source, target))):
        desk.terminal.tell(BARE_SECRET)
        desk.terminal.tell("leave it out, and give it in PGPASSWORD or in ~/.pgpass (mode 0600)")
    moved = copy_between(desk.config, source, target, this_machine())
    for table, rows in moved.copied.rows.items():
        desk.terminal.say("{count} {table}", count=rows, table=table)
    desk.terminal.say("both hold the same: SHA-256 {hash}", hash=moved.copied.sha256)
    desk.terminal.tell("name the copy in `store:` or RUHRMAIL_STORE everywhere, and use the other no more")
    for mailing, step in moved.unfinished:
        desk.terminal.tell("{mailing}: {step}", mailing=mailing.name, step=step or BY_ITSELF)


BY_ITSELF = phrase("not finished: workers go on with it by themselves")
BARE_SECRET = phrase("warning: a password stands on the command line, where everybody on this machine can read it")


def confirm(terminal: Terminal, question: Phrase, *, yes: bool) -> None:
    """Asks before something is replaced. Raises UsageError where nobody is there to ask, ends at a no."""
    from ruhrmail.cli.asking import ask

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            phrase("something would be replaced, and there is no terminal to ask at"), hint=phrase("--yes replaces it")
        )
    if not ask(terminal, question):
        terminal.tell("nothing was changed")
        raise typer.Exit(1)


def show_restored(terminal: Terminal, done: "Restored") -> None:
    """What the store knows now, and what it cannot know."""
    terminal.say("the store is as it was on {time}", time=local(done.backed_up_at))
    if done.doubtful:
        terminal.say(
            "in doubt: {count} recipients who waited then, and may have been mailed since", count=done.doubtful
        )
    if done.carried:
        terminal.say("kept from the store before: suppressions {suppressed}, erasures {erased}",
                     suppressed=done.suppressed, erased=done.erased)  # fmt: skip
    else:
        terminal.tell("warning: who left, bounced or was forgotten since then is not known")
        terminal.tell("restart `ruhrmail serve` if it runs: until then it may refuse the links of this store")
    terminal.tell("mailings that began since then are not known: do not send their issues again")
