"""What was said on a connection, and which answers are due: an envelope at once, or command by command."""

from collections import deque
from dataclasses import dataclass

from ruhrmail.deliver.connection import Letter, Stage
from ruhrmail.model.mail import Reply


@dataclass(slots=True, eq=False)
class Talk:
    """One transaction: its letter, what refused it, whether MAIL was accepted, where its body ends in our bytes, and
    whether its outcome was told."""

    letter: Letter
    refusal: Reply | None = None
    refused_at: Stage = "mail"
    greeted: bool = False
    body_end: int = 0
    told: bool = False


class Exchange:
    """The `lines` to write, and in order what the answers that are `due` will be to; `written` counts all bytes so far.

    With `at_once` (PIPELINING, RFC 2920) the commands of an envelope leave together, else each waits for the answer to
    the one before (RFC 5321 section 3.3).
    """

    __slots__ = ("_at_once", "_script", "due", "lines", "written")

    def __init__(self, *, at_once: bool) -> None:
        self.due: deque[tuple[Talk | None, Stage]] = deque()
        self.lines: list[bytes] = []
        self.written = 0
        self._at_once = at_once
        self._script: list[tuple[Stage, bytes]] = []

    def put(self, talk: Talk | None, stage: Stage, data: bytes) -> None:
        """Whole lines that are answered once."""
        self.lines.append(data)
        self.written += len(data)
        self.due.append((talk, stage))

    def put_envelope(self, talk: Talk, mail: bytes, rcpt: bytes, *, reset: bool) -> None:
        """MAIL, RCPT and DATA, or the first of them; `reset`: behind RSET, which undoes what was."""
        if not self._at_once:
            self._script = [("data", b"DATA\r\n"), ("rcpt", rcpt), ("mail", mail)]
            self._script += [("rset", b"RSET\r\n")] if reset else []
            self.go_on(talk)
            return
        data = b"%b%b%bDATA\r\n" % (b"RSET\r\n" if reset else b"", mail, rcpt)
        self.lines.append(data)
        self.written += len(data)
        stages: tuple[Stage, ...] = ("rset", "mail", "rcpt", "data") if reset else ("mail", "rcpt", "data")
        self.due.extend([(talk, stage) for stage in stages])

    def go_on(self, talk: Talk) -> None:
        """The next command of an envelope whose commands go one by one."""
        if self._script:
            stage, line = self._script.pop()
            self.put(talk, stage, line)

    def break_envelope(self) -> None:
        """No more commands of that envelope."""
        self._script = []

    def put_body(self, talk: Talk, content: bytes) -> None:
        """A body and its final dot."""
        self.lines += (content, b".\r\n")
        self.written += len(content) + 3
        talk.body_end = self.written
        self.due.append((talk, "dot"))

    def unanswered(self) -> dict[Talk, Stage]:
        """The transactions whose outcome was not told, each with the first answer that it waits for."""
        found: dict[Talk, Stage] = {}
        for talk, stage in self.due:
            if talk is not None and not talk.told:
                found.setdefault(talk, stage)
        return found

    def unbegun(self) -> list[Letter]:
        """The letters of those of which not a byte of the body was written."""
        return [talk.letter for talk in self.unanswered() if not talk.body_end]
