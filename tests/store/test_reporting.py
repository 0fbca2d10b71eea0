"""The sums of a report are those of the ledger, whoever they are about."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.model.account import Approval
from ruhrmail.model.bounce import Kind
from ruhrmail.model.ledger import State
from ruhrmail.store import forget, open_store, read_approvals, record_approvals, sync_roster, tally_mailing
from ruhrmail.store.reporting import width_for
from ruhrmail.store.schema import subscribers
from tests.report.past import NOW, REPLIES, come_back, leave, people, send
from tests.store.samples import counting

HOUR = timedelta(hours=1)


def token_ids(store, count: int) -> list[bytes]:
    """The first people of the list, as links name them."""
    with store.reading() as connection:
        rows = connection.execute(subscribers.select().order_by(subscribers.c.id).limit(count)).all()
    return [row.token_id for row in rows]


def everybody_meets(fate: str):
    return lambda claim: fate


def test_the_groups_hold_everybody_once(store):
    sync_roster(store, people(200), "a", NOW)
    mailing = send(store, "a", NOW, lambda claim: list(REPLIES)[claim.delivery % len(REPLIES)])
    tally = tally_mailing(store, mailing, NOW + HOUR)
    by_state: Counter[State] = Counter()
    for one in tally.groups:
        by_state[one.state] += one.count
    expected = {state: count for state, count in tally.result.figures.counts.items() if count}
    assert (expected, 200) == (dict(by_state), tally.result.figures.recipients)
    domains = Counter(one.key.partition("@")[2] for one in people(200))
    found: Counter[str] = Counter()
    for one in tally.groups:
        found[one.domain] += one.count
    assert domains == found


def test_words_of_receivers_are_kept_only_where_several_heard_the_same(store):
    sync_roster(store, people(50), "a", NOW)
    tally = tally_mailing(store, send(store, "a", NOW, everybody_meets("gone")), NOW + HOUR)
    for one in tally.groups:
        assert ("no such user here" if one.count > 1 else "") == one.text


def test_the_pace_counts_everybody_who_was_sent(store):
    sync_roster(store, people(900), "a", NOW)
    tally = tally_mailing(store, send(store, "a", NOW, everybody_meets("sent")), NOW + HOUR)
    assert 900 == tally.pace.total
    assert (100, 0) == (max(tally.pace.counts), min(tally.pace.counts))


def test_what_came_back_is_counted_by_person_kind_and_domain(store):
    sync_roster(store, people(30), "a", NOW)
    mailing = send(store, "a", NOW, everybody_meets("sent"))
    for kind, subscriber in ((Kind.HARD, 1), (Kind.SOFT, 1), (Kind.SOFT, 2), (Kind.COMPLAINT, 3)):
        come_back(store, mailing, subscriber, kind, NOW + HOUR)
    tally = tally_mailing(store, mailing, NOW + 3 * HOUR)
    assert {Kind.HARD: 1, Kind.SOFT: 2, Kind.COMPLAINT: 1} == dict(tally.returned)
    assert (2, 1) == (tally.bounced.total(), tally.complained.total())
    assert (3, 1, 0) == (tally.returns.total, tally.complaints.total, tally.leaving.total)


def test_who_left_by_this_mailing_is_counted_once_and_for_no_other(store):
    sync_roster(store, people(30), "a", NOW)
    first, second = (send(store, name, NOW + HOUR * hour, everybody_meets("sent")) for hour, name in enumerate("ab"))
    token, other = token_ids(store, 2)
    key = people(1)[0].key
    leave(store, first, token, NOW + 2 * HOUR)
    leave(store, first, token, NOW + 3 * HOUR)
    leave(store, second, other, NOW + 3 * HOUR)
    tally = tally_mailing(store, first, NOW + 4 * HOUR)
    assert (1, 1, {key.partition("@")[2]: 1}) == (tally.result.left, tally.leaving.total, dict(tally.left))
    forget(store, key, NOW + 4 * HOUR)
    assert 0 == tally_mailing(store, first, NOW + 4 * HOUR).result.left


def test_earlier_mailings_are_those_before_it_the_latest_first_and_at_most_so_many(store):
    sync_roster(store, people(5), "a", NOW)
    mailings = [send(store, f"m{number}", NOW + HOUR * number, everybody_meets("sent")) for number in range(6)]
    send(store, "trial", NOW, everybody_meets("sent"), destination="maildir")
    earlier = tally_mailing(store, mailings[4], NOW + 9 * HOUR, 3).earlier
    assert ["m3", "m2", "m1"] == [one.figures.mailing for one in earlier]
    assert [5, 5, 5] == [one.sent for one in earlier]
    assert () == tally_mailing(store, mailings[0], NOW + 9 * HOUR).earlier


def test_a_mailing_that_was_not_tried_yet_has_no_curves(store, mailing):
    tally = tally_mailing(store, mailing, NOW)
    assert (None, None, (), None) == (tally.pace, tally.returns, tally.groups, tally.result.lasted)


@pytest.mark.parametrize(("hours", "expected"), [(0, 1), (0.01, 1), (0.9, 60), (24, 3600), (23 * 24, 43_200)])
def test_a_curve_has_spans_that_people_count_in(hours, expected):
    assert timedelta(seconds=expected) == width_for(HOUR * hours)


@given(st.integers(0, 400 * 86_400))
def test_a_curve_never_has_too_many_spans(seconds):
    length = timedelta(seconds=seconds)
    assert length // width_for(length) <= 60


def test_approvals_are_kept_once_and_oldest_first(url):
    with open_store(url, now=NOW, randomness=counting()) as store:
        later = Approval("a", "1" * 64, {"x": "y"}, "Ben", NOW + HOUR, 3)
        earlier = Approval("a", "1" * 64, {"x": "y"}, "Mara", NOW, 2, 1, 4, "Licht")
        for found in ([later], [earlier, later], []):
            record_approvals(store, found)
        assert ((earlier, later), ()) == (read_approvals(store, "a"), read_approvals(store, "b"))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fates=st.lists(st.sampled_from([*REPLIES]), min_size=1, max_size=12))
def test_figures_and_groups_agree_whatever_happens(tmp_path_factory, fates):
    with open_store(f"sqlite:///{tmp_path_factory.mktemp('s')}/a.db", now=NOW, randomness=counting()) as store:
        sync_roster(store, people(25), "a", NOW)
        mailing = send(store, "a", NOW, lambda claim: fates[claim.delivery % len(fates)])
        tally = tally_mailing(store, mailing, NOW + HOUR)
        assert tally.result.figures.recipients == sum(one.count for one in tally.groups)
        assert tally.result.sent == (tally.pace.total if tally.pace else 0)
