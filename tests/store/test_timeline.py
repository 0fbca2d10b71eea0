"""A database that has gone back in time: real servers, a real replica that lags, and a real promotion."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.model.ledger import Claim, Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Ledger,
    Store,
    begin_mailing,
    enrol,
    ensure_settled,
    find_mailing,
    finish_if_done,
    forget,
    go_on,
    lost_commits,
    open_store,
    read_lost_spans,
    retry_failed,
    stop_mailing,
    sync_roster,
    withdraw_mailing,
)
from ruhrmail.store import quarantine as quarantine_ways
from ruhrmail.store import timeline as timeline_ways
from ruhrmail.store import witness as witness_ways
from ruhrmail.store.quarantine import DOUBTED, MISSED, UNVOUCHED
from ruhrmail.store.schema import instant
from tests.servers.postgresql import QUICK, Server, cut_off, postgresql, replicated_url, standby
from tests.store.samples import MESSAGE, counts, crowd, new_mailing, result


@dataclass(slots=True)
class Pair:
    primary: Server
    replica: Server
    url: str

    def fail_over(self) -> None:
        """The primary dies, and the replica takes over with what it has."""
        self.primary.stop(signal.SIGQUIT)
        self.replica.promote()


@pytest.fixture
def pair() -> Iterator[Pair]:
    with postgresql(**QUICK) as primary:
        name = primary.database().rpartition("/")[2]
        with standby(primary) as replica:
            yield Pair(primary, replica, replicated_url(primary, replica, name=name))


@pytest.fixture
def sender(pair: Pair) -> Iterator[Ledger]:
    """One who has begun with twenty recipients, and mailed two."""
    with opened(pair.url) as store:
        yield begin(store)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One that may be restarted."""
    with postgresql(**QUICK) as found:
        yield found


@pytest.fixture
def lonely(server: Server) -> Iterator[Ledger]:
    """The same sender, whose database has no replica."""
    with opened(server.database()) as store:
        yield begin(store)


def opened(url: str) -> Store:
    return open_store(url, now=datetime.now(UTC), randomness=os.urandom)


def begin(store: Store) -> Ledger:
    now = datetime.now(UTC)
    sync_roster(store, crowd(20), "sha", now)
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, now)
    enrol(store, mailing, now)
    ledger = Ledger(store, mailing)
    mail(ledger, 2)
    return ledger


def take(ledger: Ledger, count: int) -> list[Claim]:
    """So many mails that are out."""
    now = datetime.now(UTC)
    claims = ledger.claim(count, now)
    assert [Intent.GRANTED] * count == list(ledger.intend(claims, now).values())
    return claims


def mail(ledger: Ledger, count: int, outcome: Outcome = Outcome.SENT) -> None:
    ledger.settle([result(one, outcome, datetime.now(UTC)) for one in take(ledger, count)])


def url_of(server: Server, ledger: Ledger) -> str:
    with ledger.store.reading() as connection:
        return server.url(connection.exec_driver_sql("SELECT current_database()").scalar_one())


def standing(ledger: Ledger) -> tuple[str, str]:
    """The mailing's state, and the template of the reason why it is stopped."""
    found = find_mailing(ledger.store, "2026-11")
    assert found is not None
    return found.state, found.reason.template if found.reason else ""


def rewind(ledger: Ledger, number: int) -> None:
    """Lets the database forget what became of a delivery, as a disk does that goes back to a snapshot."""
    with ledger.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM attempts WHERE delivery = %s", (number,))
        connection.exec_driver_sql(
            "UPDATE deliveries SET state = 'pending', token = NULL, lease_until = NULL, attempts = 0 WHERE id = %s",
            (number,),
        )
    ledger.store.close()  # its sessions; the next ones are new


def catch_up(pair: Pair) -> None:
    """Waits until the replica knows all, and cuts it off."""
    [(position,)] = pair.primary.execute("SELECT pg_current_wal_lsn()")
    wait = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    end = time.monotonic() + 60
    while not pair.replica.execute(wait)[0][0]:
        assert time.monotonic() < end, "the replica does not follow"
        time.sleep(0.01)
    cut_off(pair.replica)


def test_what_a_sender_remembers_is_put_right_and_the_mailing_stops(pair: Pair, sender: Ledger) -> None:
    catch_up(pair)
    mail(sender, 3)
    mail(sender, 1, Outcome.IN_DOUBT)
    mail(sender, 1, Outcome.FAILED)
    out = take(sender, 2)
    pair.fail_over()
    now = datetime.now(UTC)
    assert [] == sender.claim(5, now)
    assert {"sent": 5, "in_doubt": 1, "in_flight": 2, "pending": 12} == counts(sender), "refused mail never left"
    assert 1 == sender.settle([result(out[0], Outcome.SENT, now)]), "the answer of a letter that was out counts"
    assert ("stopped", MISSED.template) == standing(sender)
    assert 1 == len(read_lost_spans(sender.store))
    assert go_on(sender.store, find_mailing(sender.store, "2026-11"))
    mail(sender, 12)
    assert {"sent": 18, "in_doubt": 1, "in_flight": 1} == counts(sender)


def test_a_failover_that_lost_nothing_stops_nobody(pair: Pair, sender: Ledger) -> None:
    mail(sender, 3)
    out = take(sender, 2)
    catch_up(pair)
    pair.fail_over()
    assert 2 == sender.settle([result(one, Outcome.SENT, datetime.now(UTC)) for one in out])
    mail(sender, 13)
    assert ({"sent": 20}, [], "open") == (counts(sender), read_lost_spans(sender.store), standing(sender)[0])


def test_a_mailing_that_the_database_forgot_as_a_whole_is_said_to_be_lost(pair: Pair) -> None:
    with opened(pair.url) as store:
        ensure_settled(store)
        catch_up(pair)
        sender = begin(store)
        pair.fail_over()
        with pytest.raises(StoreError, match="forgotten the mailing of 2026-11"):
            sender.claim(5, datetime.now(UTC))
        assert find_mailing(store, "2026-11") is None
        assert 1 == len(read_lost_spans(store))
        ensure_settled(store)


def test_who_died_with_the_primary_leaves_doubt_as_far_as_they_may_have_got(
    server: Server, lonely: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline_ways, "GRACE", 0.2)
    monkeypatch.setattr(quarantine_ways, "SHORTEST", 0.5)
    url = url_of(server, lonely)
    with lonely.store.writing() as connection:  # two in the fastest second, and that just now
        connection.exec_driver_sql("UPDATE deliveries SET at = at - 600000000 WHERE state = 'sent'")
    lonely.claim(3, datetime.now(UTC))
    take(lonely, 1)
    lonely.store.close()
    server.begin_timeline()
    with opened(url) as store:
        survivor = Ledger(store, lonely.mailing)
        assert [] == survivor.claim(5, datetime.now(UTC))
        assert {"sent": 2, "in_doubt": 18} == counts(survivor), "nobody knows since when the other was away"
        assert ("stopped", DOUBTED.template) == standing(survivor)
        assert 1 == len(read_lost_spans(store))


def test_doubt_reaches_as_far_as_a_fleet_of_twice_the_pace_may_have_got(
    lonely: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine_ways, "SHORTEST", 1.0)
    mail(lonely, 1)
    with lonely.store.writing() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET at = 1790000000000000 WHERE state = 'sent'")
        last = instant(1790000000000000)
        assert None is quarantine_ways.pace_of(connection, lonely.mailing.id + 1)
        assert (last, 3) == quarantine_ways.pace_of(connection, lonely.mailing.id)
        connection.exec_driver_sql("UPDATE deliveries SET at = at - 1000000 WHERE id < 3")
        assert (last, 2) == quarantine_ways.pace_of(connection, lonely.mailing.id)
    with lonely.store.writing() as connection:
        assert 10 == quarantine_ways.doubt_behind(
            connection, lonely.mailing.id, (), last + timedelta(seconds=2.5), last
        )
    assert {"sent": 3, "in_doubt": 10, "pending": 7} == counts(lonely)


def test_a_sender_waits_for_what_another_has_to_say(server: Server, lonely: Ledger) -> None:
    with opened(url_of(server, lonely)) as store:
        other = Ledger(store, lonely.mailing)
        mail(lonely, 2)
        mail(other, 2)
        waiting, forgotten = other.claim(3, datetime.now(UTC)), take(other, 1)
        lonely.claim(2, datetime.now(UTC))
        server.begin_timeline()
        rewind(lonely, forgotten[0].delivery)
        said = []
        thread = threading.Thread(target=lambda: said.append(lonely.claim(5, datetime.now(UTC))))
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "it must not claim what the other may have mailed"
        assert {Intent.LOST} == set(other.intend(waiting, datetime.now(UTC)).values())
        thread.join(60)
        assert [[]] == said
        assert ("stopped", MISSED.template) == standing(lonely)
        assert (1, 2) == (counts(lonely)["in_flight"], counts(lonely)["claimed"]), "what was not granted was given back"


def test_senders_who_miss_nothing_go_on_together(server: Server, lonely: Ledger) -> None:
    with opened(url_of(server, lonely)) as store:
        other = Ledger(store, lonely.mailing)
        both = [(one, take(one, 2)) for one in (lonely, other)]
        server.begin_timeline()
        threads = [
            threading.Thread(target=one.settle, args=([result(it, Outcome.SENT, datetime.now(UTC)) for it in out],))
            for one, out in both
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        mail(lonely, 7)
        mail(other, 7)
        assert ({"sent": 20}, "open") == (counts(lonely), standing(lonely)[0])


def test_where_nobody_was_at_work_a_person_is_asked_and_nobody_is_in_doubt(server: Server, lonely: Ledger) -> None:
    url = url_of(server, lonely)
    lonely.store.close()
    server.begin_timeline()
    with opened(url) as store:
        ensure_settled(store)
        after = Ledger(store, lonely.mailing)
        assert ("stopped", UNVOUCHED.template) == standing(after)
        assert {"sent": 2, "pending": 18} == counts(after)


def test_a_store_without_open_mailings_changes_its_server_in_silence(server: Server, lonely: Ledger) -> None:
    url = url_of(server, lonely)
    mail(lonely, 18)
    assert finish_if_done(lonely.store, lonely.mailing, datetime.now(UTC))
    lonely.store.close()
    server.begin_timeline()
    with opened(url) as store:
        ensure_settled(store)
        assert [] == read_lost_spans(store)


def test_a_disk_that_goes_back_to_a_snapshot_is_noticed_on_the_same_timeline(lonely: Ledger) -> None:
    [out] = take(lonely, 1)
    rewind(lonely, out.delivery)
    assert [] == lonely.claim(3, datetime.now(UTC))
    assert ("stopped", MISSED.template) == standing(lonely)
    assert {"sent": 2, "in_flight": 1, "pending": 17} == counts(lonely)


def test_a_person_who_is_forgotten_by_law_stops_no_mailing(lonely: Ledger) -> None:
    assert forget(lonely.store, "p1@example.org", datetime.now(UTC))
    lonely.store.close()
    mail(lonely, 3)
    assert "open" == standing(lonely)[0]


def test_what_people_decide_meanwhile_stops_no_mailing(lonely: Ledger) -> None:
    """Doubt that ended by a word, refusals tried again, and a mailing that was withdrawn as nothing had left."""
    now = datetime.now(UTC)
    mail(lonely, 1, Outcome.IN_DOUBT)
    mail(lonely, 1, Outcome.FAILED)
    mail(lonely, 1, Outcome.DEFERRED)
    assert 1 == lonely.resend_doubtful(now)
    assert 1 == retry_failed(lonely.store, lonely.mailing)
    other = Ledger(lonely.store, begin_mailing(lonely.store, new_mailing("2026-12"), {"": MESSAGE}, now))
    enrol(lonely.store, other.mailing, now)
    mail(other, 1, Outcome.RETURNED)
    assert withdraw_mailing(lonely.store, other.mailing)
    lonely.store.close()
    mail(lonely, 3)
    assert "open" == standing(lonely)[0]


def test_a_step_of_another_thread_does_not_look_like_something_forgotten(
    lonely: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes between what is remembered and what is read."""
    [out] = take(lonely, 1)
    read, late = lost_commits.rows_of, [lambda: lonely.settle([result(out, Outcome.RETURNED, datetime.now(UTC))])]

    def rows_of(*arguments: object) -> Iterator[object]:
        while late:
            assert 1 == late.pop()()
        yield from read(*arguments)

    monkeypatch.setattr(lost_commits, "rows_of", rows_of)
    with lonely.store.cursor() as cursor:
        lonely.store.witness.sessions.clear()
        timeline_ways.check_session(lonely.store.witness, cursor.connection)
    assert ({"sent": 2, "pending": 18}, "open") == (counts(lonely), standing(lonely)[0])


def test_a_sender_that_remembers_too_little_doubts_everybody(lonely: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_ways, "AS_MANY_AS", 4)
    monkeypatch.setattr(witness_ways, "PAGE", 2)
    mail(lonely, 3)
    out = take(lonely, 4)
    for one in out:
        rewind(lonely, one.delivery)
    lonely.claim(3, datetime.now(UTC))
    assert {"sent": 5, "in_flight": 4, "in_doubt": 11} == counts(lonely)


def test_a_server_that_may_not_tell_its_history_is_believed(server: Server, lonely: Ledger) -> None:
    name = url_of(server, lonely).rpartition("/")[2]
    server.execute("CREATE ROLE guest LOGIN SUPERUSER")
    server.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public", database=name)
    server.execute("ALTER ROLE guest NOSUPERUSER")
    server.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest", database=name)
    server.execute("GRANT CREATE ON SCHEMA public TO guest", database=name)
    lonely.store.close()
    with opened(server.url(name).replace("//ruhrmail@", "//guest@")) as store:
        mail(Ledger(store, lonely.mailing), 1)
        assert "unknown" == store.witness.history


def test_whoever_writes_to_a_standby_hears_that_it_only_reads(server: Server, lonely: Ledger) -> None:
    """PostgreSQL refuses to begin a transaction that says READ WRITE, in other words than one that writes."""
    url = url_of(server, lonely)
    lonely.store.close()
    server.only_read()
    try:
        with opened(url) as store:
            with pytest.raises(StoreError, match="can only be read"):
                stop_mailing(store, lonely.mailing, phrase("the wrong picture"), datetime.now(UTC))
            with pytest.raises(StoreError, match="can only be read"), store.cursor() as cursor:
                cursor.execute("DELETE FROM deliveries")
            assert {"sent": 2, "pending": 18} == counts(Ledger(store, lonely.mailing))
    finally:
        server.promote()
