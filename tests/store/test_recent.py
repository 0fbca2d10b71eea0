"""What went out lately is told by relay, receiving domain and minute."""

from datetime import timedelta

from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome
from ruhrmail.model.people import Person
from ruhrmail.store import Ledger, begin_mailing, enrol, recent_attempts, sync_roster
from tests.store.samples import MESSAGE, MINUTE, NOW, new_mailing, result

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def tried(ledger: Ledger, addresses: list[str], at=NOW, relay="relay", outcome=Outcome.SENT) -> list[Claim]:
    """Everybody at these addresses, tried at that time over that relay."""
    sync_roster(ledger.store, [Person(one, one.lower()) for one in addresses], str(addresses), at)
    enrol(ledger.store, ledger.mailing, at)
    claims = ledger.claim(100, at)
    ledger.intend(claims, at)
    due = at + MINUTE if outcome is Outcome.DEFERRED else None
    ledger.settle([Result(claim, Attempt(outcome, relay, None, "lost"), at, due) for claim in claims])
    return claims


def empty_ledger(store) -> Ledger:
    return Ledger(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW))


def test_a_new_store_has_nothing_to_tell(store):
    assert [] == recent_attempts(store, NOW - HOUR)


def test_attempts_are_counted_by_relay_domain_and_minute(store):
    ledger = empty_ledger(store)
    tried(ledger, ["a@one.example", "B@one.example", "c@xn--mller-kva.example"], NOW)
    tried(ledger, ["d@one.example"], NOW + 59 * SECOND)
    tried(ledger, ["e@one.example"], NOW + MINUTE)
    tried(ledger, ["f@one.example"], NOW + MINUTE, "second")
    expected = [
        ("relay", "one.example", NOW, 3),
        ("relay", "xn--mller-kva.example", NOW, 1),
        ("relay", "one.example", NOW + MINUTE, 1),
        ("second", "one.example", NOW + MINUTE, 1),
    ]
    assert expected == recent_attempts(store, NOW - HOUR)


def test_only_what_is_recent_counts(store):
    ledger = empty_ledger(store)
    tried(ledger, ["a@one.example"], NOW - HOUR - SECOND)
    tried(ledger, ["b@one.example"], NOW - HOUR)
    assert [("relay", "one.example", NOW - HOUR, 1)] == recent_attempts(store, NOW - HOUR)


def test_every_attempt_counts_whatever_came_of_it(store):
    """A relay that defers or refuses had the work all the same, and who is tried again is tried again."""
    ledger = empty_ledger(store)
    tried(ledger, ["a@one.example"], NOW, outcome=Outcome.DEFERRED)
    (again,) = ledger.claim(100, NOW + MINUTE)
    ledger.settle([result(again, Outcome.DEFERRED, NOW + MINUTE)])
    tried(ledger, ["b@one.example"], NOW, outcome=Outcome.FAILED)
    tried(ledger, ["c@one.example"], NOW, outcome=Outcome.IN_DOUBT)
    expected = [("relay", "one.example", NOW, 3), ("relay", "one.example", NOW + MINUTE, 1)]
    assert expected == recent_attempts(store, NOW - HOUR)


def test_what_was_returned_was_never_tried(store):
    ledger = empty_ledger(store)
    tried(ledger, ["a@one.example"], NOW, outcome=Outcome.RETURNED)
    assert [] == recent_attempts(store, NOW - HOUR)


def test_after_a_crash_what_was_in_flight_counts_for_its_domain(store, ledger):
    ledger.intend(ledger.claim(3, NOW), NOW)
    ledger.recover(NOW + SECOND)
    assert [("", "example.org", NOW, 3)] == recent_attempts(store, NOW - HOUR)


def test_all_mailings_count_but_trials(store, ledger):
    for mailing in (new_mailing("2026-12"), new_mailing(destination="maildir")):
        begun = begin_mailing(store, mailing, {"": MESSAGE}, NOW)
        tried(Ledger(store, begun), ["z@one.example"])
    assert [("relay", "one.example", NOW, 1)] == recent_attempts(store, NOW - HOUR)
