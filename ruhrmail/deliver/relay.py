"""Message to attempt over SMTP: MAIL, RCPT, intent, DATA, body (RFC 5321 section 3.3).

What each answer means; `-` is no answer: connection lost, timeout, or something that is no SMTP reply.

| at | 2xx | 4xx, 421 | 5xx | 3xx | lost | silent or garbled |
| --- | --- | --- | --- | --- | --- | --- |
| MAIL | go on | deferred | TurnedAway | deferred | returned | deferred |
| RCPT | go on | deferred | failed; TurnedAway for 53x | deferred | deferred | deferred |
| intent | granted: go on; suppressed: suppressed; lost: returned; RSET in both cases | | | | | |
| DATA | deferred | deferred | failed | 354: go on, else deferred | deferred | deferred |
| body | sent | deferred | failed | in doubt | in doubt | in doubt |

A 5xx at MAIL speaks of our login, the sender or the size, before any recipient was named: all would hear it alike.
Up to the 354 nothing of the message has left, so no answer is a safe one: the recipient may be tried again. Lost at
MAIL says nothing about the recipient (an idle connection was closed), lost at RCPT may be about that very address,
which is why it waits for the next gap. From the body's first byte on only a reply tells. After a 421, a 3xx out of
place or no reply the connection is closed.
"""

from ruhrmail.config import Relay
from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import Intend
from ruhrmail.deliver.wire import Wire, WireBroken
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome, Reply
from ruhrmail.model.phrase import phrase

MAX_LINE = 998
LOGIN_WANTED = (530, 534, 535, 538)
BROKEN = {
    "lost": "connection lost",
    "silent": "no answer in time",
    "garbled": "the answer is no SMTP reply",
}


class TurnedAway(RelayError):
    """The relay takes no mail from this sender, so there is no point in trying again."""


class SmtpConnection:
    """An open, greeted and authenticated connection; `extensions` are the ones of its EHLO, in lower case."""

    def __init__(self, relay: Relay, wire: Wire, extensions: frozenset[str], timeout: Timeout) -> None:
        self._relay = relay
        self._wire = wire
        self._extensions = extensions
        self._timeout = timeout
        self.carried = 0

    @property
    def usable(self) -> bool:
        """False when the server is gone or has said goodbye."""
        return self._wire.usable

    async def deliver(self, message: Message, intend: Intend) -> Attempt:
        """One transaction; see the table above. Raises TurnedAway when mail of ours is not wanted at all."""
        check_content(message.content)
        if fault := fault_of(message.envelope):
            return self._attempt(Outcome.FAILED, text=fault)
        refusal = await self._offer(message)
        if refusal is not None:
            return refusal
        answer = await intend()
        if answer is not Intent.GRANTED:
            await self._reset()
            return self._attempt(Outcome.SUPPRESSED if answer is Intent.SUPPRESSED else Outcome.RETURNED)
        refusal = await self._announce()
        return refusal or await self._hand_over(stuff_dots(message.content) + b".\r\n")

    async def _offer(self, message: Message) -> Attempt | None:
        """MAIL and RCPT; None when both were accepted."""
        options = b"".join(self._options(message.content))
        try:
            reply = await self._command(b"MAIL FROM:<%b>%b" % (message.envelope.sender.encode(), options))
        except WireBroken as broken:
            outcome = Outcome.RETURNED if broken.how == "lost" else Outcome.DEFERRED
            return self._attempt(outcome, text=BROKEN[broken.how])
        if reply.code >= 500:
            raise turned_away(self._relay, reply)
        if reply.code >= 300:
            return await self._refused(reply)
        try:
            reply = await self._command(b"RCPT TO:<%b>" % message.envelope.recipient.encode())
        except WireBroken as broken:
            return self._attempt(Outcome.DEFERRED, text=BROKEN[broken.how])
        if reply.code in LOGIN_WANTED:
            raise turned_away(self._relay, reply)
        return await self._refused(reply) if reply.code >= 300 else None

    def _options(self, content: bytes) -> list[bytes]:
        """MAIL parameters: SIZE (RFC 1870), BODY=8BITMIME (RFC 6152)."""
        options = [b" SIZE=%d" % len(content)] if "size" in self._extensions else []
        if "8bitmime" in self._extensions and not content.isascii():
            options.append(b" BODY=8BITMIME")
        return options

    async def _announce(self) -> Attempt | None:
        """DATA; None after a 354 on a connection that still stands."""
        try:
            reply = await self._command(b"DATA")
            if reply.code == 354:
                self._wire.require()
                return None
        except WireBroken as broken:
            return self._attempt(Outcome.DEFERRED, text=BROKEN[broken.how])
        return await self._refused(reply)

    async def _hand_over(self, data: bytes) -> Attempt:
        """The body and its final dot."""
        try:
            reply = await self._wire.ask(data, self._timeout.dot)
        except WireBroken as broken:
            return self._attempt(Outcome.IN_DOUBT, text=BROKEN[broken.how])
        if reply.code == 421 or 300 <= reply.code < 400:
            self._wire.close()
        if 300 <= reply.code < 400:
            return self._attempt(Outcome.IN_DOUBT, reply)
        self.carried += reply.code != 421
        return self._attempt(outcome_of(reply), reply)

    async def _refused(self, reply: Reply) -> Attempt:
        """A refusal before the body; the next transaction starts clean."""
        if reply.code == 421 or reply.code < 400:
            self._wire.close()
            return self._attempt(Outcome.DEFERRED, reply)
        await self._reset()
        self.carried += 1
        return self._attempt(outcome_of(reply), reply)

    async def _reset(self) -> None:
        """RSET; a server that does not take it is left."""
        try:
            reply = await self._command(b"RSET")
        except WireBroken:
            return
        if reply.code >= 300:
            self._wire.close()

    async def _command(self, line: bytes) -> Reply:
        return await self._wire.ask(line + b"\r\n", self._timeout.command)

    def _attempt(self, outcome: Outcome, reply: Reply | None = None, text: str = "") -> Attempt:
        return Attempt(outcome, self._relay.name, reply, text)

    async def quit(self) -> None:
        """QUIT; never raises."""
        await self._wire.quit()

    def close(self) -> None:
        """Drops the connection."""
        self._wire.close()


def outcome_of(reply: Reply) -> Outcome:
    """A reply that ends a transaction: 2xx sent, 4xx deferred, 5xx failed."""
    if reply.code < 300:
        return Outcome.SENT
    return Outcome.DEFERRED if reply.code < 500 else Outcome.FAILED


def turned_away(relay: Relay, reply: Reply) -> TurnedAway:
    """The error for that reply."""
    return TurnedAway(
        phrase("the relay {relay} takes no mail from us: {reply}", relay=relay.name, reply=show_reply(reply)),
        hint=phrase("check the sender address, and whether the relay wants a login"),
    )


def show_reply(reply: Reply) -> str:
    """`550 5.1.1 no such user`."""
    return " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)


def fault_of(envelope: Envelope) -> str:
    """Why an address cannot stand in a command, empty when it can. SMTPUTF8 (RFC 6531) is not spoken."""
    for address in (envelope.sender, envelope.recipient):
        if not address.isascii() or not address.isprintable() or any(c in "<> " for c in address):
            return "the address cannot be written in an SMTP command"
    return "" if envelope.recipient else "the recipient has no address"


def check_content(content: bytes) -> None:
    """Our own promise about messages: CRLF line ends only, lines of at most 998 bytes (RFC 5322 section 2.1.1)."""
    ends = content.count(b"\r\n")
    assert content.endswith(b"\r\n"), "a message ends with CRLF"
    assert content.count(b"\n") == ends == content.count(b"\r"), "a bare CR or LF in a message"
    assert max(map(len, content.split(b"\r\n"))) <= MAX_LINE, "a line of more than 998 bytes"


def stuff_dots(content: bytes) -> bytes:
    """Transparency (RFC 5321 section 4.5.2): a leading dot is doubled."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
