"""Questions: asked on standard error, answered on standard input; standard output is for results alone."""

import sys

from ruhrmail.cli.terminal import Terminal
from ruhrmail.model.phrase import Phrase

YES = ("y", "yes", "j", "ja")


def ask(terminal: Terminal, question: Phrase) -> bool:
    """Asks; anything but a clear yes, in either language, is a no."""
    return read_answer(terminal, question).lower() in YES


def read_answer(terminal: Terminal, question: Phrase) -> str:
    """What somebody types, without blanks around it; nothing for Ctrl+C, Ctrl+D and signals that end a program."""
    terminal.err.write(terminal.translate(question))
    terminal.err.flush()
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
    if not answer.endswith("\n"):
        terminal.write(terminal.err, "")
    return answer.strip()
