"""How slots are dealt out among workers."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.model.fleet import Worker
from ruhrmail.worker.duties import schedule
from ruhrmail.worker.pulse import fair_share
from tests.store.samples import NOW

FRESH, SILENT = timedelta(seconds=1), timedelta(seconds=15)


def peer(name, age=FRESH, total=4):
    return Worker(name, "essen", 1, NOW, age, total=total)


@given(st.integers(1, 20), st.integers(1, 64))
def test_all_slots_are_dealt_out_and_nobody_has_two_more_than_another(workers, total):
    peers = [peer(str(number)) for number in range(workers)]
    shares = [fair_share(peers, one.name, total) for one in peers]
    assert total == sum(shares)
    assert max(shares) - min(shares) <= 1


def test_who_is_silent_or_takes_no_work_leaves_its_share_to_others():
    peers = [peer("a"), peer("b", age=SILENT), peer("c", total=0)]
    assert [4, 0] == [fair_share(peers, name, 4) for name in ("a", "b")]


def test_who_asks_counts_though_it_took_no_work_so_far():
    assert 2 == fair_share([peer("a"), peer("c", total=0)], "c", 4)


def test_duties_come_as_often_as_asked_and_no_more_often_than_every_three_seconds():
    asked = (1.0, 5.0, 60, 300, 3600, 7200, 200_000)
    lines = ("* * * * * */3", "* * * * * */5", "*/1 * * * *", "*/5 * * * *", "0 */1 * * *", "0 */2 * * *", "0 4 * * *")
    assert lines == tuple(schedule(every) for every in asked)
