"""What all commands have besides typer's own: `--help` in the reader's words, and an ear for signals.

What typer adds by itself is English, and it shows a type even for switches.
"""

from typing import Any, ClassVar

from typer import Exit
from typer.core import TyperCommand, TyperGroup

from ruhrmail.cli.words import word
from ruhrmail.interrupts import as_usual, interrupting
from ruhrmail.model.phrase import Phrase, phrase

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

    def invoke(self, ctx: Any) -> Any:
        with as_usual():
            return super().invoke(ctx)


class Lasting(Guided):
    """A command that goes on until a signal comes, which is how it should end, also while it still reads libraries."""

    code: ClassVar[int] = 0

    def invoke(self, ctx: Any) -> Any:
        try:
            with interrupting():
                return TyperCommand.invoke(self, ctx)
        except KeyboardInterrupt:
            ctx.obj.terminal.tell(self.parting(ctx))
            raise Exit(self.code) from None

    def parting(self, ctx: Any) -> Phrase:
        """What is said when a signal came before the command listened, or once it did no more."""
        return phrase("ended as asked")


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
