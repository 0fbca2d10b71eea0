"""One connection's dialogue."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers.sink.ear import Ear
from tests.servers.sink.fault import RECORDED, domain_of
from tests.servers.sink.login import Ask, GaveUp, read_base64, read_initial, write_challenge
from tests.servers.sink.voice import Voice

if TYPE_CHECKING:
    from tests.servers.sink.server import Sink

NONSENSE = "\x00\x01 nonsense"
ENDLESS = ("250-" + "and on " * 8 + "\r\n").encode() * 64


class Dropped(Exception):
    """The server hung up."""


@dataclass(slots=True)
class Session:
    """`sender` is None outside a transaction; `number` counts connections from 1."""

    sink: "Sink"
    ear: Ear
    voice: Voice
    number: int
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    parameters: str = ""
    encrypted: bool = False
    carried: int = 0
    known: bool = False

    async def run(self) -> None:
        await self.answer("connect", "220 sink.example ESMTP")
        while True:
            if not self.ear.has_line:
                await self.voice.flush()
            line = await self.ear.line()
            text = line.decode("utf-8", "replace").strip()
            self.sink.commands.append(text)
            verb = text[:4].upper()
            self.sink.legality.check_command(line, verb, self.ear.more)
            if not await self.obey(verb, text):
                return

    async def obey(self, verb: str, text: str) -> bool:
        match verb:
            case "EHLO" | "HELO":
                self.reset()
                await self.answer("ehlo", self.hello())
            case "STAR":
                await self.start_tls()
            case "AUTH":
                await self.authenticate(text.split())
            case "MAIL":
                await self.begin(text)
            case "RCPT":
                await self.add(text)
            case "DATA":
                await self.take_body()
            case "QUIT":
                await self.answer("quit", "221 2.0.0 bye")
                await self.voice.flush()
                return False
            case "RSET" | "NOOP":
                if verb == "RSET":
                    self.reset()
                await self.answer(verb.lower(), "250 2.0.0 ok")
            case _:
                await self.voice.say("502 5.5.2 what?")
        return True

    def hello(self) -> str:
        words = ["sink.example", *self.sink.extensions]
        if self.sink.starttls and not self.encrypted:
            words.append("STARTTLS")
        if self.sink.login and (self.encrypted or not self.sink.login_needs_tls):
            words.append("AUTH " + " ".join(self.sink.methods))
        return "\\n".join([*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}"])

    async def start_tls(self) -> None:
        """A client's plain bytes after STARTTLS are forgotten; ours (`injected`) go out in the same segment."""
        if self.sink.starttls is None:
            await self.voice.say("502 5.5.1 no TLS here")
            return
        if not await self.answer("starttls", "220 2.0.0 go ahead" + self.sink.injected):
            return
        await self.voice.flush()
        self.ear.forget()
        await self.voice.writer.start_tls(self.sink.starttls)
        self.encrypted = True

    async def authenticate(self, words: list[str]) -> None:
        method = words[1].upper() if len(words) > 1 else ""
        if method not in self.sink.methods:
            await self.voice.say("504 5.5.4 unknown method")
            return
        if action := self.sink.trouble.strike("auth", method):
            await self.act(action, "235 2.7.0 welcome")
            return
        try:
            self.known = await self.sink.accounts.admits(method, read_initial(words), self.asking())
        except GaveUp:
            await self.voice.say("501 5.5.2 cancelled")
            return
        await self.voice.say("235 2.7.0 welcome" if self.known else f"535 5.7.8 wrong: {self.sink.login}")

    def asking(self) -> Ask:
        async def ask(challenge: bytes) -> bytes:
            await self.voice.say(write_challenge(challenge))
            await self.voice.flush()
            return read_base64((await self.ear.line()).strip())

        return ask

    async def begin(self, text: str) -> None:
        """MAIL FROM."""
        size = re.search(r"SIZE=(\d+)", text.upper())
        if self.sink.login and not self.known:
            await self.voice.say("530 5.7.0 log in first")
        elif self.sender is not None:
            await self.voice.say("503 5.5.1 nested MAIL")
        elif unknown := self.sink.legality.check_parameters(text):
            await self.voice.say(f"555 5.5.4 unknown parameter: {unknown}")
        elif size and self.sink.max_size and int(size[1]) > self.sink.max_size:
            await self.voice.say("552 5.3.4 too big")
        elif await self.answer("mail", "250 2.1.0 sender ok"):
            self.sender, self.parameters = address_in(text), text.rpartition(">")[2].upper()

    async def add(self, text: str) -> None:
        """RCPT TO."""
        address = address_in(text)
        if self.sender is None:
            await self.voice.say("503 5.5.1 MAIL first")
        elif not address.isascii() and "SMTPUTF8" not in self.parameters:
            await self.voice.say("553 5.6.7 needs SMTPUTF8")
        elif not self.sink.enter(self.number, domain_of(address)):
            await self.act("421 4.7.0 too many connections for this domain", "")
        elif await self.answer("rcpt", "250 2.1.5 recipient ok", address):
            self.recipients.append(address)

    async def take_body(self) -> None:
        """DATA: 354, the body, and the reply to its dot."""
        lone = not self.recipients
        if lone and not self.sink.without_recipient:
            await self.voice.say("503 5.5.1 RCPT first")
            return
        early = await self.invite()
        if early is None:
            return
        await self.voice.flush()
        if action := self.sink.trouble.strike("body", self.recipient):
            await self.ear.listen()
            await self.act(action, "250 2.0.0 taken")
        content = await self.ear.body()
        self.sink.legality.check_content(content, "BODY=8BITMIME" in self.parameters, self.ear.more)
        await self.take(content, early)
        self.reset()
        self.carried += 1
        if self.carried == self.sink.messages_per_connection:
            raise Dropped
        if not lone and (action := self.sink.trouble.strike("idle", "")):
            await self.act(action, "421 4.4.2 idle too long")

    async def invite(self) -> bool | None:
        """The reply to DATA: None when it is no 354, True when the reply to the dot went with it."""
        action = self.sink.trouble.strike("data", self.recipient)
        if action == "early":
            await self.voice.say("354 go ahead\\n250 2.0.0 taken")
            return True
        await self.act(action, "354 go ahead")
        return None if action else False

    async def take(self, content: bytes, early: bool) -> None:
        """The dot came."""
        if not self.recipients:
            self.sink.orphans.append(content)
            await self.voice.say(self.sink.without_recipient)
            return
        action = "" if early else self.sink.trouble.strike("dot", self.recipient)
        if action in RECORDED or action.startswith("2"):
            for recipient in self.recipients:
                self.sink.record(self.number, self.sender or "", recipient, content)
        if not early:
            await self.act(action, "250 2.0.0 taken")

    @property
    def recipient(self) -> str:
        """The last one."""
        return self.recipients[-1] if self.recipients else ""

    def reset(self) -> None:
        self.sender, self.parameters = None, ""
        self.recipients.clear()
        self.sink.leave(self.number)

    async def answer(self, stage: str, reply: str, recipient: str = "") -> bool:
        """The good reply, unless a fault strikes; True when it was the good one."""
        action = self.sink.trouble.strike(stage, recipient or self.recipient)
        await self.act(action, reply)
        return not action

    async def act(self, action: str, reply: str) -> None:
        match action:
            case "" | "garbage":
                await self.voice.say(NONSENSE if action else reply)
                return
            case "silence" | "silence-after":
                await self.voice.flush()
                await asyncio.sleep(3600)
            case "cut":
                await self.voice.half(reply)
            case "endless":
                await self.voice.flush()
                while True:
                    self.voice.writer.write(ENDLESS)
                    await self.voice.writer.drain()
            case "drop" | "drop-after":
                await self.voice.flush()
            case _:
                await self.voice.say(action)
                if not action.startswith("421"):
                    return
                await self.voice.flush()
        raise Dropped


def address_in(text: str) -> str:
    """What stands between the angle brackets."""
    return text.partition("<")[2].partition(">")[0]
