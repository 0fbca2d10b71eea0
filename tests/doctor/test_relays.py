"""Relays with every fault that a set-up can have, up to the envelope."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from ruhrmail.config import Relay
from ruhrmail.config.settings import Timeout
from ruhrmail.deliver import Dialling, probe_relay
from ruhrmail.deliver.dial import make_ssl_context
from ruhrmail.doctor.relays import LINE_OF, judge_end
from tests.servers.sink import Fault, Sink
from tests.servers.smtp_sink import free_port

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def context_for(authority, name="localhost", **dates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **dates).configure_cert(context)
    return context


def probe(sink, authority, scheme="smtp+starttls", seconds=5.0, **login):
    """What is seen of a sink."""
    trusting = make_ssl_context()
    authority.configure_trust(trusting)
    dialling = Dialling("sender.example", Timeout.model_validate({"connect": "2s", "command": "2s"}), trusting)

    async def run():
        async with asyncio.timeout(60), sink:
            relay = Relay("main", scheme, "localhost", sink.port, **login)
            return await probe_relay(relay, dialling, "u+x@kurzbrief.example", 1000, seconds)

    return asyncio.run(run())


def test_a_good_relay_is_seen_up_to_the_envelope_and_gets_no_recipient(authority):
    sink = Sink(starttls=context_for(authority), login="anna:geheim", extensions=("PIPELINING", "SIZE 5000"))
    found = probe(sink, authority, user="anna", password="geheim")
    assert ("", True, "5000") == (found.ended, found.login, found.extensions["size"])
    assert found.tls.startswith("TLSv1.") and found.until > NOW
    assert ["MAIL FROM:<u+x@kurzbrief.example> SIZE=1000", "RSET", "QUIT"] == sink.commands[-3:]
    assert [] == sink.accepted


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize(
    ("name", "days", "said"), [("localhost", -1, "expired"), ("relay.example", 9, "Hostname mismatch")]
)
def test_a_certificate_that_is_over_or_anothers_is_no_tls(authority, scheme, name, days, said):
    context = context_for(authority, name, not_after=NOW + timedelta(days=days))
    sink = Sink(tls=context) if scheme == "smtps" else Sink(starttls=context)
    found = probe(sink, authority, scheme)
    assert "tls" == found.ended and said in str(found.trouble.message)


def test_a_certificate_of_an_unknown_authority_is_no_tls(authority):
    found = probe(Sink(starttls=context_for(trustme.CA())), authority)
    assert "doctor/relay-tls" == LINE_OF[found.ended] and "certificate" in str(found.trouble.message)


def test_a_relay_in_the_clear_is_not_told_the_password(authority):
    sink = Sink(login="anna:geheim")
    found = probe(sink, authority, user="anna", password="geheim")
    assert "tls" == found.ended and "STARTTLS" in str(found.trouble.message)
    assert not any(one.startswith("AUTH") for one in sink.commands)


@pytest.mark.parametrize(
    ("fault", "ended"),
    [
        (Fault("connect", "silence"), "reach"),
        (Fault("connect", "drop"), "reach"),
        (Fault("connect", "554 5.7.1 not you"), "greeting"),
        (Fault("ehlo", "silence"), "greeting"),
        (Fault("ehlo", "endless"), "greeting"),
        (Fault("starttls", "454 later"), "tls"),
        (Fault("starttls", "silence"), "tls"),
        (Fault("auth", "535 5.7.8 wrong"), "login"),
        (Fault("mail", "550 5.7.1 not from there"), "sender"),
        (Fault("mail", "silence"), "sender"),
    ],
)
def test_where_a_talk_ended_is_told(authority, fault, ended):
    sink = Sink(faults=[fault], starttls=context_for(authority), login="anna:geheim")
    found = probe(sink, authority, seconds=3, user="anna", password="geheim")
    assert ended == found.ended and "geheim" not in f"{found.trouble.message} {found.trouble.hint}"


def test_nobody_there_is_told(authority):
    relay = Relay("main", "smtp", "localhost", free_port())
    found = asyncio.run(probe_relay(relay, Dialling("a.example", Timeout()), "a@b.example", 1, 3))
    assert "reach" == found.ended and "refuses connections" in str(found.trouble.message)


@pytest.mark.parametrize(("days", "state"), [(15, "ok"), (13, "warning"), (0, "warning")])
def test_a_certificate_is_to_be_renewed_two_weeks_before_its_end(days, state):
    assert state == judge_end("doctor/relay-certificate", "main", NOW + timedelta(days=days, hours=1), NOW).state
