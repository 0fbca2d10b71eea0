"""`--help` in the reader's words: what typer adds by itself is English, and it shows a type even for switches."""

from typing import Any

from typer.core import TyperCommand, TyperGroup

from ruhrmail.cli.words import word

ADDED = {
    "help": word("Show this help and end."),
    "install_completion": word("Make the shell complete commands and options."),
    "show_completion": word("Show what makes the shell complete them."),
}
"""Options that typer adds."""


class Guided(TyperCommand):
    """A command whose help speaks the reader's language."""

    def get_params(self, ctx: Any) -> list[Any]:
        return put_into_words(super().get_params(ctx))


class GuidedGroup(TyperGroup):
    """The same for a command that has commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        return put_into_words(super().get_params(ctx))


def put_into_words(params: list[Any]) -> list[Any]:
    """The parameters of a command with their headlines translated, and no type beside switches."""
    for param in params:
        is_argument = param.param_type_name == "argument"
        param.rich_help_panel = word("Arguments") if is_argument else word("Options")
        if getattr(param, "is_flag", False):
            param.metavar = ""
        if param.name in ADDED:
            param.help = ADDED[param.name]
    return params
