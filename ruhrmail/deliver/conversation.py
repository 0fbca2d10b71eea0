"""What is said on one SMTP connection: letters in, bytes out, replies in, attempts out. Knows no network.

With PIPELINING (RFC 2920) a message takes one round trip: its body and final dot leave together with the next
envelope (MAIL, RCPT, DATA); a body is held for the moment that the next letter needs to come. Without it one command is
out at a time (RFC 5321 section 3.3).

What each answer means, and none, stands in `answers.py`. This is one state machine: what a branch sets, the next ones
read, so they stay together.
"""

from collections import deque
from collections.abc import Callable, Mapping

from ruhrmail.deliver.answers import (
    BROKEN,
    CLOSING,
    GO_AHEAD,
    Break,
    outcome_of_break,
    outcome_of_dot,
    outcome_of_refusal,
    turns_away,
)
from ruhrmail.deliver.connection import Letter, Stage
from ruhrmail.deliver.exchange import Exchange, Talk
from ruhrmail.deliver.letters import check_content, envelope_of, fault_of, stuff_dots
from ruhrmail.deliver.replies import Garbled, make_reply, read_reply
from ruhrmail.model.mail import Attempt, Outcome, Reply


class Conversation:
    """Feed it with `offer`, `receive` and `break_off`; after each, take `output()` and `finished()`.

    `over` is set when the connection must be closed; `turned_away` is the reply that wants no mail of ours at all.
    """

    def __init__(self, relay: str, extensions: Mapping[str, str]) -> None:
        self.more_coming: Callable[[], bool] = never
        self.over = False
        self.turned_away: Reply | None = None
        self.farewell: Reply | None = None
        self.carried = 0
        self._relay = relay
        self._extensions = extensions
        self._depth = 2 if "pipelining" in extensions else 1
        self._exchange = Exchange(at_once=self._depth > 1)
        self._queue: deque[Letter] = deque()
        self._talk: Talk | None = None
        self._held: Talk | None = None
        self._open = 0
        self._reset = False
        self._buffer = b""
        self._finished: list[tuple[Letter, Attempt, Stage]] = []

    @property
    def room(self) -> int:
        """How many more letters it takes."""
        return 0 if self.over else self._depth - self._open

    @property
    def idle(self) -> bool:
        """True when no letter is open."""
        return not self._open

    @property
    def next_answer(self) -> tuple[Talk | None, Stage] | None:
        """What the next reply will answer, always the same object for the same answer; None when none is due."""
        due = self._exchange.due
        return due[0] if due else None

    def output(self) -> bytes:
        """The bytes to write now."""
        lines = self._exchange.lines
        data = b"".join(lines)
        lines.clear()
        return data

    def finished(self) -> list[tuple[Letter, Attempt, Stage]]:
        """What became of letters since the last call."""
        found, self._finished = self._finished, []
        return found

    def offer(self, letter: Letter) -> None:
        """Takes a letter; an address that no command can hold fails at once."""
        fault = fault_of(letter.message.envelope, "smtputf8" in self._extensions)
        if fault:
            self._finished.append((letter, Attempt(Outcome.FAILED, self._relay, text=fault), "mail"))
            return
        if not letter.message.wire_ready:
            check_content(letter.message.content)
        self._open += 1
        self._queue.append(letter)
        self.release()
        self._begin()

    def release(self) -> None:
        """Lets the body go that was held."""
        if self._held is not None and not self.over:
            talk, self._held = self._held, None
            self._send_body(talk)

    def say_goodbye(self) -> None:
        """QUIT; call it when idle."""
        self._exchange.put(None, "quit", b"QUIT\r\n")
        self.over = True

    def receive(self, data: bytes, unsent: int) -> None:
        """Bytes from the server, while the last `unsent` of our own had not left yet."""
        data = self._buffer + data if self._buffer else data
        expected = self._exchange.due
        due, offset, sent = len(expected), 0, self._exchange.written - unsent
        try:
            while offset < len(data) and (found := read_reply(data, offset)) is not None:
                code, texts, offset = found
                if not due:
                    self._hear_unasked(code, texts)
                    return
                due -= 1
                self._hear(*expected.popleft(), code, texts, sent)
                if self.over:
                    return
        except Garbled:
            self.break_off("garbled")
            return
        self._buffer = data[offset:]
        if self._buffer and not due:
            self.break_off("garbled")

    def _begin(self) -> None:
        """Sends the next envelope, if one waits and no other is out."""
        if self._talk is not None or not self._queue or self.over:
            return
        talk = self._talk = Talk(self._queue.popleft())
        reset, self._reset = self._reset, False
        self._exchange.put_envelope(talk, *envelope_of(talk.letter.message, self._extensions), reset=reset)

    def _hear(self, talk: Talk | None, stage: Stage, code: int, texts: list[bytes], sent: int) -> None:
        """One reply to the command it answers."""
        if talk is None or stage == "quit":
            self.over = True
        elif stage == "dot":
            self._hear_dot(talk, code, texts, sent)
        elif talk.refusal is not None:
            self._hear_more(talk, stage, code)
        elif stage == "rset":
            self._hear_reset(talk, code, texts)
        elif code == GO_AHEAD and stage == "data":
            self._hold_or_send(talk)
        elif code < 300 and stage != "data":
            talk.greeted = True
            if self._depth == 1:
                self._exchange.go_on(talk)
        else:
            self._refuse(talk, stage, make_reply(code, texts))

    def _hear_reset(self, talk: Talk, code: int, texts: list[bytes]) -> None:
        """RSET never fails (RFC 5321 section 4.1.1.5), except where the server says goodbye."""
        if code < 300:
            self._exchange.go_on(talk)
        elif code == CLOSING:
            self._refuse(talk, "mail", make_reply(code, texts))
        else:
            self._exchange.due.appendleft((talk, "rset"))
            self.break_off("garbled")

    def _hold_or_send(self, talk: Talk) -> None:
        """The server waits for the body; it may wait a moment longer."""
        if self._depth > 1 and not self._queue and self.more_coming():
            self._held = talk
        else:
            self._send_body(talk)

    def _send_body(self, talk: Talk) -> None:
        """The body and its final dot; the next envelope goes along."""
        message = talk.letter.message
        content = message.content if message.wire_ready else stuff_dots(message.content)
        self._exchange.put_body(talk, content)
        self._talk = None
        if self._depth > 1:
            self._begin()

    def _hear_dot(self, talk: Talk, code: int, texts: list[bytes], sent: int) -> None:
        """The answer for a whole message; for one that was refused before, the answer to the lone dot."""
        if talk.refusal is not None:
            self._settle_refusal(talk)
            return
        if 300 <= code < 400 or (code < 300 and sent < talk.body_end):
            self._exchange.due.appendleft((talk, "dot"))
            self.break_off("garbled")
            return
        reply = make_reply(code, texts)
        self._finish(talk, Attempt(outcome_of_dot(code), self._relay, reply), "dot")
        if code == CLOSING or sent < talk.body_end:  # a server that heard the rest might take it after all
            self._close(reply)
        elif self._talk is None:
            self._begin()

    def _refuse(self, talk: Talk, stage: Stage, reply: Reply) -> None:
        """The first answer that ends a transaction before its body."""
        talk.refusal, talk.refused_at = reply, stage
        if turns_away(stage, reply.code):
            self.turned_away = reply
            self._talk = None
            self._finish(talk, Attempt(Outcome.RETURNED, self._relay, reply), "mail")
            self._close(reply)
        elif reply.code == CLOSING or reply.code < 400:
            self.over = True
            self._settle_refusal(talk)
            self._close(reply)
        elif self._depth == 1 or stage == "data":
            self._exchange.break_envelope()
            self._settle_refusal(talk)

    def _hear_more(self, talk: Talk, stage: Stage, code: int) -> None:
        """Later answers to a refused envelope that was sent as one; a 354 must be given its dot (RFC 2920 3.1)."""
        if code == GO_AHEAD and stage == "data" and talk.refused_at == "rcpt":
            self._exchange.put(talk, "dot", b".\r\n")
        elif code in (CLOSING, GO_AHEAD):
            self.over = True
            self._settle_refusal(talk)
            self._close(None)
        elif stage == "data":
            self._settle_refusal(talk)

    def _settle_refusal(self, talk: Talk) -> None:
        """A transaction ended by its refusal; the next begins with RSET."""
        reply, stage = talk.refusal, talk.refused_at
        assert reply is not None
        self._reset = True
        if self._talk is talk:
            self._talk = None
        self._finish(talk, Attempt(outcome_of_refusal(stage, reply.code), self._relay, reply), stage)
        self._begin()

    def _finish(self, talk: Talk, attempt: Attempt, stage: Stage) -> None:
        self._open -= 1
        talk.told = True
        self.carried += attempt.outcome is not Outcome.RETURNED
        self._finished.append((talk.letter, attempt, stage))

    def _hear_unasked(self, code: int, texts: list[bytes]) -> None:
        """A server that speaks without being asked is leaving (421), or nonsense comes."""
        if code == CLOSING and not self._exchange.due:
            self._close(make_reply(code, texts))
        else:
            self.break_off("garbled")

    def _close(self, farewell: Reply | None) -> None:
        """The connection is of no more use; what is still open hears of it."""
        self.farewell = self.farewell or farewell
        self.break_off("lost")

    def break_off(self, how: Break) -> None:
        """No more replies come: every open letter gets its outcome, see `answers.py`."""
        self.over = True
        behind_body = False
        for talk, stage in self._exchange.unanswered().items():
            self._break_talk(talk, stage, how, behind_body)
            behind_body = behind_body or stage == "dot"
        self._exchange.due.clear()
        held = [self._held.letter] if self._held is not None else []
        self._talk = self._held = None
        for letter in (*held, *self._queue):
            self._finished.append((letter, Attempt(Outcome.RETURNED, self._relay), "wait"))
        self._queue.clear()
        self._open = 0

    def _break_talk(self, talk: Talk, stage: Stage, how: Break, behind_body: bool) -> None:
        """What a broken connection means for one transaction whose next answer, to `stage`, is missing."""
        if talk.refusal is not None:
            self._settle_refusal(talk)
            return
        outcome = outcome_of_break(stage, how, greeted=talk.greeted, behind_body=behind_body)
        text = "" if outcome is Outcome.RETURNED else BROKEN[how]
        attempt = Attempt(outcome, self._relay, text=text)
        self._finished.append((talk.letter, attempt, "wait" if behind_body else stage))

    def abandon(self) -> list[Letter]:
        """For whoever drops the connection: the letters of which not a byte of the body was written."""
        held = [self._held.letter] if self._held is not None else []
        letters = [*self._exchange.unbegun(), *held, *self._queue]
        self.over = True
        self._exchange.due.clear()
        self._queue.clear()
        self._open = 0
        return letters


def never() -> bool:
    """No letter is ever coming."""
    return False
