"""`ruhrmail init`: a new newsletter project."""

import shlex
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.terminal import Terminal, standard_terminal
from ruhrmail.cli.words import word
from ruhrmail.i18n import choose_language, translator


class Language(StrEnum):
    """The languages of newsletters."""

    DE = "de"
    EN = "en"


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=word("The project's folder; it may exist."))],
    language: Annotated[
        Language | None, typer.Option("--language", help=word("The newsletter's language; default: RUHRMAIL_LANG, de."))
    ] = None,
    name: Annotated[str, typer.Option("--name", help=word("What the newsletter is called."))] = "",
    url: Annotated[str, typer.Option("--url", help=word("Where archive and unsubscribing will be reachable."))] = "",
    sender: Annotated[str, typer.Option("--sender", metavar="ADDRESS", help=word("The sender's mail address."))] = "",
) -> None:
    from ruhrmail.flows.init import init_project
    from ruhrmail.scaffold import Wanted

    desk: Desk = ctx.obj
    chosen = language.value if language else choose_language(desk.environ.get("RUHRMAIL_LANG"), "de")
    place = (desk.chosen or Path()) / folder
    files = init_project(place, Wanted(chosen, name, url, sender), date.today())
    spoken = choose_language(desk.environ.get("RUHRMAIL_LANG"), chosen)
    terminal = standard_terminal(translator(spoken), desk.environ)
    terminal.say("a newsletter is there, with its first issue:")
    for file in files:
        terminal.say("  {file}", file=(place / file).as_posix())
    tell_next_steps(terminal, place)


def tell_next_steps(terminal: Terminal, folder: Path) -> None:
    """What to do with a new project."""
    terminal.say("what to do next:")
    if folder.resolve() != Path.cwd():
        terminal.say("  cd {folder}", folder=shlex.quote(str(folder)))
    terminal.say("  1. in ruhrmail.yaml, replace the examples: name, address, sender, imprint")
    terminal.say("  2. write the first issue (issue.yaml), and watch it in the browser: ruhrmail preview")
    terminal.say("  3. ruhrmail check")
    terminal.say("  4. fill in subscribers.csv; it stays out of git")
    terminal.say("  5. git init, and commit: pull requests are checked by .github/workflows/newsletter.yml")
