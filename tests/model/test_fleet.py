"""Who of a fleet lives, and what they hold together."""

from datetime import UTC, datetime, timedelta

from ruhrmail.model.fleet import SEEN_WITHIN, Fleet, Worker

NOON = datetime(2026, 11, 6, 12, tzinfo=UTC)


def worker(name, age=1.0, mailing="2026-11", slots=(0, 1), **said):
    return Worker(name, "mail1", 7, NOON, timedelta(seconds=age), mailing, slots, 4, **said)


def test_who_was_not_seen_for_long_is_silent_and_holds_nothing():
    fleet = Fleet((worker("a", rate=3.0), worker("b", SEEN_WITHIN.total_seconds(), rate=9.0)))
    assert (["a"], ["b"]) == ([one.name for one in fleet.alive], [one.name for one in fleet.silent])
    assert (2, 3.0, 4) == (fleet.held(), fleet.rate(), fleet.total)


def test_workers_at_another_mailing_or_at_rest_are_not_at_this_one():
    fleet = Fleet((worker("a"), worker("b", mailing="2026-12", slots=(2,)), worker("c", mailing="", slots=())))
    assert ["a"] == [one.name for one in fleet.working_on("2026-11")]
    assert (2, 1, 3) == (fleet.held("2026-11"), fleet.held("2026-12"), fleet.held())
