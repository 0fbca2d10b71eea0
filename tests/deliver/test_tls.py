"""Which servers are believed, and what an attacker on the way cannot do."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.dial import Dialling, connect, make_ssl_context
from ruhrmail.errors import RelayError
from tests.deliver.book import loopback
from tests.servers.sink import Fault, Sink

SECONDS = Timeout.model_validate({"connect": "2s", "command": "1s", "dot": "1s"})
PATIENT = Timeout.model_validate({"connect": "60s", "command": "60s", "dot": "60s"})
"""Where an answer comes, however busy the machine is."""
SCHEMES = ["smtps", "smtp+starttls"]
LOGIN = {"user": "anna", "password": "geheim"}


@pytest.fixture(scope="module")
def authority() -> Iterator[trustme.CA]:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = make_ssl_context()
    authority.configure_trust(context)
    return context


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("localhost",))).configure_cert(context)
    return context


def secure(scheme: str, server: ssl.SSLContext, **settings: object) -> Sink:
    return Sink(tls=server, **settings) if scheme == "smtps" else Sink(starttls=server, **settings)  # type: ignore[arg-type]


def dial(sink: Sink, context: ssl.SSLContext | None, host: str = "localhost", **settings: object) -> list[str]:
    """Connects and quits; gives what the sink heard."""

    async def run() -> None:
        async with asyncio.timeout(60), sink:
            relay = replace(loopback(sink.port), host=host, **settings)
            connection = await connect(relay, Dialling("sender.example", PATIENT, context))
            await connection.quit()

    asyncio.run(run())
    return sink.commands


@pytest.mark.parametrize("scheme", SCHEMES)
def test_address_instead_of_a_name_must_stand_in_the_certificate(
    authority: trustme.CA, trusting: ssl.SSLContext, scheme: str
) -> None:
    sink = secure(scheme, server_context(authority, "127.0.0.1"))
    assert "QUIT" == dial(sink, trusting, "127.0.0.1", scheme=scheme)[-1]
    with pytest.raises(RelayError, match="IP address mismatch"):
        dial(secure(scheme, server_context(authority)), trusting, "127.0.0.1", scheme=scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("host", "known_as"),
    [("relay.münchen.example", "relay.xn--mnchen-3ya.example"), ("straße.example", "xn--strae-oqa.example")],
)
def test_name_with_an_umlaut_is_asked_for_and_checked_as_ascii(
    authority: trustme.CA,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    host: str,
    known_as: str,
) -> None:
    asked = []

    def resolve(name: str, port: int, *rest: object, **more: object) -> list[object]:
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    sink = secure(scheme, server_context(authority, known_as))
    assert "QUIT" == dial(sink, trusting, host, scheme=scheme)[-1]
    assert {known_as} == set(asked)
    with pytest.raises(RelayError, match="certificate"):
        dial(secure(scheme, server_context(authority, "strasse.example")), trusting, host, scheme=scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_authorities_in_ssl_cert_file_are_believed(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(file)
    with pytest.raises(RelayError, match="certificate"):
        dial(secure(scheme, server_context(authority)), None, scheme=scheme)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert "QUIT" == dial(secure(scheme, server_context(authority)), None, scheme=scheme)[-1]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_before_1_2_is_refused(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    """Even where the system would allow it. A plain thread serves, for asyncio's servers send no alert."""
    old = server_context(authority)
    old.set_ciphers("ALL:@SECLEVEL=0")
    trusting.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

    def serve(listening: socket.socket) -> None:
        plain, _ = listening.accept()
        with plain, suppress(ssl.SSLError):
            old.wrap_socket(plain, server_side=True)

    async def run(port: int) -> None:
        relay = replace(loopback(port), host="localhost", scheme="smtps")
        await connect(relay, Dialling("sender.example", SECONDS, trusting))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=[listening], daemon=True)
        thread.start()
        with pytest.raises(RelayError, match="knows no safe version of TLS"):
            asyncio.run(run(listening.getsockname()[1]))
        thread.join(60)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(authority: trustme.CA, trusting: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    server = server_context(authority)
    server.minimum_version = server.maximum_version = version
    assert "QUIT" == dial(Sink(tls=server), trusting, scheme="smtps")[-1]


@pytest.mark.parametrize("injected", ["250-evil.example\\n250 XEVIL", "250 ok", "235 2.7.0 welcome", "421 4.3.2 bye"])
def test_plain_replies_behind_starttls_are_not_taken_for_encrypted_ones(
    authority: trustme.CA, trusting: ssl.SSLContext, injected: str
) -> None:
    """Who sits on the way adds bytes to the 220 (CVE-2011-0411 the other way round). Were they taken for the reply to
    the second EHLO, no login would be offered, and every later reply would answer the wrong command."""
    sink = Sink(
        starttls=server_context(authority), injected=f"\\n{injected}", login="anna:geheim", login_needs_tls=True
    )
    heard = dial(sink, trusting, scheme="smtp+starttls", **LOGIN)
    assert ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"] == [line.split()[0] for line in heard]


@pytest.mark.parametrize("reply", ["454 4.7.0 TLS not available", "501 5.5.4 no parameters"])
def test_starttls_that_is_offered_and_refused_sends_no_login_in_the_clear(reply: str) -> None:
    sink = Sink([Fault("starttls", reply)], starttls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), login="anna:geheim")
    with pytest.raises(RelayError, match=reply[:9]):
        dial(sink, None, scheme="smtp+starttls", **LOGIN)
    assert ["EHLO", "STARTTLS"] == [line.split()[0] for line in sink.commands]


def test_starttls_that_was_taken_out_on_the_way_sends_no_login_in_the_clear() -> None:
    sink = Sink(extensions=["XXXXXXXA"], login="anna:geheim")
    with pytest.raises(RelayError, match="does not offer STARTTLS"):
        dial(sink, None, scheme="smtp+starttls", **LOGIN)
    assert ["EHLO sender.example"] == sink.commands


def against(scheme: str, *replies: bytes, hang_up: bool = True) -> RelayError:
    """What is said of a server that answers whatever it hears with these, then hangs up or falls silent."""

    async def run() -> None:
        async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for reply in replies:
                writer.write(reply)
                if not await reader.read(1000):
                    break
            if hang_up:
                writer.transport.abort()

        server = await asyncio.start_server(lie, "127.0.0.1", 0)
        async with asyncio.timeout(60), server:
            port = server.sockets[0].getsockname()[1]
            relay = replace(loopback(port), host="localhost", scheme=scheme, **LOGIN)
            await connect(relay, Dialling("sender.example", SECONDS))

    with pytest.raises(RelayError) as caught:
        asyncio.run(run())
    return caught.value


UP_TO_TLS = (b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n")


def test_plain_talk_after_the_220_is_no_tls() -> None:
    error = against("smtp+starttls", *UP_TO_TLS, b"250-x\r\n250 AUTH PLAIN\r\n")
    assert "no encrypted connection to the relay test" in str(error)


@pytest.mark.parametrize(("scheme", "replies"), [("smtps", ()), ("smtp+starttls", UP_TO_TLS)])
def test_server_that_hangs_up_or_falls_silent_while_tls_begins_is_told_apart(
    scheme: str, replies: tuple[bytes, ...]
) -> None:
    assert "the relay test closed the connection" == str(against(scheme, *replies))
    assert "the relay test does not answer" == str(against(scheme, *replies, hang_up=False))


def test_login_that_is_offered_only_once_encrypted_is_found(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    sink = Sink(starttls=server_context(authority), login="anna:geheim", login_needs_tls=True)
    heard = dial(sink, trusting, scheme="smtp+starttls", **LOGIN)
    assert "AUTH" == heard[3].split()[0]


@pytest.mark.parametrize("manner", [{}, {"split": True}, {"bytewise": True}])
def test_a_hundred_extensions_are_read_and_the_login_among_them(manner: dict[str, bool]) -> None:
    extensions = [f"X-EXTENSION-{number} {'parameter ' * 9}" for number in range(100)]
    sink = Sink(extensions=extensions, login="anna:geheim", **manner)  # type: ignore[arg-type]
    assert "AUTH" == dial(sink, None, **LOGIN)[1].split()[0]


def test_an_endless_greeting_is_cut_off() -> None:
    with pytest.raises(RelayError, match="too long"):
        dial(Sink([Fault("ehlo", "endless")]), None)
