"""What the imports show, ask and report."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruhrmail.cli.asking import read_answer
from ruhrmail.cli.terminal import Terminal
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.flows.importing import Preview
    from ruhrmail.model.consent import Imported

SEPARATORS = {",": phrase("comma"), ";": phrase("semicolon"), "\t": phrase("tab")}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
NEEDS_BASIS = phrase("rows say nothing about consent, and no legal basis is declared for them")
HOW = phrase(
    'name it with --basis "…", such as the law and where the people come from, '
    "or fill in consented_at and consent_source"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Shows how the file was understood, and asks what allows to mail its people."""

    terminal: Terminal
    needs: Phrase = NEEDS_BASIS
    how: Phrase = HOW

    def show(self, preview: "Preview") -> None:
        """Encoding, separator and columns, on standard error."""
        encoding = ENCODINGS.get(preview.encoding, preview.encoding.upper())
        separator = SEPARATORS.get(preview.separator, preview.separator)
        if separator:
            self.terminal.tell("{file}: {encoding}, separator: {separator}", file=preview.name, encoding=encoding,
                               separator=separator)  # fmt: skip
        else:
            self.terminal.tell("{file}: {encoding}", file=preview.name, encoding=encoding)
        for header, column in preview.columns:
            self.terminal.tell("  {header} → {column}", header=header.strip() or "–", column=column or "–")
        if preview.dropped:
            self.terminal.tell("  not taken over: {headers}", headers=", ".join(preview.dropped))
        if preview.is_roster:
            self.terminal.tell("this is the project's own list: whoever it no longer names is no longer on it")

    def ask(self) -> str:
        """The legal basis, from the terminal. Raises UsageError where there is none, or nothing is said."""
        if not sys.stdin.isatty():
            raise UsageError(self.needs, hint=self.how)
        self.terminal.tell(self.needs)
        answer = read_answer(self.terminal, phrase("What allows to mail them? "))
        if not answer:
            raise UsageError(phrase("nothing was imported: without a legal basis nobody may be mailed"), hint=self.how)
        return answer


def say_counts(terminal: Terminal, counts: "Imported") -> None:
    """What became of the rows."""
    terminal.say(
        "added {added}, changed {changed}, unchanged {unchanged}, suppressed {suppressed}, rejected {rejected}",
        added=counts.added, changed=counts.changed, unchanged=counts.unchanged, suppressed=counts.suppressed,
        rejected=counts.rejected,
    )  # fmt: skip


def say_end(terminal: Terminal, repeated: int, basis: str, *, dry_run: bool) -> None:
    """What is to be said besides."""
    if repeated:
        terminal.say("rows that repeat an address: {count}", count=repeated)
    if basis:
        terminal.tell("legal basis of rows that say nothing themselves: {basis}", basis=basis)
    if dry_run:
        terminal.say("dry run: nothing was changed")
