"""`ruhrmail bounces`: returned mail is read."""

import sys
import traceback
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.desk import Desk, here
from ruhrmail.cli.guide import Guided, Lasting
from ruhrmail.cli.words import word
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ruhrmail.config import Mailbox
    from ruhrmail.flows.intake import Intake, Tally, Word

TEMPORARY = 75
"""EX_TEMPFAIL of sysexits: a mail server keeps the message and tries again."""


class Reading(Lasting):
    """With --follow it goes on until a signal comes; without, one interrupts it like any command."""

    def invoke(self, ctx: Any) -> Any:
        return super().invoke(ctx) if ctx.params["follow"] else Guided.invoke(self, ctx)


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"


def bounces(
    ctx: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="SOURCE",
            help=word(
                "A Maildir, an mbox, imaps://USER@HOST/FOLDER, or - for one message; none: those of the settings."
            ),
        ),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help=word("Delete messages that were understood."))] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help=word("Go on looking until told to stop, as the web service does."))
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help=word("How to print figures."))] = Format.TEXT,
) -> None:
    desk: Desk = ctx.obj
    if follow and (source == "-" or format_ is Format.JSON):
        raise UsageError(phrase("--follow goes on for ever: it prints no figures, and reads no standard input"))
    if source == "-":
        raise typer.Exit(take_standard_input(desk, format_))
    mailboxes = chosen(desk, source, delete=delete)
    if follow:
        look_again_and_again(desk, mailboxes)
        return
    failed = False
    tallies: list[Tally] = []
    with opened_intake(desk, format_) as intake:
        for mailbox in mailboxes:
            failed |= not read_and_show(desk, intake, mailbox, tallies, format_)
    if format_ is Format.JSON:
        desk.terminal.data([as_json(one) for one in tallies])
    raise typer.Exit(1 if failed or any(one.unreadable for one in tallies) else 0)


def look_again_and_again(desk: Desk, mailboxes: "Sequence[Mailbox]") -> None:
    """Reads the mailboxes whenever they are due, until SIGINT or SIGTERM. Raises StoreError."""
    from ruhrmail.flows.housekeeping import keeping_house
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.rounds import mailbox_duties
    from ruhrmail.flows.signals import hear_ending
    from ruhrmail.store import open_store
    from ruhrmail.tokens import load_keyring

    config, machine, tell = desk.config, this_machine(), desk.terminal.tell
    heard = hear_ending()
    keyring = load_keyring(config.secrets, config.state_folder, machine.randomness)
    with (
        open_store(config.store, now=machine.now(), randomness=machine.randomness) as store,
        keeping_house(mailbox_duties(config, store, keyring, machine, tell, mailboxes), tell),
    ):
        desk.terminal.say("mailboxes of returned mail that are looked at: {count}", count=len(mailboxes))
        heard.get()


def read_and_show(desk: Desk, intake: "Intake", mailbox: "Mailbox", tallies: "list[Tally]", format_: Format) -> bool:
    """Reads a mailbox; False where that failed, which is told: the others are read nevertheless."""
    from ruhrmail.errors import MailboxError, StoreLocked
    from ruhrmail.flows.mailboxes import read_mailbox

    try:
        tally = read_mailbox(intake, mailbox)
    except (MailboxError, StoreLocked) as error:
        desk.terminal.error(error)
        return False
    tallies.append(tally)
    if format_ is Format.TEXT:
        show(desk, tally)
    return True


def chosen(desk: Desk, source: str | None, *, delete: bool) -> "Sequence[Mailbox]":
    """The mailboxes to read: the one that was named, else those of the settings. Raises UsageError, InvalidInput."""
    from dataclasses import replace

    from ruhrmail.flows.mailboxes import mailbox_of, mailboxes_of

    found = mailboxes_of(desk.config) if source is None else [mailbox_of(desk.config, source, here(), desk.environ)]
    if not found:
        raise UsageError(
            phrase("the settings name no mailbox of returned mail"),
            hint=phrase("say which: bounces SOURCE, or write `bounces` in ruhrmail.yaml"),
        )
    return [replace(one, delete=True) for one in found] if delete else found


@contextmanager
def opened_intake(desk: Desk, format_: Format) -> "Iterator[Intake]":
    """What reading needs, while the store is open. Raises InvalidInput, StoreError."""
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.mailboxes import opened_intake as opened

    def tell(what: "Word") -> None:
        text = (
            f"{what.mailbox}, {what.place}: {desk.terminal.translate(what.text)}"
            if what.place
            else (f"{what.mailbox}: {desk.terminal.translate(what.text)}")
        )
        aside = what.bad or format_ is Format.JSON
        desk.terminal.write(desk.terminal.err if aside else desk.terminal.out, text)

    with opened(desk.config, this_machine(), tell) as intake:
        yield intake


def take_standard_input(desk: Desk, format_: Format) -> int:
    """One message of a mail server; returns the exit code.

    What is not the message's fault is temporary (75): settings, store, and bugs. Otherwise the server would answer a
    returned mail with a bounce of its own, and it would be gone.
    """
    from ruhrmail.flows.intake import read_one

    try:
        with opened_intake(desk, format_) as intake:
            tally = read_one(intake, sys.stdin.buffer, "-")
    except (RuhrmailError, OSError) as error:
        desk.terminal.error(error if isinstance(error, RuhrmailError) else RuhrmailError(phrase("{text}", text=error)))
        return TEMPORARY
    except Exception:  # noqa: BLE001 - shown, and the mail server keeps the message until the bug is mended
        traceback.print_exc()
        return TEMPORARY
    if format_ is Format.JSON:
        desk.terminal.data([as_json(tally)])
    return 1 if tally.unreadable else 0


def show(desk: Desk, tally: "Tally") -> None:
    """The figures of a mailbox on one line."""
    say = desk.terminal.translate
    parts = [f"{count} {say(KINDS[kind])}" for kind, count in sorted(tally.kinds.items(), key=lambda one: -one[1])]
    counts = (
        (tally.again, phrase("read before")),
        (tally.unknown, phrase("about nobody known")),
        (tally.unreadable, phrase("unreadable")),
        (tally.suppressed, phrase("newly suppressed")),
        (tally.done if tally.deletes else 0, phrase("deleted")),
    )
    parts += [f"{count} {say(what)}" for count, what in counts if count]
    desk.terminal.say("{mailbox}: read {count}{parts}", mailbox=tally.mailbox, count=tally.read + tally.unreadable,
                      parts=": " + ", ".join(parts) if parts else "")  # fmt: skip


def as_json(tally: "Tally") -> dict[str, Any]:
    """The same for machines."""
    return {
        "source": tally.mailbox,
        "read": tally.read,
        "kinds": {str(kind): count for kind, count in sorted(tally.kinds.items())},
        "suppressed": tally.suppressed,
        "again": tally.again,
        "unknown": tally.unknown,
        "unreadable": tally.unreadable,
        "deleted": tally.done if tally.deletes else 0,
    }


KINDS = {
    "hard": phrase("hard"),
    "soft": phrase("soft"),
    "policy": phrase("refused as policy"),
    "delayed": phrase("delayed"),
    "complaint": phrase("complaints"),
    "feedback": phrase("other feedback"),
    "unsubscribe": phrase("unsubscribed by mail"),
    "automatic": phrase("automatic answers"),
    "challenge": phrase("challenges"),
    "other": phrase("other mail"),
}
