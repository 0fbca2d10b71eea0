"""`check --fix` and `--diff`: what was mended, or could be."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ruhrmail.cli.desk import Desk

if TYPE_CHECKING:
    from ruhrmail.flows.mend import MendedFile


def show_mending(desk: Desk, slugs: Sequence[str]) -> None:
    """Prints what mending would change, and changes nothing."""
    for file in mendable(desk, slugs):
        desk.terminal.write_utf8(file.diff())


def mend_first(desk: Desk, slugs: Sequence[str], *, to_out: bool) -> None:
    """Mends, and names each line; on standard error where standard output is for machines."""
    from ruhrmail.flows.mend import write_mended

    terminal = desk.terminal
    say = terminal.say if to_out else terminal.tell
    for file in mendable(desk, slugs):
        write_mended(file)
        for line, kinds in file.lines():
            mended = ", ".join(terminal.translate(kind) for kind in kinds)
            say("{file}:{line}: mended: {mended}", file=file.name, line=line, mended=mended)


def mendable(desk: Desk, slugs: Sequence[str]) -> Iterator["MendedFile"]:
    """The files that may be written; the others are told."""
    from ruhrmail.flows.mend import mend_issues

    for file in mend_issues(desk.project, desk.environ, slugs):
        if file.begun:
            desk.terminal.tell("{file}: not mended, for its mailing has begun", file=file.name)
        else:
            yield file
