"""`ruhrmail subscribers`: the list, and what is stored about each person."""

import typer

from ruhrmail.cli.guide import Guided, GuidedGroup
from ruhrmail.cli.subscribers.adding import add
from ruhrmail.cli.subscribers.counting import stats
from ruhrmail.cli.subscribers.erasing import forget
from ruhrmail.cli.subscribers.importing import import_
from ruhrmail.cli.subscribers.listing import export, list_
from ruhrmail.cli.subscribers.proving import prove
from ruhrmail.cli.subscribers.showing import show
from ruhrmail.cli.subscribers.snippet import snippet
from ruhrmail.cli.subscribers.suppressing import suppress, unsuppress
from ruhrmail.cli.words import word

subscribers = typer.Typer(no_args_is_help=True, cls=GuidedGroup)

for name, command, summary in (
    ("import", import_, word("Bring a CSV file onto the list, with what allows to mail its people.")),
    ("export", export, word("Write the list as CSV that no spreadsheet takes for formulas.")),
    ("add", add, word("Put somebody onto the list by hand, with what allows to mail them.")),
    ("list", list_, word("Search the list.")),
    ("show", show, word("Show everything that is stored about an address (Art. 15 GDPR).")),
    ("prove", prove, word("Show what proves somebody's consent (Art. 7 GDPR), as a sheet to print.")),
    ("forget", forget, word("Erase an address; a keyed hash keeps it from being mailed (Art. 17 GDPR).")),
    ("suppress", suppress, word("Never mail an address again, whatever any list says.")),
    ("unsuppress", unsuppress, word("Lift what keeps an address from being mailed.")),
    ("snippet", snippet, word("Print the form that other sites may put onto their pages.")),
    ("stats", stats, word("Count the list, and show how it grew.")),
):
    subscribers.command(name, help=summary, cls=Guided)(command)
