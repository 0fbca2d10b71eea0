"""`ruhrmail subscribers suppress` and `unsuppress`: by hand, with a reason."""

from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help=word("The mail address."))]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=word("Why; it is recorded."))]
WITHOUT_REASON = phrase("the reason is missing")
SAY_WHY = phrase('say why: --reason "…"; it is recorded with the time')


def suppress(ctx: typer.Context, address: Address, reason: Why = "") -> None:
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.people import suppress_address

    desk: Desk = ctx.obj
    if suppress_address(desk.config, address, given(reason), this_machine()):
        desk.terminal.say("{email} is suppressed, and stays so", email=address.strip())
    else:
        desk.terminal.say("{email} was suppressed already, for good; nothing changed", email=address.strip())


def unsuppress(ctx: typer.Context, address: Address, reason: Why = "") -> None:
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.people import unsuppress_address

    desk: Desk = ctx.obj
    found = unsuppress_address(desk.config, address, given(reason), this_machine())
    desk.terminal.say("{email} is no longer suppressed (it was: {reason})", email=address.strip(),
                      reason=REASON_WORDS[found.reason.value])  # fmt: skip


def given(reason: str) -> str:
    """The reason as it was said. Raises UsageError for none."""
    if not reason.strip():
        raise UsageError(WITHOUT_REASON, hint=SAY_WHY)
    return reason.strip()


REASON_WORDS = {
    "unsubscribed": phrase("unsubscribed"),
    "bounced": phrase("returned as undeliverable"),
    "complained": phrase("reported as spam"),
    "forgotten": phrase("forgotten"),
    "manual": phrase("by hand"),
}
