"""The program: its commands and the one place where errors become messages and exit codes."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from ruhrmail import __version__
from ruhrmail.cli.approve import approve
from ruhrmail.cli.bounces import Reading, bounces
from ruhrmail.cli.build import build
from ruhrmail.cli.check import check
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.doctor import doctor
from ruhrmail.cli.guide import Guided, GuidedGroup, Lasting
from ruhrmail.cli.inbox import inbox
from ruhrmail.cli.init import init
from ruhrmail.cli.keys import keys
from ruhrmail.cli.misuse import misuse_of
from ruhrmail.cli.new import new
from ruhrmail.cli.preview import preview
from ruhrmail.cli.publish import publish
from ruhrmail.cli.rehearse import rehearse
from ruhrmail.cli.report import report
from ruhrmail.cli.schema import schema
from ruhrmail.cli.seeds import seeds
from ruhrmail.cli.send import Sending, send
from ruhrmail.cli.serve import serve
from ruhrmail.cli.status import status
from ruhrmail.cli.stop import stop
from ruhrmail.cli.store import store
from ruhrmail.cli.subscribers import subscribers
from ruhrmail.cli.terminal import abandon, open_streams
from ruhrmail.cli.words import word
from ruhrmail.cli.worker import worker
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.phrase import phrase


class Boundary(GuidedGroup):
    """Turns ruhrmail's errors into messages on standard error: 1 for an error in the input, 2 for wrong usage."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            raise tell_misuse(error, ctx) from error

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except RuhrmailError as error:
            raise tell(error, ctx) from error
        except TyperException as error:
            raise tell_misuse(error, ctx) from error
        except KeyboardInterrupt:
            raise tell(RuhrmailError(phrase("interrupted")), ctx) from None
        except BrokenPipeError:
            abandon(sys.stdout)
            raise typer.Exit(1) from None


def tell(error: RuhrmailError, ctx: Any) -> typer.Exit:
    """Prints an error and gives what ends the program."""
    desk = ctx.obj if isinstance(ctx.obj, Desk) else Desk(None, os.environ)
    desk.terminal.error(error)
    return typer.Exit(2 if isinstance(error, UsageError) else 1)


def tell_misuse(error: TyperException, ctx: Any) -> Exception:
    """The same for what typer does not understand; an error that only typer can tell is given back to it."""
    misuse = misuse_of(error)
    return tell(misuse, ctx) if misuse else error


app = typer.Typer(
    cls=Boundary,
    name="ruhrmail",
    help=word("Newsletter-as-code: write issues in YAML, build, check and send them."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted:
        typer.echo(f"ruhrmail {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    ctx: typer.Context,
    project: Annotated[
        Path | None,
        typer.Option(
            "--project", "-C", metavar="DIR", help=word("The newsletter's folder; default: this one or above.")
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help=word("Show the version and end."))
    ] = False,
) -> None:
    ctx.obj = Desk(project, os.environ)


KINDS: Mapping[Callable[..., None], type[Guided]] = {
    send: Sending, worker: Lasting, serve: Lasting, preview: Lasting, inbox: Lasting,
    bounces: Reading
}  # fmt: skip
for command, summary in (
    (init, word("Make a new newsletter project with its first issue.")),
    (new, word("Make a new issue from the project's pattern or from another issue.")),
    (build, word("Render issues into mail, plain text and web page.")),
    (check, word("Find what is wrong with settings, issues and list.")),
    (preview, word("Show issues in the browser as they are being written.")),
    (approve, word("Approve an issue: write down who approved which content.")),
    (send, word("Send an issue to the list; run again after any interruption, it goes on.")),
    (rehearse, word("Play a mailing through on this machine, against providers that misbehave.")),
    (stop, word("Halt a running or scheduled mailing; send goes on after asking.")),
    (status, word("Show what became of a mailing.")),
    (report, word("Write a page about a mailing: figures, plots, what to do next.")),
    (seeds, word("Send a test mail to mailboxes of your own, and see where it arrives.")),
    (bounces, word("Read returned mail: bounces, complaints, requests to be unsubscribed.")),
    (publish, word("Write the public issues as a static site with feeds and search.")),
    (serve, word("Run the web service: subscribing, unsubscribing, the public issues.")),
    (worker, word("Send what any machine has enqueued; several work side by side.")),
    (inbox, word("Run a local mail server that keeps what it gets, to try things out.")),
    (doctor, word("Look whether this project is ready to send: files, relay, DNS, web service.")),
    (schema, word("Print the JSON Schema of issue or settings, for completion in editors.")),
):
    app.command(help=summary, cls=KINDS.get(command, Guided), rich_help_panel=word("Commands"))(command)
app.add_typer(
    subscribers,
    name="subscribers",
    help=word("Import, list, show, forget and suppress people; prove their consent."),
    rich_help_panel=word("Commands"),
)
app.add_typer(
    store, name="store", help=word("Back up and restore what ruhrmail remembers."), rich_help_panel=word("Commands")
)
app.add_typer(
    keys, name="keys", help=word("Make and show the keys of the newsletter."), rich_help_panel=word("Commands")
)


def main() -> None:
    """The console script."""
    open_streams()
    app(prog_name="ruhrmail")  # also as `python -m ruhrmail`, and so for completion
