"""The servers of a test."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.check.online.street import open_street
from tests.servers.web import WebServer


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


def encrypted_server(authority, not_after=None):
    """A server's side of an encrypted connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("halle.example", "xn--mhle-0ra.example", not_after=not_after).configure_cert(context)
    return WebServer(context).running()


@pytest.fixture(scope="session")
def encrypted(authority):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with (
        encrypted_server(authority) as trusted,
        encrypted_server(authority, yesterday) as expired,
        encrypted_server(trustme.CA()) as foreign,
    ):
        yield trusted, expired, foreign


@pytest.fixture
def street(encrypted, authority, tmp_path_factory, monkeypatch):
    trusted = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with open_street(*encrypted) as servers:
        yield servers
