"""A fleet tells the same trouble of several workers once."""

from datetime import UTC, datetime, timedelta

from ruhrmail.model.fleet import Fleet, Hindered, Hindrance, Worker
from ruhrmail.model.phrase import phrase

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DOWN = phrase("the relay main refuses connections")


def worker(name: str, *hindrances: Hindrance, age: float = 1.0) -> Worker:
    return Worker(name, name, 1, NOON, timedelta(seconds=age), hindrances=hindrances)


def test_what_several_say_alike_is_one_since_the_first_and_the_silent_say_nothing() -> None:
    first, second = Hindrance("main", NOON, DOWN), Hindrance("main", NOON + timedelta(seconds=9), DOWN)
    login = Hindrance("backup", NOON + timedelta(seconds=5), phrase("the login was refused"))
    mail2, mail1 = worker("mail2", second, login), worker("mail1", first)
    fleet = Fleet((mail2, mail1, worker("mail3", login, age=60)))
    assert (Hindered(first, (mail1, mail2)), Hindered(login, (mail2,))) == fleet.hindered


def test_nothing_is_told_where_all_can_send() -> None:
    assert () == Fleet((worker("mail1"),)).hindered
