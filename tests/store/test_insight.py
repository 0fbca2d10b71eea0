"""What the ledger tells besides its counts."""

from datetime import timedelta

from ruhrmail.model.ledger import Result, State
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.people import Person
from ruhrmail.store import (
    Ledger,
    Reason,
    begin_mailing,
    count_suppressions,
    enrol,
    read_pace,
    read_troubles,
    recent_figures,
    suppress,
    sync_roster,
)
from tests.store.samples import MESSAGE, MINUTE, NOW, new_mailing, result

SECOND = timedelta(seconds=1)


def refused(claim, outcome, reply, at=NOW):
    return Result(claim, Attempt(outcome, "relay", reply), at, at + MINUTE if outcome is Outcome.DEFERRED else None)


def spread(store, *addresses):
    """A mailing to these addresses, all claimed and intended."""
    sync_roster(store, [Person(one, one.lower()) for one in addresses], "sha", NOW)
    mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
    enrol(store, mailing, NOW)
    ledger = Ledger(store, mailing)
    claims = ledger.claim(100, NOW)
    ledger.intend(claims, NOW)
    return ledger, claims


def test_a_mailing_without_attempts_has_no_pace(ledger):
    assert read_pace(ledger.store, ledger.mailing, NOW) is None


def test_the_pace_tells_first_last_fastest_minute_and_the_last_one(ledger):
    claims = ledger.claim(5, NOW)
    ledger.intend(claims, NOW)
    times = [NOW + SECOND, NOW + 2 * SECOND, NOW + 3 * SECOND, NOW + 90 * SECOND]
    ledger.settle([result(claim, Outcome.SENT, at) for claim, at in zip(claims, times, strict=False)])
    pace = read_pace(ledger.store, ledger.mailing, NOW + 100 * SECOND)
    assert (4, NOW, times[-1], 3, 1) == (pace.tried, pace.first_at, pace.last_at, pace.fastest_minute, pace.recently)


def test_refusals_are_grouped_by_code_with_one_of_their_texts(store):
    ledger, claims = spread(store, "a@x.example", "b@x.example", "c@y.example", "d@z.example")
    unknown, later = Reply(550, "no such user a", "5.1.1"), Reply(451, "later", "4.7.1")
    ledger.settle([
        refused(claims[0], Outcome.FAILED, unknown), refused(claims[1], Outcome.FAILED, Reply(550, "b?", "5.1.1")),
        refused(claims[2], Outcome.DEFERRED, later), result(claims[3], Outcome.SENT),
    ])  # fmt: skip
    found = read_troubles(store, ledger.mailing)
    assert [
        (State.FAILED, 550, "5.1.1", 2, "no such user a"),
        (State.DEFERRED, 451, "4.7.1", 1, "later"),
    ] == [(one.state, one.code, one.enhanced_code, one.count, one.text) for one in found.refusals]
    assert [("x.example", 2, 0), ("y.example", 0, 1)] == [(o.domain, o.failed, o.deferred) for o in found.domains]


def test_only_the_worst_domains_are_named(store):
    ledger, claims = spread(store, *(f"p{number}@d{number % 15}.example" for number in range(40)))
    ledger.settle([refused(claim, Outcome.FAILED, Reply(550, "no", "5.7.1")) for claim in claims])
    found = read_troubles(store, ledger.mailing).domains
    assert (10, 3, "d0.example") == (len(found), found[0].failed, found[0].domain)


def test_more_refusals_than_a_page_are_all_read(store, monkeypatch):
    monkeypatch.setattr("ruhrmail.store.insight.PAGE", 7)
    ledger, claims = spread(store, *(f"p{number}@x.example" for number in range(40)))
    ledger.settle([refused(claim, Outcome.FAILED, Reply(550, "no", "5.7.1")) for claim in claims])
    assert [40] == [one.count for one in read_troubles(store, ledger.mailing).refusals]


def test_the_oldest_intent_is_that_of_a_message_in_flight(ledger):
    ledger.intend(ledger.claim(1, NOW), NOW)
    ledger.intend(ledger.claim(1, NOW), NOW + MINUTE)
    ((figures, oldest),) = recent_figures(ledger.store, 5)
    assert ("2026-11", 5, NOW) == (figures.mailing, figures.recipients, oldest)


def test_the_latest_mailings_come_first_and_without_intent_there_is_none(store):
    for issue in ("a", "b", "c"):
        begin_mailing(store, new_mailing(issue), {"": MESSAGE}, NOW)
    assert [("c", None), ("b", None)] == [(one.mailing, oldest) for one, oldest in recent_figures(store, 2)]


def test_suppressions_are_counted_by_reason(store):
    for number, reason in enumerate((Reason.BOUNCED, Reason.BOUNCED, Reason.COMPLAINED)):
        suppress(store, f"p{number}@example.org", reason, NOW)
    assert {"bounced": 2, "complained": 1} == count_suppressions(store)
