"""Limits in parts: all parts together are the whole, and none is more than its due."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.config import DomainLimit, Rate, Relay
from ruhrmail.deliver import Past
from ruhrmail.flows.shares import part, part_of_past, parts_of, share_of
from tests.store.samples import NOW

RELAY = Relay("main", "smtp", "relay.example", 25, connections=7, rates=(Rate(50, 1), Rate(1001, 3600)))
divisions = st.integers(1, 64).flatmap(
    lambda total: st.tuples(st.just(total), st.lists(st.integers(0, 7), min_size=total, max_size=total))
)


@given(st.integers(0, 10**6), divisions)
def test_the_parts_of_a_number_sum_to_it_however_slots_are_dealt_out(count, division):
    total, holders = division
    hands = [[slot for slot, holder in enumerate(holders) if holder == one] for one in set(holders)]
    assert count == sum(part(count, slots, total) for slots in hands)


@given(st.integers(1, 1000), st.integers(1, 64))
def test_no_slot_gets_more_than_one_above_another(count, total):
    parts = [part(count, [slot], total) for slot in range(total)]
    assert max(parts) - min(parts) <= 1


def test_who_holds_all_slots_has_all_of_every_limit():
    limit = DomainLimit("post.example", 3, (Rate(10, 1),))
    share = share_of([RELAY], [limit], range(4), 4)
    assert ((RELAY,), (limit,)) == (share.relays, share.domains)


def test_a_slot_has_its_part_of_connections_and_of_each_rate():
    [first] = share_of([RELAY], [], [0], 4).relays
    assert (2, (Rate(13, 1), Rate(251, 3600))) == (first.connections, first.rates)


def test_a_relay_of_which_a_slot_has_no_part_is_left_out():
    single = replace(RELAY, name="small", connections=1)
    assert ["main", "small"] == [one.name for one in share_of([RELAY, single], [], [0], 4).relays]
    assert ["main"] == [one.name for one in share_of([RELAY, single], [], [1, 2], 4).relays]


@pytest.mark.parametrize(
    ("connections", "rates", "parts"),
    [(5, (), 5), (5, (Rate(3, 3600),), 3), (None, (Rate(0.5, 1),), 1), (None, (), 1)],
    ids=["connections", "the smaller", "never none", "nothing limited"],
)
def test_a_limit_has_as_many_parts_as_its_smallest_number(connections, rates, parts):
    assert parts == parts_of(connections, rates)


def test_what_went_out_before_counts_against_a_part_as_much_as_its_due_rounded_up():
    past = [Past("main", "a.example", NOW, 10), Past("main", "b.example", NOW, 1)]
    assert [3, 1] == [one.count for one in part_of_past(past, [2], 4)]
    assert past == list(part_of_past(past, range(4), 4))
