"""The way to PostgreSQL as operators have it: TLS, certificates, logins, rights. What is wrong is said in one line."""

import os
from collections.abc import Iterator

import pytest

from ruhrmail.errors import StoreAway, StoreError
from ruhrmail.store import list_size, open_store, open_store_readonly, sender_lock
from tests.servers.gatehouse import NAME, PASSWORD, Gate, gatehouse
from tests.store.samples import NOW

FULL = "verify-full"


@pytest.fixture(scope="module")
def house() -> Iterator[Gate]:
    with gatehouse() as opened:
        yield opened


@pytest.fixture
def gate(house: Gate) -> Iterator[Gate]:
    yield house
    house.sweep()


def enter(url: str) -> int:
    """Makes a store, holds its lock, and looks: everything that dials."""
    with open_store(url, now=NOW, randomness=os.urandom) as store, sender_lock(url, now=NOW, pid=1):
        found = open_store_readonly(url)
        assert found is not None
        found.close()
        return list_size(store)


def refused(url: str, kind: type[StoreError] = StoreError) -> str:
    """What is said to who is not let in: one line, then what to do."""
    with pytest.raises(StoreError) as caught:
        enter(url)
    said = f"{caught.value.message}"
    assert (kind, True, True) == (type(caught.value), "\n" not in said, caught.value.hint is not None), said
    assert PASSWORD not in f"{said} {caught.value.hint}"
    return said


@pytest.mark.parametrize("mode", ["require", "verify-ca", FULL])
def test_a_server_that_wants_tls_gets_it(gate, mode):
    assert 0 == enter(gate.url("shielded", sslmode=mode, sslrootcert=gate.file("authority.pem")))


def test_the_host_may_be_named_beside_its_address(gate):
    more = {"sslmode": FULL, "sslrootcert": gate.file("authority.pem"), "hostaddr": "127.0.0.1"}
    assert 0 == enter(gate.url("shielded", host=NAME, **more))
    said = refused(gate.url("shielded", host="wrong.newsletter.example", **more))
    assert "shows the certificate of another host" in said and "wrong.newsletter.example" in said


def test_a_server_that_refuses_plain_text_is_said_to(gate):
    said = refused(gate.url("shielded", sslmode="disable"))
    assert "lets this user not in from here" in said and "no encryption" in said


@pytest.mark.parametrize("mode", ["verify-ca", FULL])
def test_a_certificate_of_another_authority_is_refused(gate, mode):
    said = refused(gate.url("shielded", sslmode=mode, sslrootcert=gate.file("stranger.pem")))
    assert "the certificate of the PostgreSQL server does not hold" in said


def test_an_outdated_certificate_is_refused(gate):
    gate.present("outdated")
    try:
        said = refused(gate.url("shielded", sslmode=FULL, sslrootcert=gate.file("authority.pem")))
    finally:
        gate.present("server")
    assert "the certificate of the PostgreSQL server does not hold" in said


@pytest.mark.parametrize("file", ["none.pem", "sealed.key"])
def test_an_authority_that_cannot_be_read_is_named(gate, file):
    said = refused(gate.url("shielded", sslmode=FULL, sslrootcert=gate.file(file)))
    assert "there is nothing to compare the certificate" in said and file in said


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(gate, cluster):
    url = cluster.url().replace("ruhrmail@", f"plain:{PASSWORD[:3]}@")
    assert "speaks no TLS" in refused(f"{url}?sslmode=require")


def test_a_certificate_takes_the_place_of_a_password(gate):
    assert 0 == enter(gate.url("sealed", "", **gate.certificate("sealed")))


@pytest.mark.parametrize("name", ["expired", "forged", "none"])
def test_a_certificate_that_the_server_does_not_take_is_said_to_be_ours(gate, name):
    assert "demands a certificate of ours" in refused(gate.url("sealed", "", **gate.certificate(name)))


def test_a_certificate_for_another_name_is_a_refused_login(gate):
    assert "refuses the login" in refused(gate.url("sealed", "", **gate.certificate("other")))


@pytest.mark.parametrize("key", ["other.key", "none.key", "loose.key"])
def test_a_key_that_does_not_fit_is_named(gate, key):
    (gate.folder / "loose.key").write_bytes((gate.folder / "sealed.key").read_bytes())
    (gate.folder / "loose.key").chmod(0o644)
    said = refused(gate.url("sealed", "", **gate.certificate("sealed") | {"sslkey": gate.file(key)}))
    assert "our own certificate for PostgreSQL cannot be used" in said and key in said


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"], ids=["english", "german"])
def test_a_server_of_either_language_is_understood(gate, locale):
    gate.execute("CREATE DATABASE shut TEMPLATE template0 STRATEGY file_copy")
    gate.execute("REVOKE CONNECT ON DATABASE shut FROM PUBLIC")
    gate.execute("CREATE DATABASE closed TEMPLATE template0 STRATEGY file_copy ALLOW_CONNECTIONS false")
    gate.speak(locale)
    try:
        said = {
            "password": refused(gate.url(password="wrong")),
            "role": refused(gate.url("nobody")),
            "rule": refused(gate.url("stranger")),
            "database": refused(gate.url(database="none")),
            "right": refused(gate.url(database="shut")),
            "closed": refused(gate.url(database="closed")),
            "certificate": refused(gate.url("sealed", "", sslmode="require")),
        }
    finally:
        gate.speak("C")
        for name in ("shut", "closed"):
            gate.execute(f"DROP DATABASE {name}")
    expected = {
        "password": "refuses the login", "role": "refuses the login", "rule": "lets this user not in from here",
        "database": "does not exist", "right": "may not enter the database", "closed": "takes no connections now",
        "certificate": "demands a certificate of ours",
    }  # fmt: skip
    assert [] == [(name, text) for name, text in said.items() if expected[name] not in text]


def test_a_password_that_is_missing_is_a_refused_login(gate):
    assert "refuses the login" in refused(gate.url(password=""))


def test_a_server_that_is_not_there_may_come_back(gate):
    url = gate.url().replace(str(gate.server.port), "1")
    assert "does not answer" in refused(url, StoreAway)


@pytest.mark.parametrize(
    "more",
    [{"sslmode": "verify"}, {"port": "99999"}, {"service": "none"}, {"options": "-cnonsense=1"}, {"options": "x"}],
)
def test_what_is_wrong_in_an_address_is_not_taken_for_a_server_that_is_away(gate, more):
    assert "a part of the address" in refused(gate.url(**more))
