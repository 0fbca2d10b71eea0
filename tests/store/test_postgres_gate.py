"""The way to PostgreSQL as operators have it: TLS, certificates, logins, rights. What is wrong is said in one line."""

import asyncio
import os
import threading
from contextlib import closing
from urllib.parse import quote

import pytest

from ruhrmail.errors import StoreAway, StoreError
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    Store,
    begin_mailing,
    enrol,
    ensure_settled,
    find_sender,
    list_size,
    open_engine,
    open_store,
    open_store_readonly,
    patience,
    prepare_engine,
    read_lost_spans,
    sender_lock,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store.postgres_session import open_session, setting_up
from tests.servers.gatehouse import NAME, PASSWORD
from tests.store.samples import MESSAGE, NOW, counts, crowd, new_mailing, result

FULL = "verify-full"


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
    assert isinstance(caught.value, kind)
    assert (True, True) == ("\n" not in said, caught.value.hint is not None), said
    assert PASSWORD not in f"{said} {caught.value.hint}"
    return said


@pytest.mark.parametrize("mode", ["require", FULL])
def test_a_server_that_wants_tls_gets_it(gate, mode):
    assert 0 == enter(gate.url("shielded", sslmode=mode, sslrootcert=gate.file("authority.pem")))


def test_the_host_may_be_named_beside_its_address(gate):
    more = {"sslmode": FULL, "sslrootcert": gate.file("authority.pem"), "hostaddr": "127.0.0.1"}
    assert 0 == enter(gate.url("shielded", host=NAME, **more))
    said = refused(gate.url("shielded", host="wrong.newsletter.example", **more))
    assert "shows the certificate of another host" in said and "wrong.newsletter.example" in said


def test_a_server_that_refuses_plain_text_is_said_to(gate):
    said = refused(gate.url("shielded", sslmode="disable"))
    assert "does not let this user in from here" in said and "no encryption" in said


def test_a_certificate_of_another_authority_is_refused(gate):
    said = refused(gate.url("shielded", sslmode="verify-ca", sslrootcert=gate.file("stranger.pem")))
    assert "the certificate of the PostgreSQL server does not hold" in said and "self-signed" in said


def test_who_is_at_work_waits_for_an_outdated_certificate_to_be_renewed(gate, monkeypatch):
    monkeypatch.setattr(patience, "PAUSES", (0.01,))
    url = gate.url("shielded", sslmode=FULL, sslrootcert=gate.file("authority.pem"))
    with open_store(url, now=NOW, randomness=os.urandom) as store:
        ledger = ledger_of(store)
        gate.present("outdated")
        try:
            assert "certificate verify failed: certificate has expired" in refused(url, StoreAway)
            gate.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shielded'")
            renewal = threading.Timer(0.3, gate.present, ["server"])
            renewal.start()
            assert 3 == len(ledger.claim(9, NOW))
            renewal.join()
        finally:
            gate.present("server")


def test_who_is_at_work_does_not_wait_where_the_login_is_refused(gate):
    url = gate.url()
    with open_store(url, now=NOW, randomness=os.urandom) as store:
        ledger = ledger_of(store)
        gate.execute("ALTER ROLE plain NOLOGIN")
        try:
            gate.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'plain'")
            with pytest.raises(StoreError, match="refuses the login"):
                ledger.claim(9, NOW)
        finally:
            gate.execute("ALTER ROLE plain LOGIN")


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
        "password": "refuses the login", "role": "refuses the login", "rule": "does not let this user in from here",
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
    [
        {"sslmode": "verify"},
        {"port": "99999"},
        {"service": "none"},
        {"options": "-cnonsense=1"},
        {"options": "x"},
        {"options": "-clc_messages=C"},
    ],
)
def test_what_is_wrong_in_an_address_is_not_taken_for_a_server_that_is_away(gate, more):
    assert "a part of the address" in refused(gate.url(**more))


ODD = {
    "datestyle": "German, DMY", "intervalstyle": "postgres_verbose", "bytea_output": "escape", "array_nulls": "off",
    "timezone": "Asia/Kolkata", "transform_null_equals": "on", "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable", "statement_timeout": "1ms", "idle_session_timeout": "1s",
    "client_encoding": "LATIN1", "extra_float_digits": "-5", "row_security": "off",
}  # fmt: skip


def test_what_a_role_is_set_to_changes_nothing(gate):
    for name, value in ODD.items():
        gate.execute(f"ALTER ROLE plain SET {name} = '{value}'")
    try:
        url = gate.url(host="[::1]")
        with open_store(url, now=NOW, randomness=os.urandom) as store:
            ensure_settled(store)
            assert [] == read_lost_spans(store)
            suppress(store, "zoë@example.org", "bounced", NOW, "550 weg: \\ ' €")
            found = suppression(store, "zoë@example.org")
            assert ("550 weg: \\ ' €", NOW) == (found.evidence, found.at)
            ledger = ledger_of(store)
            claims = ledger.claim(9, NOW)
            assert {Intent.GRANTED} == set(ledger.intend(claims, NOW).values())
            ledger.settle([result(one, Outcome.SENT) for one in claims])
            assert {"sent": 3} == counts(ledger)
            prepare_engine(store)
            assert {"datestyle": "ISO, MDY", "array_nulls": "on"} == asyncio.run(engine_settings(url))
    finally:
        gate.execute("ALTER ROLE plain RESET ALL")


SLOW = """
CREATE SCHEMA slow AUTHORIZATION plain;
CREATE FUNCTION slow.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(0.01); RETURN pg_catalog.set_config($1, $2, $3); END $$;
ALTER ROLE plain SET search_path = slow, pg_catalog, public;
ALTER ROLE plain SET statement_timeout = '50ms';
"""
"""Our settings, 17 of them, take longer than the role's limit allows."""


def test_a_role_whose_statements_are_broken_off_before_our_settings_are_made_is_let_in(gate, monkeypatch):
    gate.execute(SLOW)
    try:
        for options in ("", "-c work_mem=8MB"):
            monkeypatch.setenv("PGOPTIONS", options)
            url = gate.url()
            with closing(open_session(url, autocommit=True)) as session:
                asked = "SELECT current_setting('statement_timeout'), current_setting('work_mem')"
                assert ("30min", "8MB" if options else "4MB") == session.execute(asked).fetchone()
            assert {"datestyle": "ISO, MDY", "array_nulls": "on"} == asyncio.run(engine_settings(url))
    finally:
        gate.execute("ALTER ROLE plain RESET ALL; DROP SCHEMA slow CASCADE")


def ledger_of(store: Store) -> Ledger:
    """A mailing to three people."""
    sync_roster(store, crowd(3), "sha", NOW)
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
    enrol(store, mailing, NOW)
    return Ledger(store, mailing)


async def engine_settings(url: str) -> dict[str, str]:
    """How a worker's sessions for jobs are set."""
    async with open_engine(url).open_async() as app, app.connector.pool.connection() as session:
        asked = "SELECT name, setting FROM pg_settings WHERE name IN ('datestyle', 'array_nulls', 'DateStyle')"
        return {name.lower(): value for name, value in await (await session.execute(asked)).fetchall()}


def test_every_way_to_name_server_and_password_leads_in(gate, tmp_path, monkeypatch):
    port, name, socket = gate.server.port, gate.database, quote(gate.file("socket"), safe="")
    (tmp_path / "pass").write_text(f"*:*:*:plain:{PASSWORD.replace(':', chr(92) + ':')}\n", encoding="utf-8")
    (tmp_path / "pass").chmod(0o600)
    section = f"[brief]\nhost=127.0.0.1\nport={port}\ndbname={name}\nuser=plain\npassword={PASSWORD}\n"
    (tmp_path / "services").write_text(section, encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    url, host = gate.url(), f"127.0.0.1:{port}"
    assert 0 == enter(url)
    ways = {
        "the other name of the scheme": url.replace("postgresql", "postgres"),
        "IPv6": gate.url(host="[::1]"),
        "a socket's folder": gate.url(host="").replace(f":{port}", "") + f"?host={socket}&port={port}",
        "a socket's folder as the host": gate.url(host=socket),
        "several hosts": url.replace(host, f"127.0.0.1:1,[::1]:{port},{host}"),
        "the one that takes writes": url.replace(host, f"[::1]:{port},{host}") + "?target_session_attrs=read-write",
        "a password file": gate.url(password="", passfile=str(tmp_path / "pass")),
        "a service": "postgresql://?service=brief",
        "parameters only": f"postgresql:///{name}?host=127.0.0.1&port={port}&user=plain&password={quote(PASSWORD)}",
    }
    assert dict.fromkeys(ways, True) == {way: leads_in(one) for way, one in ways.items()}
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert leads_in(gate.url(password=""))


def leads_in(url: str) -> bool:
    """Whether the store is found there, and both kinds of sessions can be had."""
    found = open_store_readonly(url)
    assert found is not None
    found.close()
    return find_sender(url) is None and asyncio.run(engine_settings(url))["array_nulls"] == "on"


@pytest.mark.parametrize(("name", "hint"), [("sslmod", "did you mean sslmode?"), ("geheim", "such as postgresql://")])
def test_an_unknown_parameter_is_told_by_the_one_it_is_like(gate, name, hint):
    with pytest.raises(StoreError) as caught:
        enter(gate.url(**{name: "require"}))
    assert hint in str(caught.value.hint)
    assert "geheim" not in f"{caught.value.message} {caught.value.hint}"


def test_the_address_may_say_how_it_is_dialled(gate):
    with open_store(gate.url(application_name="brief", connect_timeout="3"), now=NOW, randomness=os.urandom) as store:
        with store.reading():
            names = gate.execute("SELECT application_name FROM pg_stat_activity WHERE usename = 'plain'")
        with store.engine.connect() as connection:
            dialled = connection.connection.driver_connection.info.get_parameters()
    assert ({"brief"}, "3", "10") == (
        {name for [name] in names},
        dialled["connect_timeout"],
        dialled["keepalives_idle"],
    )


def test_a_reader_looks_and_is_told_why_it_cannot_write(gate):
    enter(gate.url())
    gate.execute("GRANT USAGE ON SCHEMA public TO reader")
    assert "may not do that" in refused(gate.url("reader"))
    with pytest.raises(StoreError, match="may not do that"):
        open_store_readonly(gate.url("reader"))
    gate.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with open_store(gate.url("reader"), now=NOW, randomness=os.urandom) as store:
        assert 0 == list_size(store)
        with pytest.raises(StoreError, match="may not do that"):
            suppress(store, "a@example.org", "manual", NOW)


@pytest.mark.parametrize("path", ["none", "''", '"$user"'])
def test_a_schema_that_is_not_there_is_said(gate, path):
    gate.execute(f"ALTER ROLE plain SET search_path = {path}")
    try:
        assert "no schema for the store's tables" in refused(gate.url())
    finally:
        gate.execute("ALTER ROLE plain RESET ALL")


def test_a_database_that_keeps_no_utf8_is_refused(gate):
    gate.execute("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0 STRATEGY file_copy")
    try:
        assert "does not keep its texts in UTF-8" in refused(gate.url(database="latin"))
    finally:
        gate.execute("DROP DATABASE latin")


def test_a_role_that_only_reads_by_its_settings_is_told_so(gate):
    gate.execute("ALTER ROLE plain SET default_transaction_read_only = on")
    try:
        assert "can only be read" in refused(gate.url())
    finally:
        gate.execute("ALTER ROLE plain RESET ALL")


@pytest.mark.parametrize(("version", "expected"), [(140000, False), (160009, False), (170000, True), (180001, True)])
def test_the_time_limit_for_transactions_is_lifted_where_the_server_has_one(version, expected):
    """PostgreSQL 17 brought it, and ends the session: what takes longer would be begun again for ever."""
    assert expected == (b"set_config('transaction_timeout', '0', false)" in setting_up(version))
