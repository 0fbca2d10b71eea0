"""`ruhrmail subscribers snippet`: the form for other sites."""

from enum import StrEnum
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.words import word


class Language(StrEnum):
    """The languages of the form."""

    DE = "de"
    EN = "en"


def snippet(
    ctx: typer.Context,
    language: Annotated[
        Language | None, typer.Option("--language", help=word("The form's language; else the newsletter's."))
    ] = None,
) -> None:
    from ruhrmail.consent import make_snippet
    from ruhrmail.flows.joining import form_address
    from ruhrmail.i18n import translator

    desk: Desk = ctx.obj
    config = desk.config
    chosen = str(language or config.newsletter.language)
    text = make_snippet(form_address(config, chosen), config.newsletter.name, translator(chosen))
    desk.terminal.stream(text.splitlines())
