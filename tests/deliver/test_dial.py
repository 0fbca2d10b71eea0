"""TCP, TLS, login, and the errors that tell what is wrong with a relay."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest
import trustme

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.connection import deliver_one
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.wire import SmtpConnection
from ruhrmail.errors import RelayError
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from tests.deliver.book import loopback, make_message
from tests.servers.sink import Fault, Sink
from tests.servers.smtp_sink import free_port

SECONDS = Timeout.model_validate({"connect": "5s", "command": "5s", "dot": "5s"})
PATIENT = Timeout.model_validate({"connect": "60s", "command": "60s", "dot": "60s"})
"""Where an answer comes, however busy the machine is."""
SECRET = "geh3im!wort"


@pytest.fixture(scope="module")
def authority() -> Iterator[trustme.CA]:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def server_context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def granted() -> Intent:
    return Intent.GRANTED


def send_one(sink: Sink, context: ssl.SSLContext | None, **settings: object) -> Sink:
    """Connects, sends one message, quits."""

    async def run() -> Outcome:
        async with asyncio.timeout(60), sink:
            relay = replace(loopback(sink.port), host="localhost")
            connection = await connect(replace(relay, **settings), Dialling("sender.example", PATIENT, context))  # type: ignore[arg-type]
            assert isinstance(connection, SmtpConnection)
            attempt = await deliver_one(connection, make_message("reader@example.org", "x" * 900))
            await connection.quit()
            return attempt.outcome

    assert Outcome.SENT is asyncio.run(run())
    return sink


def test_ehlo_says_the_given_name() -> None:
    assert "EHLO sender.example" == send_one(Sink(), None).commands[0]


def test_smtps_sends_over_tls(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    sink = send_one(Sink(tls=server_context(authority)), trusting, scheme="smtps")
    assert ["reader@example.org"] == sink.accepted


def test_starttls_greets_again_and_sends_encrypted(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    sink = send_one(Sink(starttls=server_context(authority)), trusting, scheme="smtp+starttls")
    assert ["EHLO sender.example", "STARTTLS", "EHLO sender.example"] == sink.commands[:3]
    assert ["reader@example.org"] == sink.accepted


def test_login_comes_after_starttls(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    sink = Sink(starttls=server_context(authority), login=f"anna:{SECRET}")
    send_one(sink, trusting, scheme="smtp+starttls", user="anna", password=SECRET)
    assert sink.commands.index("STARTTLS") < [line[:4] for line in sink.commands].index("AUTH")


def test_plain_smtp_on_loopback_ignores_starttls(authority: trustme.CA) -> None:
    assert "STARTTLS" not in send_one(Sink(starttls=server_context(authority)), None).commands


def failure(sink: Sink | None, context: ssl.SSLContext | None = None, **settings: object) -> RelayError:
    async def run() -> None:
        async with asyncio.timeout(60), sink or Sink() as running:
            relay = replace(loopback(running.port), host="localhost")
            await connect(replace(relay, **settings), Dialling("sender.example", SECONDS, context))  # type: ignore[arg-type]

    with pytest.raises(RelayError) as caught:
        asyncio.run(run())
    assert caught.value.hint is not None
    assert SECRET not in str(caught.value)
    return caught.value


def test_relay_that_is_down_refuses_connections() -> None:
    assert "the relay test refuses connections" == str(failure(None, port=free_port()))


def test_relay_that_says_nothing_does_not_answer() -> None:
    assert "the relay test does not answer" == str(failure(Sink([Fault("connect", "silence")])))


def test_unknown_host_is_named() -> None:
    assert "the name of the relay test is not known" == str(failure(None, host="relay.invalid", scheme="smtps"))


@pytest.mark.parametrize("host", ["relay..example", f"{'a' * 70}.example", "ä..example"])
def test_name_that_no_name_server_could_be_asked_for_is_not_known_either(host: str) -> None:
    assert "the name of the relay test is not known" == str(failure(None, host=host, scheme="smtps"))


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("connect", "554 5.7.1 go away"), "turns us away: 554 5.7.1 go away"),
        (Fault("connect", "421 4.3.2 busy"), "turns us away: 421 4.3.2 busy"),
        (Fault("connect", "drop"), "closed the connection"),
        (Fault("connect", "garbage"), "Malformed SMTP response"),
        (Fault("ehlo", "drop"), "closed the connection"),
        (Fault("ehlo", "550 5.7.1 bad name"), "turns us away: 550 5.7.1 bad name"),
    ],
)
def test_greeting_that_turns_us_away_is_told(fault: Fault, text: str) -> None:
    assert text in str(failure(Sink([fault])))


def test_starttls_is_demanded() -> None:
    assert "the relay test does not offer STARTTLS" == str(failure(Sink(), scheme="smtp+starttls"))


def test_plain_smtp_beyond_loopback_demands_starttls() -> None:
    """`127.1` reaches this machine, but is not known for loopback."""
    assert "the relay test does not offer STARTTLS" == str(failure(Sink(), host="127.1"))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_certificates_are_checked_on_loopback_too(authority: trustme.CA, trusting: ssl.SSLContext, scheme: str) -> None:
    """Once an unknown authority, once another name."""
    context = server_context(authority)
    kind = {"tls": context} if scheme == "smtps" else {"starttls": context}
    assert "certificate" in str(failure(Sink(**kind), scheme=scheme))  # type: ignore[arg-type]
    context = server_context(authority, "other.example")
    kind = {"tls": context} if scheme == "smtps" else {"starttls": context}
    error = failure(Sink(**kind), trusting, scheme=scheme)  # type: ignore[arg-type]
    assert "certificate" in str(error)


def test_tls_to_a_plain_port_is_explained() -> None:
    assert "no encrypted connection to the relay test" in str(failure(Sink(), scheme="smtps"))


def test_refused_login_names_the_user_and_masks_the_password() -> None:
    """This server repeats the password in its reply."""
    error = failure(Sink(login=f"anna:{SECRET}x"), user="anna", password=SECRET)
    assert "the relay test refused the login of anna: 535 5.7.8 wrong: anna:***x" == str(error)


def test_relay_without_login_is_told() -> None:
    assert "offers no login" in str(failure(Sink(), user="anna", password=SECRET))
