"""Printing: results on standard output, everything else on standard error."""

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from ruhrmail.errors import InvalidInput, OutputError, RuhrmailError
from ruhrmail.i18n import Translator
from ruhrmail.model.finding import Finding, Severity, in_order
from ruhrmail.model.phrase import Phrase, phrase

BOLD, RED, YELLOW, BLUE, DIM = "1", "31", "33", "34", "2"
COLOR_OF: Mapping[Severity, str] = {"error": RED, "warning": YELLOW, "info": BLUE}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Two streams and a language; `color` only where standard error is a terminal."""

    out: TextIO
    err: TextIO
    translate: Translator
    color: bool

    def say(self, text: Phrase | str, /, **values: object) -> None:
        """A line of the result, on standard output."""
        put(self.out, self.translate(text, **values))

    def tell(self, text: Phrase | str, /, **values: object) -> None:
        """A line about what goes on, on standard error."""
        put(self.err, self.translate(text, **values))

    def error(self, error: RuhrmailError) -> None:
        """An error as `file:line:column: message`, source line, caret and hint; all findings of invalid input."""
        if isinstance(error, InvalidInput):
            self.findings(error.findings)
            return
        place = f"{error.at}: " if error.at else ""
        self.write(self.err, place + self.translate(error.message))
        if error.at:
            self.excerpt(self.err, Finding("", "error", error.at, error.message))
        self.hint(self.err, error.hint)

    def findings(self, findings: Sequence[Finding], *, with_rule: bool = False, to_out: bool = False) -> None:
        """Findings in the order of file and line; `with_rule` ends the first line in `severity [rule/id]`."""
        stream = self.out if to_out else self.err
        for finding in in_order(findings):
            text = self.translate(finding.message)
            if with_rule:
                severity = self.paint(finding.severity, COLOR_OF[finding.severity])
                text = f"{text} {severity} [{finding.rule}]"
            self.write(stream, f"{self.paint(str(finding.at), BOLD)}: {text}")
            self.excerpt(stream, finding)
            self.hint(stream, finding.hint)

    def excerpt(self, stream: TextIO, finding: Finding) -> None:
        """The source line and a caret below the place."""
        line = printable(finding.at.excerpt)
        if not line.strip():
            return
        column = min(finding.at.caret, len(line))
        start = max(0, column - 80) if len(line) > 160 else 0
        shown = line[start : start + 160]
        self.write(stream, f"    {shown}")
        self.write(stream, "    " + blank(shown[: column - start]) + self.paint("^", COLOR_OF[finding.severity]))

    def hint(self, stream: TextIO, hint: Phrase | None) -> None:
        """The line that says what to do."""
        if hint is not None:
            label = "Tipp: " if self.translate.language == "de" else "try: "
            self.write(stream, label + self.translate(hint))

    def write(self, stream: TextIO, text: str) -> None:
        """One line, whatever the text holds."""
        put(stream, printable(text, escapes=self.color))

    def data(self, rows: object) -> None:
        """A result for machines: JSON that arrives whole in whatever encoding standard output has."""
        put(self.out, json.dumps(rows, ensure_ascii=self.ascii, indent=2))

    def write_utf8(self, text: str) -> None:
        """A result for machines on standard output, in UTF-8 whatever the terminal's encoding."""
        raw = getattr(self.out, "buffer", None)
        with delivering(self.out):
            if raw is None:
                self.out.write(text)
            else:
                raw.write(text.encode())
            self.out.flush()

    def stream(self, lines: Iterable[str]) -> None:
        """A long result on standard output, as many lines as there are, a thousand at a time."""
        lines = iter(lines)
        while batch := list(islice(lines, 1000)):
            put(self.out, "\n".join(batch))

    @property
    def columns(self) -> int:
        """How wide the terminal on standard output is; 0 where there is none: lines in files and pipes stay whole."""
        return shutil.get_terminal_size().columns if self.out.isatty() else 0

    @property
    def ascii(self) -> bool:
        """Whether standard output cannot hold every character."""
        return (getattr(self.out, "encoding", None) or "").lower().replace("-", "") != "utf8"

    def paint(self, text: str, code: str) -> str:
        """Colour on a terminal, nothing elsewhere."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text


def put(stream: TextIO, line: str) -> None:
    """Writes a line at once. Raises BrokenPipeError when the reader went away, OutputError on a full disk."""
    with delivering(stream):
        print(line, file=stream, flush=True)


@contextmanager
def delivering(stream: TextIO) -> Iterator[None]:
    """Something is being written. Raises BrokenPipeError and OutputError as `put` does."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(stream)
        raise OutputError(phrase("the output cannot be written: {reason}", reason=error.strerror or error)) from error


def abandon(stream: TextIO) -> None:
    """Sends what a stream still holds to nowhere, so that the interpreter does not stumble over it at its end."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def printable(text: str, *, escapes: bool = False) -> str:
    """The text on one line, without characters that move a terminal's cursor; tabs stay."""
    if text.isprintable():
        return text
    allowed = "\t\x1b" if escapes else "\t"
    return "".join(
        character if character in allowed or not unicodedata.category(character).startswith("C") else "�"
        for character in " ".join(text.splitlines())
    )


def blank(text: str) -> str:
    """White space as wide as the text is on a terminal."""
    return "".join(
        "\t" if character == "\t" else "  " if unicodedata.east_asian_width(character) in "WF" else " "
        for character in text
        if not unicodedata.combining(character)
    )


def standard_terminal(translate: Translator, environ: Mapping[str, str]) -> Terminal:
    """The process's own streams, which `open_streams` made usable."""
    color = sys.stderr.isatty() and sys.stdout.isatty() and not environ.get("NO_COLOR")
    return Terminal(sys.stdout, sys.stderr, translate, color)


def open_streams() -> None:
    """Makes the process's streams usable: closed ones lead nowhere, characters their encoding lacks are replaced."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
