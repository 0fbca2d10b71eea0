"""`ruhrmail subscribers forget`: erasure."""

import sys

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Address, Yes
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

QUESTION = phrase("Erase everything that is stored about {email}? This cannot be undone. [y/N] ")


def forget(
    ctx: typer.Context,
    address: Address,
    yes: Yes = False,
) -> None:
    from ruhrmail.cli.plan import ask
    from ruhrmail.flows.forgetting import forget_address
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.people import read_given_address

    desk: Desk = ctx.obj
    email = read_given_address(desk.config, address).email
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(phrase("nobody is there to ask: no terminal"), hint=phrase("--yes erases without asking"))
        if not ask(desk.terminal, phrase(QUESTION.template, email=email)):
            desk.terminal.tell("nothing was erased")
            raise typer.Exit(1)
    done = forget_address(desk.config, address, this_machine())
    if done.known:
        desk.terminal.say("{email} is forgotten: only a keyed hash is left, which keeps it from being mailed",
                          email=email)  # fmt: skip
    else:
        desk.terminal.say("nothing was stored about {email}; a keyed hash now keeps it from being mailed", email=email)
    desk.terminal.findings(done.rows)
    if done.put_aside:
        desk.terminal.tell("{file} could not be read and was put aside: it may still hold {email}, delete it",
                           file=done.put_aside, email=email)  # fmt: skip
    raise typer.Exit(1 if done.rows or done.put_aside else 0)
