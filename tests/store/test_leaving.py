"""Leaving in one transaction with others: the same as one by one."""

import pytest

from ruhrmail.model.consent import Kind, Reason
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Departure,
    depart,
    forget,
    people,
    read_record,
    suppress,
    suppression,
    sync_roster,
)
from tests.store.samples import MINUTE, NOW, counts, person, result


@pytest.fixture
def tokens(store):
    """Five people on the list, and the bytes of their links."""
    sync_roster(store, [person(f"p{n}", language="en" if n == 1 else "") for n in range(5)], "sha", NOW)
    return {one.person.key.partition("@")[0]: one.token_id for one in people(store)}


def records(store, name):
    return [(one.kind, one.procedure) for one in read_record(store, f"{name}@example.org").consents]


def test_everybody_who_leaves_at_once_is_suppressed_and_on_record(store, tokens):
    departures = [Departure(tokens[name], 7) for name in ("p0", "p1", "p2")]
    assert ["", "en", ""] == [leaver.language for leaver in depart(store, departures, NOW)]
    for name in ("p0", "p1", "p2"):
        found = suppression(store, f"{name}@example.org")
        assert (Reason.UNSUBSCRIBED, NOW, "unsubscribe link of mailing 7") == (found.reason, found.at, found.evidence)
        assert [(Kind.WITHDRAWN, "unsubscribe link of mailing 7")] == records(store, name)
    assert ["p3@example.org", "p4@example.org"] == [one.person.key for one in people(store)]


def test_links_of_several_mails_of_one_person_are_one_record_of_the_first(store, tokens):
    assert 3 == len(depart(store, [Departure(tokens["p0"], number) for number in (3, 2, 9)], NOW))
    assert [(Kind.WITHDRAWN, "unsubscribe link of mailing 3")] == records(store, "p0")
    depart(store, [Departure(tokens["p0"], 9), Departure(tokens["p1"], 1)], NOW + MINUTE)
    assert 1 == len(records(store, "p0"))
    assert NOW == suppression(store, "p0@example.org").at


def test_an_earlier_reason_stays_and_the_record_says_that_they_left_besides(store, tokens):
    for name, reason in (("p0", Reason.BOUNCED), ("p1", Reason.COMPLAINED)):
        suppress(store, f"{name}@example.org", reason, NOW)
    depart(store, [Departure(tokens[name], 1) for name in ("p0", "p1", "p2")], NOW)
    reasons = [suppression(store, f"p{number}@example.org").reason for number in range(3)]
    assert [Reason.BOUNCED, Reason.COMPLAINED, Reason.UNSUBSCRIBED] == reasons
    assert [1, 1, 1] == [len(records(store, f"p{number}")) for number in range(3)]


def test_strangers_among_them_change_nothing_for_the_others(store, tokens):
    forget(store, "p1@example.org", NOW)
    asked = [Departure(b"nobody!!", 1), Departure(tokens["p1"], 1), Departure(tokens["p0"], 1)]
    assert [True, True, False] == [leaver is None for leaver in depart(store, asked, NOW)]
    assert suppression(store, "p0@example.org").reason is Reason.UNSUBSCRIBED
    assert suppression(store, "p1@example.org").reason is Reason.FORGOTTEN
    assert [] == depart(store, [], NOW)


def test_a_link_proves_that_its_own_mail_arrived(store, ledger):
    claims = ledger.claim(5, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claims[0], Outcome.IN_DOUBT), result(claims[1], Outcome.IN_DOUBT)])
    links = [claim.recipient.token_id for claim in claims]
    other = ledger.mailing.id + 1
    depart(store, [Departure(links[0], ledger.mailing.id), Departure(links[1], other), Departure(links[2], other)], NOW)
    assert {"sent": 1, "in_doubt": 1, "in_flight": 3} == counts(ledger)
    depart(store, [Departure(link, ledger.mailing.id) for link in links[1:]], NOW)
    assert {"sent": 5} == counts(ledger)


def test_two_hundred_and_more_leave_in_one_transaction(store):
    sync_roster(store, [person(f"p{number}") for number in range(1200)], "sha", NOW)
    depart(store, [Departure(one.token_id, 1) for one in list(people(store))], NOW)
    assert [] == list(people(store))
