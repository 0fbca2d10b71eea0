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

    def get_usage(self, ctx: Any) -> str:
        return say_usage(super().get_usage(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        say_required()
        super().format_help(ctx, formatter)


class GuidedGroup(TyperGroup):
    """The same for a command that has commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        return put_into_words(super().get_params(ctx))

    def get_usage(self, ctx: Any) -> str:
        return say_usage(super().get_usage(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        say_required()
        super().format_help(ctx, formatter)


def say_usage(usage: str) -> str:
    """The line that shows how a command is called, its first word in the reader's language."""
    return usage.replace("Usage:", word("Usage:"), 1)


def say_required() -> None:
    """What typer writes beside what must be there; it takes the word from its module when it draws the help."""
    from typer import rich_utils

    rich_utils.REQUIRED_LONG_STRING = word("[required]")


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
