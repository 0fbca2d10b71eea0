"""A relay tried out up to the envelope: nobody is named as recipient, and nothing is sent."""

import asyncio
import re
import ssl
from dataclasses import replace
from datetime import UTC, datetime

import aiosmtplib

from ruhrmail.config import Relay
from ruhrmail.deliver.dial import Dialling, explain, hang_up, hello, make_client, no_starttls, reply_in
from ruhrmail.deliver.login import login, without_secrets
from ruhrmail.deliver.replies import show_reply
from ruhrmail.errors import RelayError
from ruhrmail.model.diagnosis import Probe, Stage
from ruhrmail.model.phrase import phrase

HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,62}")
FAILURES = (aiosmtplib.SMTPException, OSError, UnicodeError)


async def probe_relay(relay: Relay, dialling: Dialling, sender: str, size: int, seconds: float) -> Probe:
    """What a relay says to connection, TLS, login and to a mail from `sender` of `size` bytes. Never raises."""
    trial = Trial(relay, sender, size)
    try:
        async with asyncio.timeout(seconds):
            return await trial.run(dialling)
    except RelayError as error:
        return replace(trial.seen, ended=trial.stage, trouble=error)
    except FAILURES as error:
        return replace(trial.seen, ended=stage_of(error, trial.stage), trouble=explain(relay, error))


def stage_of(error: Exception, stage: Stage) -> Stage:
    """At which stage an error happened; with TLS from the first byte, connecting may fail for it."""
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__ else error
    if stage == "reach" and isinstance(cause, ssl.SSLError):
        return "tls"
    return "greeting" if stage == "reach" and isinstance(cause, aiosmtplib.SMTPResponseException) else stage


class Trial:
    """One talk with a relay; `seen` is what it said so far, `stage` what it is about now."""

    def __init__(self, relay: Relay, sender: str, size: int) -> None:
        self.relay = relay
        self.sender = sender
        self.size = size
        self.stage: Stage = "reach"
        self.seen = Probe(relay.name)

    async def run(self, dialling: Dialling) -> Probe:
        """The whole talk. Raises RelayError and what aiosmtplib does."""
        client = make_client(self.relay, dialling)
        try:
            await self.greet(client)
            await self.encrypt(client)
            self.stage = "login"
            await login(client, self.relay)
            self.seen = replace(self.seen, login=bool(self.relay.user or self.relay.token))
            await self.name_sender(client)
            await client.quit()
        finally:
            hang_up(client)
        return self.seen

    async def greet(self, client: aiosmtplib.SMTP) -> None:
        """Connection, banner, EHLO."""
        banner = await client.connect()
        peer = client.get_transport_info("peername")
        name = HOST.match(banner.message.strip())
        self.seen = replace(self.seen, greeting=name[0].lower() if name else "", address=str(peer[0]) if peer else "")
        self.stage = "greeting"
        await self.say_hello(client)

    async def say_hello(self, client: aiosmtplib.SMTP) -> None:
        """EHLO, and what is offered."""
        await hello(client)
        offered = {name.lower(): value for name, value in client.esmtp_extensions.items()}
        self.seen = replace(self.seen, extensions=offered)

    async def encrypt(self, client: aiosmtplib.SMTP) -> None:
        """STARTTLS where it must be; version and certificate of the connection where it is encrypted."""
        self.stage, relay = "tls", self.relay
        if relay.scheme == "smtp+starttls" or (relay.scheme == "smtp" and not relay.loopback):
            if not client.supports_extension("starttls"):
                raise no_starttls(relay)
            await client.starttls()
            await self.say_hello(client)
        socket = client.get_transport_info("ssl_object")
        if isinstance(socket, ssl.SSLObject):
            self.seen = replace(self.seen, tls=socket.version() or "", until=end_of(socket))

    async def name_sender(self, client: aiosmtplib.SMTP) -> None:
        """MAIL with the size of a mail, and back. Raises RelayError where the relay does not want it."""
        self.stage = "sender"
        size = [b"SIZE=%d" % self.size] if "size" in self.seen.extensions else []
        response = await client.execute_command(b"MAIL", b"FROM:<%s>" % self.sender.encode(), *size)
        if response.code >= 400:
            error = aiosmtplib.SMTPResponseException(response.code, response.message)
            reply = without_secrets(self.relay, show_reply(reply_in(error)))
            message = phrase("the relay {relay} does not take mail from {sender}: {reply}", relay=self.relay.name,
                             sender=self.sender, reply=reply)  # fmt: skip
            raise RelayError(message, hint=phrase("ask its operator to let this login send for that domain"))
        await client.execute_command(b"RSET")


def end_of(socket: ssl.SSLObject) -> datetime | None:
    """When the other side's certificate ends."""
    told = (socket.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC) if isinstance(told, str) else None
