"""Each method of AUTH, which one is taken, and what is said when the relay refuses."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
import trustme

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.errors import RelayError
from tests.deliver.book import loopback
from tests.servers.sink import Fault, Sink

SECONDS = Timeout.model_validate({"connect": "5s", "command": "5s", "dot": "5s"})
SECRET = "geh3im!wört"
TOKEN = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"
LOGIN = f"anna:{SECRET}"
ALL = ("LOGIN", "PLAIN", "XOAUTH2", "CRAM-MD5", "NTLM")


def log_in(sink: Sink, context: ssl.SSLContext | None = None, **settings: object) -> list[str]:
    """Connects; gives the AUTH commands that came, without what follows the method."""

    async def run() -> None:
        async with asyncio.timeout(60), sink:
            relay = replace(loopback(sink.port), host="localhost", user="anna")
            connection = await connect(replace(relay, **settings), Dialling("sender.example", SECONDS, context))  # type: ignore[arg-type]
            connection.close()

    asyncio.run(run())
    return [line.split()[1] for line in sink.commands if line.startswith("AUTH")]


def refusal(sink: Sink, **settings: object) -> RelayError:
    with pytest.raises(RelayError) as caught:
        log_in(sink, **settings)
    secrets = [SECRET, TOKEN, *(b64encode(one.encode()).decode() for one in (SECRET, TOKEN))]
    assert not [secret for secret in secrets if secret in str(caught.value)]
    assert caught.value.hint is not None
    return caught.value


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_password_is_proven_by_each_method(method: str) -> None:
    assert [method] == log_in(Sink(login=LOGIN, methods=[method]), password=SECRET)


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_wrong_password_is_refused_by_each_method(method: str) -> None:
    """This sink repeats the right password in its reply, and knows the wrong one for wrong."""
    error = refusal(Sink(login="anna:other", methods=[method]), password=SECRET)
    assert "the relay test refused the login of anna: 535 5.7.8 wrong: anna:other" == str(error)


def test_access_token_logs_in_over_tls() -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    sink = Sink(starttls=server, login="anna:", token=TOKEN, methods=ALL, login_needs_tls=True)
    assert ["XOAUTH2"] == log_in(sink, context, scheme="smtp+starttls", token=TOKEN)


def test_token_of_four_thousand_characters_fits() -> None:
    token = TOKEN * 100
    assert ["XOAUTH2"] == log_in(Sink(login="anna:", token=token, methods=ALL), token=token)


def test_refused_token_gets_its_reason_by_an_empty_line() -> None:
    sink = Sink(login="anna:", token=f"{TOKEN}x", methods=["XOAUTH2"])
    error = refusal(sink, token=TOKEN)
    assert "the relay test refused the login of anna: 535 5.7.8 wrong: anna:" == str(error)
    assert "access token" in str(error.hint)


@pytest.mark.parametrize(
    ("offered", "settings", "taken"),
    [
        (ALL, {"password": SECRET}, "CRAM-MD5"),
        (("LOGIN", "PLAIN"), {"password": SECRET}, "PLAIN"),
        (("NTLM", "LOGIN"), {"password": SECRET}, "LOGIN"),
        (ALL, {"password": SECRET, "token": TOKEN}, "XOAUTH2"),
        (("LOGIN",), {"password": SECRET, "token": TOKEN}, "LOGIN"),
    ],
)
def test_safest_method_that_both_know_is_taken(offered: Sequence[str], settings: dict[str, str], taken: str) -> None:
    assert [taken] == log_in(Sink(login=LOGIN, token=TOKEN, methods=offered), **settings)


@pytest.mark.parametrize("reply", ["504 5.5.4 not implemented", "534 5.7.9 too weak", "538 5.7.11 needs encryption"])
def test_method_that_is_offered_but_not_taken_yields_to_the_next(reply: str) -> None:
    faults = [Fault("auth", reply, recipient=method) for method in ("CRAM-MD5", "PLAIN")]
    sink = Sink(faults, login=LOGIN, methods=ALL)
    assert ["CRAM-MD5", "PLAIN", "LOGIN"] == log_in(sink, password=SECRET)


def test_server_that_keeps_no_plain_passwords_gets_the_password_itself() -> None:
    sink = Sink([Fault("auth", "535 5.7.8 no secret in database", recipient="CRAM-MD5")], login=LOGIN, methods=ALL)
    assert ["CRAM-MD5", "PLAIN"] == log_in(sink, password=SECRET)


def test_wrong_password_is_not_tried_on_and_on() -> None:
    """Servers count failures, and lock the account."""
    sink = Sink(login="anna:other", methods=ALL)
    refusal(sink, password=SECRET)
    assert ["CRAM-MD5", "PLAIN"] == [line.split()[1] for line in sink.commands if line.startswith("AUTH")]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("454 4.7.0 later", "the relay test cannot check the login now: 454 4.7.0 later"),
        ("421 4.7.0 busy", "the relay test cannot check the login now: 421 4.7.0 busy"),
        ("drop", "the relay test closed the connection"),
        ("silence", "the relay test does not answer"),
        ("garbage", "the relay test turns us away: Malformed SMTP response line: nonsense"),
        ("334 PDE+", "the relay test refused the login of anna: 502 5.5.2 what?"),
        (f"535 5.7.8 {SECRET}", "the relay test refused the login of anna: 535 5.7.8 ***"),
        (
            "535 5.7.8 " + b64encode(f"\0anna\0{SECRET}".encode()).decode(),
            "the relay test refused the login of anna: 535 5.7.8 ***",
        ),
    ],
)
def test_trouble_during_the_login_is_told_without_the_secret(reply: str, text: str) -> None:
    sink = Sink([Fault("auth", reply)], login=LOGIN, methods=["PLAIN"])
    assert text == str(refusal(sink, password=SECRET))


def test_token_in_a_reply_is_masked() -> None:
    encoded = b64encode(f"user=anna\1auth=Bearer {TOKEN}\1\1".encode()).decode()
    sink = Sink([Fault("auth", f"535 5.7.8 {TOKEN} {encoded}")], login="anna:", methods=["XOAUTH2"])
    assert "535 5.7.8 *** ***" in str(refusal(sink, token=TOKEN))


def test_challenge_that_is_none_is_cancelled() -> None:
    sink = Sink([Fault("auth", "334 no base64!", recipient="CRAM-MD5")], login=LOGIN, methods=["CRAM-MD5"])
    refusal(sink, password=SECRET)
    assert "*" in sink.commands


def test_relay_without_the_method_or_the_user_is_told() -> None:
    sink = Sink(login=LOGIN, methods=["PLAIN"])
    assert "the relay test offers no login with an access token" == str(refusal(sink, token=TOKEN))
    assert "the relay test offers no login that we know" == str(refusal(Sink(), password=SECRET))
    assert "the relay test has an access token but no user" == str(refusal(Sink(login=LOGIN), user="", token=TOKEN))
    assert not [line for line in sink.commands if line.startswith("AUTH")]


@pytest.mark.parametrize("seed", range(5))
def test_server_that_leaves_right_after_the_login_is_told_now_or_later(seed: int) -> None:
    """Whether it is known already when the connection is handed over is chance; another error is none."""
    fault = Fault("auth", "235 2.7.0 welcome\\n421 4.3.2 bye" if seed % 2 else "cut")
    with suppress(RelayError):
        log_in(Sink([fault], login=LOGIN, methods=["PLAIN"], seed=seed, split=True), password=SECRET)
