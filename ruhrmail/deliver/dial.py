"""A relay's settings to an open connection: TCP, TLS, EHLO, login."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from typing import cast

import aiosmtplib
import idna

from ruhrmail.config import Relay
from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import Connection
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.login import login, without_secrets
from ruhrmail.deliver.maildir import MaildirConnection
from ruhrmail.deliver.replies import make_reply, show_reply
from ruhrmail.deliver.wire import SmtpConnection
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase

GONE = (aiosmtplib.SMTPServerDisconnected, ConnectionResetError, BrokenPipeError)
TOO_OLD = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION", "VERSION_TOO_LOW"})


class Unwelcome(RelayError):
    """The relay answered a new connection with a refusal."""

    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Dialling:
    """What every connection of a run has in common. `ssl_context` None: `make_ssl_context` for each."""

    local_hostname: str
    timeout: Timeout
    ssl_context: ssl.SSLContext | None = None


async def connect(relay: Relay, dialling: Dialling) -> Connection:
    """Opens one connection. Raises RelayError, which never holds a password.

    `smtps` is TLS from the first byte, `smtp+starttls` demands STARTTLS, `smtp` is plain on loopback and demands
    STARTTLS elsewhere; so a login never travels in the clear. Certificates are checked, on loopback too.
    """
    if relay.scheme == "maildir":
        return MaildirConnection(relay)
    client = make_client(relay, dialling)
    try:
        await greet(client, relay)
        await login(client, relay)
        transport = take_transport(client)
    except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
        hang_up(client)
        raise explain(relay, error) from error
    except BaseException:
        hang_up(client)
        raise
    return SmtpConnection(transport, Conversation(relay.name, client.esmtp_extensions), relay.name, dialling.timeout)


async def connect_unless(over: asyncio.Event, relay: Relay, dialling: Dialling) -> Connection | None:
    """`connect`, given up with None when the event is set before it is done. Raises RelayError."""
    task, waiter = asyncio.create_task(connect(relay, dialling)), asyncio.create_task(over.wait())
    try:
        await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
        await give_up(task, waiter)
    except asyncio.CancelledError:
        await give_up(task, waiter)
        if not task.cancelled() and task.exception() is None:
            task.result().close()
        raise
    return None if task.cancelled() else task.result()


async def give_up(*tasks: "asyncio.Task[Connection] | asyncio.Task[bool]") -> None:
    """Cancels what still runs and waits for its end; a connection may come to stand all the same."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def make_ssl_context() -> ssl.SSLContext:
    """The system's certificates and those that SSL_CERT_FILE names; TLS 1.2 at least (RFC 8996). Costs some 20 ms."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def make_client(relay: Relay, dialling: Dialling) -> aiosmtplib.SMTP:
    """A client that waits to connect."""
    try:
        host = ascii_host(relay.host)
    except idna.IDNAError as error:
        raise explain(relay, error) from error
    plain = relay.scheme == "smtp" and relay.loopback
    return aiosmtplib.SMTP(
        hostname=host,
        port=relay.port,
        local_hostname=dialling.local_hostname,
        timeout=dialling.timeout.connect,
        use_tls=relay.scheme == "smtps",
        start_tls=False,
        tls_context=dialling.ssl_context or (None if plain else make_ssl_context()),
    )


def ascii_host(host: str) -> str:
    """A host name as name servers and certificates know it (RFC 5891). Raises IDNAError.

    Python's own conversion is that of 2003, to which `straße.example` is `strasse.example`: another host.
    """
    return host if host.isascii() else idna.encode(host, uts46=True, transitional=False).decode()


def take_transport(client: aiosmtplib.SMTP) -> asyncio.Transport:
    """What the connection goes on over. Raises SMTPServerDisconnected when the server left after its last reply."""
    if client.transport is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    return cast("asyncio.Transport", client.transport)


def hang_up(client: aiosmtplib.SMTP) -> None:
    """Drops a connection that came to nothing, without waiting for the server."""
    transport = cast("asyncio.Transport | None", client.transport)
    client.close()
    if transport is not None:
        transport.abort()


async def greet(client: aiosmtplib.SMTP, relay: Relay) -> None:
    """TCP, EHLO, and STARTTLS where it must be (RFC 3207)."""
    await client.connect()
    await hello(client)
    if relay.scheme == "smtp+starttls" or (relay.scheme == "smtp" and not relay.loopback):
        if not client.supports_extension("starttls"):
            raise no_starttls(relay)
        await client.starttls()
        await hello(client)


async def hello(client: aiosmtplib.SMTP) -> None:
    """EHLO, and HELO for a server that does not know it."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


def no_starttls(relay: Relay) -> RelayError:
    """The server cannot encrypt, and the settings demand it."""
    return RelayError(
        phrase("the relay {relay} does not offer STARTTLS", relay=relay.name),
        hint=phrase(
            "use smtps:// with the relay's TLS port, or a relay that encrypts; mail is never handed over in the clear"
        ),
    )


def text_of(relay: Relay, error: aiosmtplib.SMTPResponseException) -> str:
    """A reply inside an exception, cleaned, and without the login."""
    reply = reply_in(error)
    return without_secrets(relay, show_reply(reply) if error.code > 0 else reply.text)


def reply_in(error: aiosmtplib.SMTPResponseException) -> Reply:
    """The reply inside an exception, cleaned."""
    return make_reply(error.code, [line.encode() for line in error.message.split("\n")])


def explain(relay: Relay, error: Exception) -> RelayError:
    """aiosmtplib's and the system's errors in words that help."""
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__ else error
    name = relay.name
    if isinstance(cause, ssl.SSLCertVerificationError):
        message = phrase(
            "the certificate of the relay {relay} is not valid: {reason}", relay=name, reason=cause.verify_message
        )
        return RelayError(
            message,
            hint=phrase("use the host name that the certificate names; SSL_CERT_FILE names further authorities"),
        )
    if isinstance(cause, ssl.SSLError) and cause.reason in TOO_OLD:
        message = phrase("the relay {relay} knows no safe version of TLS", relay=name)
        return RelayError(message, hint=phrase("ask its operator for TLS 1.2 or later"))
    if isinstance(cause, ssl.SSLError):
        message = phrase(
            "no encrypted connection to the relay {relay}: {reason}", relay=name, reason=cause.reason or "TLS"
        )
        return RelayError(message, hint=phrase("smtps:// is for port 465, smtp+starttls:// for port 587"))
    if isinstance(cause, (socket.gaierror, UnicodeError)):  # the latter for what cannot be a host name (RFC 5890)
        message = phrase("the name of the relay {relay} is not known", relay=name)
        return RelayError(message, hint=phrase("check the host name and the network"))
    return explain_refusal(relay, cause)


def explain_refusal(relay: Relay, cause: BaseException) -> RelayError:
    """The server was not there, or did not want us."""
    name = relay.name
    hint = phrase("check host and port, and whether a firewall stands between")
    if isinstance(cause, aiosmtplib.SMTPResponseException):
        message = phrase("the relay {relay} turns us away: {reply}", relay=name, reply=text_of(relay, cause))
        error = Unwelcome(message, hint=phrase("ask the relay's operator whether this machine may send"))
        error.reply = reply_in(cause)
        return error
    if isinstance(cause, ConnectionRefusedError) or "Connect call failed" in str(cause):
        return RelayError(phrase("the relay {relay} refuses connections", relay=name), hint=hint)
    if isinstance(cause, (TimeoutError, ConnectionAbortedError)):
        return RelayError(phrase("the relay {relay} does not answer", relay=name), hint=hint)
    if isinstance(cause, GONE):
        return RelayError(phrase("the relay {relay} closed the connection", relay=name), hint=hint)
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else type(cause).__name__
    return RelayError(phrase("the relay {relay} cannot be reached: {reason}", relay=name, reason=reason), hint=hint)
