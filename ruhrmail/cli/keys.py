"""`ruhrmail keys`: the keys of a newsletter."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.guide import Guided, GuidedGroup
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.flows.keys import Record

keys = typer.Typer(no_args_is_help=True, cls=GuidedGroup)


class KeyKind(StrEnum):
    """The algorithms that DKIM knows."""

    RSA = "rsa"
    ED25519 = "ed25519"


@keys.callback()
def choose() -> None:
    """Makes typer treat this as a group, however few commands it has."""


@keys.command(cls=Guided, help=word("Make a DKIM key, and print the DNS record that publishes it."))
def dkim(
    ctx: typer.Context,
    selector: Annotated[str, typer.Argument(metavar="SELECTOR", help=word("The key's name, such as ruhr-2026."))],
    kind: Annotated[
        KeyKind | None, typer.Option("--type", help=word("rsa (default), which everybody verifies, or ed25519."))
    ] = None,
    show: Annotated[bool, typer.Option("--show", help=word("Print the record of a key that is there."))] = False,
) -> None:
    from ruhrmail.flows.keys import check_selector, make_dkim_key, show_dkim_record

    desk: Desk = ctx.obj
    check_selector(selector)
    if show and kind:
        raise UsageError(phrase("--type makes a key, and --show makes none"), hint=phrase("say one of them, not both"))
    if show:
        record = show_dkim_record(desk.config, selector)
    else:
        record = make_dkim_key(desk.config, selector, (kind or KeyKind.RSA).value)
        desk.terminal.tell("the private key lies in {file}: keep it secret, and back it up", file=record.file)
    show_record(desk.terminal, selector, record)


@keys.command(cls=Guided, help=word("Sign links with a new key; links in mails already sent keep working."))
def rotate(ctx: typer.Context) -> None:
    from ruhrmail.flows.keys import rotate_keys
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    keyring = rotate_keys(desk.config, this_machine())
    desk.terminal.say("key {key} signs from now on; older ones that still verify: {count}", key=keyring.key_ids[0],
                      count=len(keyring.key_ids) - 1)  # fmt: skip
    desk.terminal.tell("a running `serve` takes it by itself; back up .ruhrmail/secret")


def show_record(terminal: Terminal, selector: str, record: "Record") -> None:
    """The record as zone files have it, on standard output; what to do with it, on standard error."""
    terminal.findings(record.findings)
    terminal.write(terminal.out, f"{record.name}. IN TXT (")
    for string in record.strings:
        terminal.write(terminal.out, f'  "{string}"')
    terminal.write(terminal.out, ")")
    if len(record.strings) > 1:
        terminal.tell("a form on the web may want the strings as one, without quotation marks")
    if not record.listed:
        terminal.tell(
            "once it is published, sign with it: dkim: [{entry}] in ruhrmail.yaml",
            entry=f"{{domain: {record.domain}, selector: {selector}}}",
        )
