"""What came back, how far mailboxes are read, and which mail a Message-ID names, on either database."""

from datetime import timedelta

import pytest

from ruhrmail.errors import StoreLocked
from ruhrmail.model.bounce import Kind, Verdict
from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    NewReturn,
    Reason,
    count_returns,
    find_by_message_id,
    find_sending,
    forget,
    free_source,
    is_read,
    keep_position,
    message_id,
    note_return,
    people,
    read_record,
    record_return,
    suppression,
    take_source,
    together,
)
from tests.store.samples import MINUTE, NOW, counts, result

LATER = NOW + timedelta(hours=1)


def sent(ledger, outcome=Outcome.SENT):
    """Everybody of a mailing mailed; in their order."""
    claims = ledger.claim(9, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(one, outcome) for one in claims])
    return [one.recipient for one in claims]


def came_back(ledger, recipient, kind=Kind.HARD, digest="d1"):
    sending = find_sending(ledger.store, recipient.token_id, ledger.mailing.id)
    assert sending is not None
    return NewReturn(digest, sending, kind, LATER, LATER, "5.1.1", "no\0 such user", "maildir", "550 no such user")


def suppress_all(past, history):
    return Verdict.SUPPRESSED


def test_what_came_back_is_kept_once_and_acted_upon(ledger):
    first, second, *_ = sent(ledger)
    new = came_back(ledger, first)
    with together(ledger.store) as one:
        verdicts = [
            record_return(one, each, suppress_all) for each in (new, new, came_back(ledger, second, digest="d2"))
        ]
        note_return(one, new, Verdict.ALERTED)
    assert [Verdict.SUPPRESSED, Verdict.AGAIN, Verdict.SUPPRESSED] == verdicts
    assert (True, False) == (is_read(ledger.store, "d1"), is_read(ledger.store, "d3"))
    assert {(Kind.HARD, Verdict.SUPPRESSED): 2} == count_returns(ledger.store)
    assert Reason.BOUNCED == suppression(ledger.store, first.person.key).reason
    [kept] = read_record(ledger.store, first.person.key).bounces
    assert ("2026-11", "5.1.1", True) == (kept.mailing, kept.enhanced_code, kept.text.endswith(" such user"))


def test_what_comes_back_settles_a_doubt_as_sent(ledger):
    first, *_ = sent(ledger, Outcome.IN_DOUBT)
    assert Verdict.NOTED == record_return(
        ledger.store, came_back(ledger, first, Kind.DELAYED), lambda *_: Verdict.NOTED
    )
    assert {State.SENT.value: 1, State.IN_DOUBT.value: 4} == counts(ledger)


def test_of_somebody_forgotten_the_figures_stay_and_nothing_else(ledger):
    first, *_ = sent(ledger)
    record_return(ledger.store, came_back(ledger, first, Kind.COMPLAINT), suppress_all)
    assert forget(ledger.store, first.person.key, LATER)
    assert () == read_record(ledger.store, first.person.key).bounces
    assert {(Kind.COMPLAINT, Verdict.SUPPRESSED): 1} == count_returns(ledger.store)
    gone = find_sending(ledger.store, first.token_id, ledger.mailing.id)
    assert (None, "") == (gone.subscriber, gone.key)


def test_a_message_id_names_its_mail(ledger):
    sent(ledger)
    reader = list(people(ledger.store))[3]
    wanted = message_id(ledger.store.id, ledger.mailing.id, reader.token_id, "n.example")
    assert reader.subscriber == find_by_message_id(ledger.store, wanted.upper()).subscriber
    assert None is find_by_message_id(ledger.store, f"<{'0' * 32}@n.example>")


def test_a_mailbox_has_one_reader_until_it_frees_it_dies_or_is_late(store):
    def take(holder, now=NOW, gone=False):
        return take_source(store, "imap://box", holder, now, lambda _: gone)

    assert {} == take("one")
    assert keep_position(store, "imap://box", "one", {"uid": 7, "validity": "ü"}, NOW)
    with pytest.raises(StoreLocked, match="one"):
        take("two")
    assert {"uid": 7, "validity": "ü"} == take("two", gone=True)
    assert not keep_position(store, "imap://box", "one", {"uid": 8}, NOW)
    assert {"uid": 7, "validity": "ü"} == take("three", NOW + 6 * MINUTE)
    free_source(store, "imap://box", "three")
    assert {"uid": 7, "validity": "ü"} == take("four")
