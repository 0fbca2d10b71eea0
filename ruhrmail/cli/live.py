"""The terminal on which a picture is drawn anew in its place, and lines above it."""

from dataclasses import replace
from typing import TYPE_CHECKING, TextIO, cast

from ruhrmail.cli.picture import draw
from ruhrmail.cli.terminal import Terminal
from ruhrmail.watch.tally import Tally

if TYPE_CHECKING:
    from rich.live import Live


def make_live(terminal: Terminal, tally: Tally) -> "Live | None":
    """A picture that is drawn when told to; None where standard error is no terminal that can move its cursor."""
    if not terminal.err.isatty():
        return None
    from rich.console import Console
    from rich.live import Live

    console = Console(file=terminal.err)
    if not console.is_interactive:
        return None
    return Live(
        get_renderable=lambda: draw(tally, terminal.translate),
        console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip


def above(terminal: Terminal, live: "Live") -> Terminal:
    """The same terminal, whose lines stand above the picture."""
    from rich.file_proxy import FileProxy

    return replace(terminal, err=cast("TextIO", FileProxy(live.console, terminal.err)))


def put_raw(live: "Live", text: str) -> None:
    """Characters that move the cursor, past everything that would draw around them."""
    live.console.file.write(text)
    live.console.file.flush()
