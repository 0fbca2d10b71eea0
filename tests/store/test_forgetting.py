"""Erasure: not a byte of the person is left in the store's files, and still nobody mails them."""

import threading
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.model.consent import Consent, Kind, NewImport
from ruhrmail.model.mail import Outcome, Reply
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.model.post import NewPost, PostKind
from ruhrmail.store import (
    Ledger,
    Reason,
    Store,
    begin_mailing,
    enrol,
    forget,
    import_people,
    open_store,
    people,
    read_deliveries,
    read_record,
    stop_mailing,
    suppress,
    suppress_by_hand,
    suppression,
    sync_roster,
)
from ruhrmail.store import sqlite as sqlite_ways
from ruhrmail.store.consents import add_record
from ruhrmail.store.outbox import put_post
from tests.store.samples import MESSAGE, NOW, counts, crowd, new_mailing, on_sqlite, result

ZOE = Person(
    "Zoe.Zechenkind@Grubenlicht.example",
    "zoe.zechenkind@grubenlicht.example",
    salutation="Frau",
    first_name="Zoexandra",
    last_name="Zechenkind",
    company="Grubenlichtwerke",
    tags=("zoetag",),
    consented_at="2026-01-02",
    consent_source="Zoemesse",
    consent_text="Ich, Zoexandra Zechenkind, sage ja",
    fields={"ort": "Zoehausen"},
)
TRACES = (b"zechenkind", b"zoexandra", b"zoemesse", b"zoehausen", b"grubenlicht", b"zoetag")


def traces(folder: Path) -> set[tuple[str, bytes]]:
    """What is left of her, by file."""
    found = {file: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    return {(file.name, trace) for file, content in found.items() for trace in TRACES if trace in content}


def fill(store: Store) -> Ledger:
    """A store that knows her in every table there is."""
    sync_roster(store, [ZOE, *crowd(40)], "sha", NOW)
    import_people(store, [ZOE], NewImport("a.csv", "s", frozenset(["email"]), "Messe"), NOW)
    number = read_record(store, ZOE.key).number
    asked = Consent(0, Kind.ASKED, NOW, "https://n.example/subscribe", "Ja, ich", mail="To: zoe.zechenkind@grubenlicht")
    with store.writing() as connection:
        add_record(connection, number, asked)
        put_post(connection, NewPost(number, PostKind.CONFIRM, "<1@n>", "To: Zoe.Zechenkind@grubenlicht.example"), NOW)
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
    enrol(store, mailing, NOW)
    ledger = Ledger(store, mailing)
    claims = ledger.claim(10, NOW)
    ledger.intend(claims, NOW)
    said = Reply(550, "<Zoe.Zechenkind@grubenlicht.example>: unknown", "5.1.1")
    ledger.settle([result(claims[0], Outcome.FAILED, reply=said), result(claims[1], Outcome.FAILED, reply=said)])
    suppress_by_hand(store, ZOE.key, "Frau Zechenkind rief an", NOW)
    stop_mailing(store, mailing, phrase("too many refusals: {text}", text=said.text), NOW)
    return ledger


@pytest.fixture
def folder(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent


@on_sqlite
def test_no_byte_of_her_is_left_in_any_file(store, folder):
    fill(store)
    assert set(TRACES) == {trace for _, trace in traces(folder)}
    assert forget(store, ZOE.key, NOW) is True
    assert set() == traces(folder)


@on_sqlite
def test_no_byte_is_left_either_of_rows_that_were_written_over_before(store, folder):
    for number in range(20):
        grown = Person(ZOE.email, ZOE.key, first_name="Zoexandra" * (number % 7), fields={"ort": "Zoehausen" * number})
        sync_roster(store, [*crowd(number * 3), grown], f"sha{number}", NOW)
    forget(store, ZOE.key, NOW)
    assert set() == traces(folder)


def test_what_was_declared_for_her_alone_goes_with_her(store, folder):
    words = NewImport("zoe.zechenkind@grubenlicht.example.csv", "s", frozenset(["email"]), "Frau Zechenkind rief an")
    import_people(store, [ZOE], words, NOW)
    forget(store, ZOE.key, NOW)
    assert set() == traces(folder)


def test_words_about_others_stay_without_her_address_and_name(store, folder):
    basis = "Messe Essen, genannt von ZOEXANDRA Zechenkind (Zoe.Zechenkind@Grubenlicht.example)"
    import_people(store, [ZOE, *crowd(2)], NewImport("liste.csv", "s", frozenset(["email"]), basis), NOW)
    other = crowd(1)[0].key
    suppress_by_hand(store, other, f"doppelt zu {ZOE.key}", NOW)
    forget(store, ZOE.key, NOW)
    record = read_record(store, other)
    said = ("Messe Essen, genannt von … (…)", "doppelt zu …", "doppelt zu …")
    assert said == (record.consents[0].basis, record.decisions[0].text, record.suppression.evidence)
    assert set() == traces(folder)


def test_a_name_that_begins_with_an_umlaut_is_found_in_words_about_others(store):
    anyone = Person("a@x.example", "a@x.example", first_name="Änne", last_name="Öztürk")
    words = NewImport("liste.csv", "s", frozenset(["email"]), "genannt von Änne Öztürk")
    import_people(store, [anyone, *crowd(1)], words, NOW)
    forget(store, anyone.key, NOW)
    assert "genannt von …" == read_record(store, crowd(1)[0].key).consents[0].basis


def test_the_ledgers_figures_stay_true(store):
    ledger = fill(store)
    before = counts(ledger)
    forget(store, ZOE.key, NOW)
    assert before == counts(ledger)
    assert [""] == [one.email for one in read_deliveries(store, ledger.mailing) if "@" not in one.email]


def test_who_waited_for_a_mail_gets_none(store):
    sync_roster(store, [ZOE, *crowd(2)], "sha", NOW)
    ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
    enrol(store, ledger.mailing, NOW)
    [first] = ledger.claim(1, NOW)
    forget(store, ZOE.key, NOW)
    assert {"suppressed": 1, "pending": 2} == counts(ledger)
    assert {"lost"} == {one.value for one in ledger.intend([first], NOW).values()}


def test_who_was_in_doubt_stays_so_even_when_somebody_says_resend(store):
    sync_roster(store, [ZOE, *crowd(1)], "sha", NOW)
    ledger = Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))
    enrol(store, ledger.mailing, NOW)
    ledger.intend(ledger.claim(2, NOW), NOW)
    ledger.recover(NOW)
    forget(store, ZOE.key, NOW)
    assert 1 == ledger.resend_doubtful(NOW)
    assert {"in_doubt": 1, "pending": 1} == counts(ledger)


@on_sqlite
def test_no_list_and_no_import_brings_her_back(store, folder):
    fill(store)
    forget(store, ZOE.key, NOW)
    sync_roster(store, [ZOE, *crowd(2)], "another", NOW)
    done = import_people(store, [ZOE], NewImport("b.csv", "t", frozenset(["email"]), "Messe"), NOW)
    assert (0, 1) == (done.added, done.suppressed)
    assert ZOE.key not in [one.person.key for one in people(store)]
    assert set() == traces(folder)


def test_only_a_hash_under_a_key_of_the_stores_own_is_left(store):
    fill(store)
    suppress(store, "b@x.example", Reason.BOUNCED, NOW)
    forget(store, "b@x.example", NOW)
    found = suppression(store, "b@x.example")
    assert found is not None
    assert ("hmac-sha256:", Reason.FORGOTTEN, "") == (found.key[:12], found.reason, found.evidence)
    assert "b@x.example" not in found.key


def test_two_stores_hash_the_same_address_differently(store, tmp_path):
    forget(store, ZOE.key, NOW)
    with open_store(f"sqlite:///{tmp_path}/other.db", now=NOW, randomness=lambda size: b"\x07" * size) as other:
        forget(other, ZOE.key, NOW)
        assert suppression(store, ZOE.key).key != suppression(other, ZOE.key).key


@pytest.mark.parametrize("reason", [Reason.COMPLAINED, Reason.MANUAL])
def test_who_complained_stays_so_under_the_hash(store, reason):
    suppress(store, ZOE.key, reason, NOW, "zoe")
    forget(store, ZOE.key, NOW)
    assert reason == suppression(store, ZOE.key).reason


def test_to_forget_twice_changes_nothing(store):
    fill(store)
    assert (True, False) == (forget(store, ZOE.key, NOW), forget(store, ZOE.key, NOW + timedelta(days=1)))
    assert NOW == suppression(store, ZOE.key).at


def test_others_are_untouched(store):
    fill(store)
    before = [one.person for one in people(store)]
    forget(store, ZOE.key, NOW)
    assert [one for one in before if one.key != ZOE.key] == [one.person for one in people(store)]


@on_sqlite
def test_a_reader_of_the_old_log_is_waited_for(store, folder):
    fill(store)
    read, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM subscribers").scalar()
            read.set()
            done.wait(1.0)

    reader = threading.Thread(target=hold)
    reader.start()
    read.wait(60)
    forget(store, ZOE.key, NOW)
    reader.join()
    assert set() == traces(folder)


@on_sqlite
def test_a_reader_who_never_ends_is_an_error_that_says_so(store, url, monkeypatch):
    monkeypatch.setattr(sqlite_ways, "BUSY_SECONDS", 0.2)
    fill(store)
    with open_store(url, now=NOW, randomness=token_bytes) as again, store.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM subscribers").scalar()
        with pytest.raises(StoreError, match="reads in the store"):
            forget(again, ZOE.key, NOW)
