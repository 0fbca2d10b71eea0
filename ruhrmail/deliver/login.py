"""Logging in at a relay (RFC 4954): XOAUTH2, CRAM-MD5, PLAIN, LOGIN."""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiosmtplib

from ruhrmail.config import Relay
from ruhrmail.deliver.replies import make_reply, show_reply
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase

WELCOME, CHALLENGE = 235, 334
NOT_THIS_WAY = frozenset({504, 534, 538})
"""The method is not known, too weak, or wants encryption: another one may do (RFC 4954 section 6)."""
Answer = Callable[[str], bytes | None]
"""A challenge as it came to its answer without base64; None gives the exchange up."""


@dataclass(frozen=True, slots=True)
class Method:
    """`initial` travels with the command, `answers` go to the server's challenges in turn."""

    name: str
    initial: bytes | None
    answers: tuple[Answer, ...]

    def may_yield(self, reply: Reply) -> bool:
        """True when a refusal leaves the next method a chance without guessing passwords.

        A server that keeps no plain passwords cannot check CRAM-MD5, and refuses it like a wrong password.
        """
        return reply.code in NOT_THIS_WAY or (self.name == "CRAM-MD5" and reply.code >= 500)


def methods_for(relay: Relay) -> Iterator[Method]:
    """Those that the relay's secrets allow, the safest first: what gives least away when it is overheard."""
    user, password = relay.user.encode(), relay.password.encode()
    if relay.token:
        initial = bearer(relay)
        yield Method("XOAUTH2", initial, (lambda _: b"",))  # the challenge tells why not; the refusal comes after it
    if relay.password or not relay.token:
        yield Method("CRAM-MD5", None, (lambda text: sign_challenge(text, user, password),))
        plain = b"\0%s\0%s" % (user, password)
        yield Method("PLAIN", plain, (lambda _: plain,))
        yield Method("LOGIN", None, (lambda _: user, lambda _: password))


def bearer(relay: Relay) -> bytes:
    """User and access token as XOAUTH2 wants them."""
    return f"user={relay.user}\1auth=Bearer {relay.token}\1\1".encode()


def sign_challenge(text: str, user: bytes, password: bytes) -> bytes | None:
    """CRAM-MD5 (RFC 2195); None for a challenge that is none."""
    try:
        challenge = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return user + b" " + hmac.new(password, challenge, "md5").hexdigest().encode()


async def login(client: aiosmtplib.SMTP, relay: Relay) -> None:
    """Logs in when the relay's settings name a user. Raises RelayError, and what aiosmtplib does."""
    if not relay.user and not relay.token:
        return
    if not relay.user:
        raise without_user(relay)
    assert relay.loopback or client.get_transport_info("sslcontext") is not None, "a login in the clear"
    offered = {name.upper() for name in client.server_auth_methods}
    methods = [method for method in methods_for(relay) if method.name in offered]
    if not methods:
        raise without_method(relay)
    for method in methods:
        reply = await exchange(client, method)
        if reply.code == WELCOME:
            return
        if not method.may_yield(reply):
            break
    raise refused(relay, reply)


async def exchange(client: aiosmtplib.SMTP, method: Method) -> Reply:
    """One method to its end; an exchange that does not go as its method says is cancelled with `*`."""
    initial = [] if method.initial is None else [b64encode(method.initial)]
    response = await client.execute_command(b"AUTH", method.name.encode(), *initial)
    for answer in method.answers:
        if response.code != CHALLENGE:
            break
        line = answer(response.message)
        response = await client.execute_command(b"*" if line is None else b64encode(line))
    if response.code == CHALLENGE:
        response = await client.execute_command(b"*")
    return make_reply(response.code, [line.encode() for line in response.message.split("\n")])


def without_user(relay: Relay) -> RelayError:
    """A token alone names nobody."""
    return RelayError(
        phrase("the relay {relay} has an access token but no user", relay=relay.name),
        hint=phrase("name the mailbox that the token belongs to as the relay's user"),
    )


def without_method(relay: Relay) -> RelayError:
    """The server and we have no method in common."""
    if relay.token and not relay.password:
        return RelayError(
            phrase("the relay {relay} offers no login with an access token", relay=relay.name),
            hint=phrase("give it a password instead of the token, or ask its operator for XOAUTH2"),
        )
    return RelayError(
        phrase("the relay {relay} offers no login that we know", relay=relay.name),
        hint=phrase("take the user out of the relay's settings, or ask its operator for PLAIN or LOGIN"),
    )


def refused(relay: Relay, reply: Reply) -> RelayError:
    """What the relay said to the login."""
    text = without_secrets(relay, show_reply(reply))
    if 400 <= reply.code < 500:
        return RelayError(
            phrase("the relay {relay} cannot check the login now: {reply}", relay=relay.name, reply=text),
            hint=phrase("try again in some minutes"),
        )
    message = phrase(
        "the relay {relay} refused the login of {user}: {reply}", relay=relay.name, user=relay.user, reply=text
    )
    if relay.token:
        return RelayError(message, hint=phrase("get a new access token: they are valid for about an hour only"))
    return RelayError(message, hint=phrase("check user and password of this relay in the environment"))


def without_secrets(relay: Relay, text: str) -> str:
    """A server's text without the login, in case the server repeats it."""
    plain = f"\0{relay.user}\0{relay.password}".encode()
    secrets = [relay.password, b64encode(plain).decode(), b64encode(relay.password.encode()).decode()]
    for secret in [*(secrets if relay.password else ()), *token_forms(relay)]:
        text = text.replace(secret, "***")
    return text


def token_forms(relay: Relay) -> list[str]:
    """How an access token may stand in a text."""
    return [relay.token, b64encode(bearer(relay)).decode()] if relay.token else []
