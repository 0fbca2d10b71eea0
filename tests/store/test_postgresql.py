"""What only a store in PostgreSQL does: sessions that end, senders side by side, other programs' tables, passwords."""

import os
import sys
import threading
import time
import unicodedata
from contextlib import ExitStack, closing
from datetime import timedelta

import psycopg
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import ARRAY, Text, func, literal, select

from ruhrmail.errors import StoreAway, StoreError
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.model.variants import fold_tag
from ruhrmail.store import (
    Ledger,
    begin_mailing,
    copy_store,
    enrol,
    find_sender,
    forget,
    list_size,
    open_rehearsal,
    open_store,
    open_store_readonly,
    people,
    sender_lock,
    suppress,
    suppression,
    sync_roster,
)
from ruhrmail.store import patience as patience_ways
from ruhrmail.store import postgres_lock as lock_ways
from ruhrmail.store.expressions import Folded
from ruhrmail.store.schema import metadata
from tests.servers.postgresql import QUICK, postgresql
from tests.store.samples import (
    MESSAGE,
    MINUTE,
    NOW,
    counts,
    crowd,
    new_mailing,
    person,
    result,
)
from tests.store.test_ledger_machine import LedgerMachine

PASSWORD = "streng-geheim-42"


@pytest.fixture
def url(database):
    """Never a file here."""
    return database


def open_at(url):
    return open_store(url, now=NOW, randomness=os.urandom)


def execute(url, statement, *parameters):
    with closing(psycopg.connect(url, autocommit=True)) as session:
        found = session.execute(statement, parameters)
        return found.fetchall() if found.description else []


def end_sessions(url):
    """What `pg_terminate_backend`, a restart or a firewall do."""
    execute(
        url,
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_commits_are_durable_whatever_the_server_says(url):
    execute(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
    with open_at(url) as store, store.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout")
        }
        level = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
    expected = {"synchronous_commit": "on", "lock_timeout": "1min", "idle_in_transaction_session_timeout": "1min"}
    assert (expected, "repeatable read") == (found, level)


def test_the_tables_of_another_program_are_refused_and_left_alone(url):
    execute(url, "CREATE TABLE songs (title text)")
    for opening in (open_at, open_store_readonly):
        with pytest.raises(StoreError, match="another program"):
            opening(url)
    assert [("songs",)] == execute(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def test_two_newsletters_may_share_a_database_in_schemas_of_their_own(url):
    execute(url, "CREATE SCHEMA one")
    execute(url, "CREATE SCHEMA two")
    one, two = (f"{url}?options=-csearch_path%3D{name}" for name in ("one", "two"))
    with open_at(one) as first, open_at(two) as second:
        sync_roster(first, crowd(3), "sha", NOW)
        assert (3, 0, True) == (list_size(first), list_size(second), first.id != second.id)
        with sender_lock(one, now=NOW, pid=1), sender_lock(two, now=NOW, pid=2):
            assert (1, 2) == (find_sender(one).pid, find_sender(two).pid)


def test_a_user_who_owns_nothing_but_a_schema_is_enough(cluster, url):
    """No superuser, no owner of the database: as the guide for operators says."""
    name = url.rpartition("/")[2]
    for statement in (
        f"CREATE ROLE plain_{name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO plain_{name}",
        f"CREATE SCHEMA letter AUTHORIZATION plain_{name}",
        f"ALTER ROLE plain_{name} SET search_path = letter",
    ):
        execute(url, statement)
    own = url.replace("ruhrmail@", f"plain_{name}@")
    try:
        with open_at(own) as store, sender_lock(own, now=NOW, pid=7):
            sync_roster(store, crowd(3), "sha", NOW)
            assert (3, 7) == (list_size(store), find_sender(own).pid)
            assert forget(store, "p1@example.org", NOW)
        with open_rehearsal(own, now=NOW, randomness=os.urandom) as trial:
            assert 2 == list_size(trial)
    finally:
        execute(url, f"DROP OWNED BY plain_{name} CASCADE")
        execute(url, f"DROP ROLE plain_{name}")


def test_a_session_that_was_ended_meanwhile_is_replaced(store, url):
    sync_roster(store, crowd(3), "sha", NOW)
    end_sessions(url)
    time.sleep(0.05)
    assert 3 == list_size(store)
    end_sessions(url)
    time.sleep(0.05)
    assert suppress(store, "p1@example.org", "manual", NOW)


def test_a_transaction_whose_session_ends_is_undone_and_said_to_be_lost(store, url, caplog):
    with pytest.raises(StoreAway, match="PostgreSQL does not answer"), store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
        end_sessions(url)
        connection.exec_driver_sql("SELECT 1")
    with store.reading() as connection:
        assert 0 == connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key = 'a'").scalar()
    assert [] == [one.message for one in caplog.records if one.levelname == "ERROR"]


def test_a_step_of_unknown_end_is_done_again_and_its_grants_count(ledger, monkeypatch):
    """The commit was written, and its answer lost on the way."""
    monkeypatch.setattr(patience_ways, "PAUSES", (0.01,))
    claims = lose_answer(lambda: ledger.claim(3, NOW))
    assert (3, {"claimed": 3, "pending": 2}) == (len(claims), counts(ledger))
    answers = lose_answer(lambda: ledger.intend(claims, NOW))
    assert [Intent.GRANTED] * 3 == list(answers.values())
    settled = [result(one, Outcome.SENT) for one in claims]
    lose_answer(lambda: ledger.settle(settled))
    assert {"sent": 3, "pending": 2} == counts(ledger)
    assert {Intent.LOST} == set(ledger.intend(claims, NOW).values())


def test_a_claim_that_is_handed_in_twice_is_lost_for_both_however_often_the_step_is_done(ledger, monkeypatch):
    monkeypatch.setattr(patience_ways, "PAUSES", (0.01,))
    [claim] = ledger.claim(1, NOW)
    assert {claim.delivery: Intent.LOST} == lose_answer(lambda: ledger.intend([claim, claim], NOW))


def lose_answer(step):
    """What a step gives whose first commit is heard of by nobody: the session ends right after it."""
    session_type, lost = psycopg.Connection, []
    original = session_type.commit

    def commit(session):
        original(session)
        if not lost:
            lost.append(True)
            session.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    session_type.commit = commit
    try:
        return step()
    finally:
        session_type.commit = original
        assert [True] == lost


def test_senders_side_by_side_never_claim_the_same(store, url):
    sync_roster(store, crowd(400), "sha", NOW)
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
    enrol(store, mailing, NOW)
    found = []

    def send():
        with open_at(url) as own:
            ledger = Ledger(own, mailing)
            while claims := ledger.claim(7, NOW):
                assert {Intent.GRANTED} == set(ledger.intend(claims, NOW).values())
                found.extend(one.delivery for one in claims)
                ledger.settle([result(one, Outcome.SENT) for one in claims])

    senders = [threading.Thread(target=send) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert (400, 400) == (len(found), len(set(found)))
    assert {"sent": 400} == counts(Ledger(store, mailing))


def test_a_sender_whose_session_was_ended_takes_the_lock_again(store, url, monkeypatch):
    monkeypatch.setattr(lock_ways, "LOOK_EVERY", 0.05)
    with sender_lock(url, now=NOW, pid=7, mailing="x"):
        end_sessions(url)
        wait_for(lambda: find_sender(url) is not None)
        assert 7 == find_sender(url).pid
    assert find_sender(url) is None


def test_a_sender_that_ends_while_it_takes_the_lock_again_leaves_none_behind(store, url, monkeypatch):
    monkeypatch.setattr(lock_ways, "LOOK_EVERY", 0.05)
    original, begun = lock_ways.Lock.take, threading.Event()

    def take(lock):
        begun.set()
        time.sleep(0.3)
        return original(lock)

    with sender_lock(url, now=NOW, pid=7, mailing="x"):
        monkeypatch.setattr(lock_ways.Lock, "take", take)
        end_sessions(url)
        assert begun.wait(60)
    assert "ruhrmail-lock.sender" not in {thread.name for thread in threading.enumerate()}
    assert find_sender(url) is None


def test_a_lock_whose_holder_is_gone_a_moment_later_is_waited_for(store, url):
    """A busy server notices late that a process was killed."""
    other = lock_ways.Lock(url, ".sender", lock_ways.Holder())
    assert other.take()
    threading.Timer(0.6, other.release).start()
    with sender_lock(url, now=NOW, pid=8, mailing="x"):
        assert 8 == find_sender(url).pid


def wait_for(done, seconds=60):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def all_letters():
    """A million."""
    return [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def few_letters():
    """Every other one of those that folding changes."""
    return [one for one in all_letters() if is_folded(one)][::2]


def is_folded(letter):
    return letter.casefold() != letter or unicodedata.normalize("NFC", letter) != letter or letter.isspace()


@pytest.mark.parametrize("find_letters", [few_letters, pytest.param(all_letters, marks=pytest.mark.soak)])
def test_letters_are_folded_as_python_folds_them(store, find_letters):
    """Whatever the server's own tables of letters say."""
    letters = find_letters()
    with store.reading() as connection:
        for first in range(0, len(letters), 50_000):
            some = [f"a{letter}b" for letter in letters[first : first + 50_000]]
            column = func.unnest(literal(some, type_=ARRAY(Text))).table_valued("t").render_derived()
            found = connection.execute(select(column.c.t, Folded(column.c.t))).all()
            assert [] == [(text, folded) for text, folded in found if fold_tag(text) != folded]


def test_characters_that_the_database_cannot_keep_are_replaced(store):
    suppress(store, "a@example.org", "bounced", NOW, "550 no\0 such user")
    assert "550 no\N{REPLACEMENT CHARACTER} such user" == suppression(store, "a@example.org").evidence


def test_no_row_of_her_is_left_in_any_table(store, url):
    sync_roster(store, [person("zoe", first_name="Zoe", last_name="Zeche"), *crowd(2)], "sha", NOW)
    ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
    enrol(store, ledger.mailing, NOW)
    [claim] = [one for one in ledger.claim(9, NOW) if one.recipient.person.first_name == "Zoe"]
    ledger.intend([claim], NOW)
    ledger.settle([result(claim, Outcome.DEFERRED)])
    assert forget(store, "zoe@example.org", NOW)
    rows = [str(row).lower() for name in metadata.tables for row in execute(url, f"SELECT * FROM {name}")]
    assert [] == [row for row in rows if "zoe" in row or "zeche" in row]


def test_a_password_stands_in_no_error(cluster):
    port = cluster.port
    wrong = [
        f"postgresql://nobody:{PASSWORD}@127.0.0.1:{port}/none",
        f"postgresql://nobody:{PASSWORD}@127.0.0.1:1/none",
        f"postgresql://nobody:{PASSWORD}@nowhere.example:1/none",
        f"postgresql://nobody:{PASSWORD}%zz@127.0.0.1:{port}/none",
        f"postgresql://nobody@127.0.0.1:{port}/none?password={PASSWORD}&unknown={PASSWORD}",
    ]
    for url in wrong:
        with pytest.raises(StoreError) as caught:
            open_at(url)
        assert PASSWORD not in f"{caught.value.message} {caught.value.hint}"


def test_a_store_goes_from_one_database_to_the_other_and_back(store, url, tmp_path):
    sync_roster(store, [person("zoë", fields={"ort": "Essen"}, tags=("Kultur",)), *crowd(30)], "sha", NOW)
    ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
    enrol(store, ledger.mailing, NOW)
    claims = ledger.claim(9, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(one, Outcome.DEFERRED) for one in claims])
    file = f"sqlite:///{tmp_path}/state.db"
    there = copy_store(url, file)
    execute(url, f"DROP TABLE {', '.join(metadata.tables)}")
    assert there == copy_store(file, url)
    assert (31, 31) == (there.rows["subscribers"], there.rows["deliveries"])
    with pytest.raises(StoreError, match="something already"):
        copy_store(file, url)
    again = Ledger(store, ledger.mailing)
    assert 9 == len([one for one in again.claim(31, NOW + 2 * MINUTE) if one.attempts])
    sync_roster(store, [*people_of(store), person("neu")], "two", NOW + timedelta(days=1))
    assert "neu@example.org" == list(people(store))[-1].person.email


def people_of(store):
    return [one.person for one in people(store)]


def hold_session(held: ExitStack, url: str) -> None:
    """A session of some other program, where the server has one left: that which was closed last may still count."""
    try:
        held.enter_context(closing(psycopg.connect(url)))
    except psycopg.OperationalError:
        return


def test_a_server_that_is_too_busy_is_named(url):
    with postgresql(**QUICK, max_connections="4") as server:
        address = server.database()
        with open_at(address), ExitStack() as held, pytest.raises(StoreError, match="no connection left"):
            for _ in range(8):
                hold_session(held, address)
                open_store_readonly(address).close()


@pytest.mark.parametrize("examples", [6, pytest.param(60, marks=pytest.mark.soak)])
def test_the_ledger_holds_under_anything_that_may_happen(url, cluster, examples):
    class OnPostgresql(LedgerMachine):
        def make_url(self):
            return cluster.database()

    run_state_machine_as_test(
        OnPostgresql, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None)
    )
