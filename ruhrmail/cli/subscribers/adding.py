"""`ruhrmail subscribers add`: somebody onto the list by hand."""

from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Address
from ruhrmail.cli.subscribers.reporting import Asking
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

NEEDS_BASIS = phrase("nothing says yet what allows to mail this person")
HOW = phrase('name it with --basis "…", such as the law and where the address comes from')


def add(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    address: Address,
    basis: Annotated[
        str | None, typer.Option("--basis", metavar="TEXT", help=word("What allows to mail this person."))
    ] = None,
    first_name: Annotated[
        str | None, typer.Option("--first-name", metavar="NAME", help=word("The first name."))
    ] = None,
    last_name: Annotated[str | None, typer.Option("--last-name", metavar="NAME", help=word("The last name."))] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help=word("A tag; repeatable."))] = None,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="COLUMN=VALUE", help=word("Any other column, such as company; repeatable.")),
    ] = None,
) -> None:
    from ruhrmail.flows.directory import add_person
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.people import read_given_address

    desk: Desk = ctx.obj
    columns = dict(map(read_field, field or ()))
    given = {"first_name": first_name, "last_name": last_name, "tags": " ".join(tag) if tag else None}
    columns |= {name: value for name, value in given.items() if value is not None}
    email = read_given_address(desk.config, address).email
    if basis is not None and not basis.strip():
        raise UsageError(phrase("the legal basis is empty"), hint=HOW)
    why = (basis or desk.config.newsletter.legal_basis or Asking(desk.terminal, NEEDS_BASIS, HOW).ask()).strip()
    if add_person(desk.config, address, columns, why, this_machine()):
        desk.terminal.say("{email} is on the list", email=email)
    else:
        desk.terminal.say("{email} was on the list already; nothing changed but the record", email=email)


def read_field(text: str) -> tuple[str, str]:
    """`ort=Essen` to name and value. Raises UsageError."""
    from ruhrmail.roster import name_column

    name, equals, value = text.partition("=")
    column = name_column(name)
    if not equals or not column or column == "email":
        hint = phrase("such as --field company=Zeche or --field ort=Essen")
        raise UsageError(phrase("{value} is no column with a value", value=text), hint=hint)
    return column, value.strip()
