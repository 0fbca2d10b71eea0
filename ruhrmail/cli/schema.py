"""`ruhrmail schema`: what issue and config may hold, for editors' completion and help."""

from enum import StrEnum
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.init import Language
from ruhrmail.cli.words import word


class Subject(StrEnum):
    """The files that have a schema."""

    ISSUE = "issue"
    CONFIG = "config"


def schema(
    ctx: typer.Context,
    subject: Annotated[
        Subject, typer.Argument(metavar="[issue|config]", help=word("An issue (default), or ruhrmail.yaml."))
    ] = Subject.ISSUE,
    language: Annotated[
        Language | None, typer.Option("--language", help=word("The language of the help texts in it."))
    ] = None,
) -> None:
    from ruhrmail.flows.schema import schema_text

    desk: Desk = ctx.obj
    text = schema_text(subject.value, language.value if language else desk.language)
    desk.terminal.write_utf8(text)
