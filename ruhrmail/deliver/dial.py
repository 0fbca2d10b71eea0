"""A relay's settings to an open connection: TCP, TLS, EHLO, login."""

import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass

import aiosmtplib

from ruhrmail.config import Relay
from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import Connection
from ruhrmail.deliver.conversation import Conversation
from ruhrmail.deliver.maildir import MaildirConnection
from ruhrmail.deliver.replies import make_reply, show_reply
from ruhrmail.deliver.wire import take_over
from ruhrmail.errors import RelayError
from ruhrmail.model.phrase import Phrase, phrase

REFUSED = (ConnectionRefusedError, ConnectionResetError)


@dataclass(frozen=True, slots=True)
class Dialling:
    """What every connection of a run has in common. `ssl_context` None: the system's certificates."""

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
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        local_hostname=dialling.local_hostname,
        timeout=dialling.timeout.connect,
        use_tls=relay.scheme == "smtps",
        start_tls=False,
        tls_context=dialling.ssl_context,
    )
    try:
        await greet(client, relay)
        await login(client, relay)
    except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
        client.close()
        raise explain(relay, error) from error
    except BaseException:
        client.close()
        raise
    conversation = Conversation(relay.name, client.esmtp_extensions)
    return take_over(client.transport, conversation, relay.name, dialling.timeout)


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


async def login(client: aiosmtplib.SMTP, relay: Relay) -> None:
    """AUTH when there is a user (RFC 4954)."""
    if not relay.user:
        return
    assert relay.loopback or client.get_transport_info("sslcontext") is not None, "a login in the clear"
    if not client.supported_auth_methods:
        raise RelayError(
            phrase("the relay {relay} offers no login that we know", relay=relay.name),
            hint=phrase("take the user out of the relay's settings, or ask its operator for PLAIN or LOGIN"),
        )
    try:
        await client.login(relay.user, relay.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        raise RelayError(
            refused_login(relay, error),
            hint=phrase("check user and password of this relay in the environment"),
        ) from None


def refused_login(relay: Relay, error: aiosmtplib.SMTPAuthenticationError) -> Phrase:
    """What the relay said to the login."""
    reply = text_of(relay, error)
    return phrase(
        "the relay {relay} refused the login of {user}: {reply}", relay=relay.name, user=relay.user, reply=reply
    )


def no_starttls(relay: Relay) -> RelayError:
    """The server cannot encrypt, and the settings demand it."""
    return RelayError(
        phrase("the relay {relay} does not offer STARTTLS", relay=relay.name),
        hint=phrase(
            "use smtps:// with the relay's TLS port, or a relay that encrypts; mail is never handed over in the clear"
        ),
    )


def text_of(relay: Relay, error: aiosmtplib.SMTPResponseException) -> str:
    """A reply inside an exception, cleaned, and without the login in case the server repeats it."""
    reply = make_reply(error.code, [line.encode() for line in error.message.split("\n")])
    text = show_reply(reply) if error.code > 0 else reply.text
    plain = f"\0{relay.user}\0{relay.password}"
    for secret in (relay.password, *(b64encode(one.encode()).decode() for one in (plain, relay.password))):
        text = text.replace(secret, "***") if relay.password else text
    return text


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
        return RelayError(message, hint=phrase("ask the relay's operator whether this machine may send"))
    if isinstance(cause, REFUSED) or "Connect call failed" in str(cause):
        return RelayError(phrase("the relay {relay} refuses connections", relay=name), hint=hint)
    if isinstance(cause, TimeoutError):
        return RelayError(phrase("the relay {relay} does not answer", relay=name), hint=hint)
    if isinstance(cause, aiosmtplib.SMTPServerDisconnected):
        return RelayError(phrase("the relay {relay} closed the connection", relay=name), hint=hint)
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else type(cause).__name__
    return RelayError(phrase("the relay {relay} cannot be reached: {reason}", relay=name, reason=reason), hint=hint)
