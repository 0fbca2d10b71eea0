"""Losses and duplicates are seen: records are doctored, and the verdict tells."""

import pytest

from ruhrmail.model.ledger import Delivery, State
from ruhrmail.rehearse import Verdict, judge, total_of

PEOPLE = ("a@x.example", "b@x.example", "c@y.example")
MEANT = frozenset(PEOPLE)


def line(email: str, state: State) -> Delivery:
    return Delivery(email, state, 1, None, "", "", "", "", None)


def verdict(states: dict[str, State], taken: dict[str, int], *, finished: bool = True) -> Verdict:
    """The verdict over all providers on PEOPLE."""
    deliveries = [line(email, state) for email, state in states.items()]
    found = judge(MEANT, deliveries, taken, finished=finished, provider_of=lambda address: address[-9:])
    return total_of(found.values())


ALL_SENT = dict.fromkeys(PEOPLE, State.SENT)
ALL_TAKEN = dict.fromkeys(PEOPLE, 1)


def test_everybody_once_is_clean():
    found = verdict(ALL_SENT, ALL_TAKEN)
    assert Verdict(recipients=3, once=3) == found
    assert found.clean


@pytest.mark.parametrize(
    ("states", "taken", "expected"),
    [
        (ALL_SENT, {**ALL_TAKEN, PEOPLE[1]: 2}, {"once": 2, "twice": 1}),
        (ALL_SENT, {**ALL_TAKEN, PEOPLE[1]: 7}, {"once": 2, "twice": 1}),
        (ALL_SENT, {PEOPLE[0]: 1, PEOPLE[2]: 1}, {"once": 2, "lost": 1}),
        ({PEOPLE[0]: State.SENT, PEOPLE[1]: State.SENT}, {PEOPLE[0]: 1, PEOPLE[1]: 1}, {"once": 2, "lost": 1}),
        ({**ALL_SENT, PEOPLE[2]: State.PENDING}, {PEOPLE[0]: 1, PEOPLE[1]: 1}, {"once": 2, "lost": 1}),
        ({**ALL_SENT, PEOPLE[2]: State.FAILED}, ALL_TAKEN, {"once": 3, "unrecorded": 1, "refused": 1}),
        ({**ALL_SENT, PEOPLE[2]: State.SUPPRESSED}, ALL_TAKEN, {"once": 3, "unrecorded": 1, "suppressed": 1}),
        (ALL_SENT, {**ALL_TAKEN, "z@z.example": 1}, {"once": 3, "strangers": 1}),
    ],
    ids=["twice", "often", "not taken", "not in the ledger", "still open", "refused", "left", "stranger"],
)
def test_what_must_not_happen_is_told(states, taken, expected):
    found = verdict(states, taken)
    assert Verdict(recipients=3, **expected) == found
    assert not found.clean


@pytest.mark.parametrize(
    ("states", "taken", "expected"),
    [
        ({**ALL_SENT, PEOPLE[2]: State.IN_DOUBT}, ALL_TAKEN, {"once": 3, "in_doubt": 1, "doubtful_taken": 1}),
        ({**ALL_SENT, PEOPLE[2]: State.IN_DOUBT}, {PEOPLE[0]: 1, PEOPLE[1]: 1}, {"once": 2, "in_doubt": 1}),
        ({**ALL_SENT, PEOPLE[2]: State.FAILED}, {PEOPLE[0]: 1, PEOPLE[1]: 1}, {"once": 2, "refused": 1}),
        ({**ALL_SENT, "old@x.example": State.FAILED}, ALL_TAKEN, {"once": 3}),
    ],
    ids=["doubtful and taken", "doubtful and not taken", "refused", "somebody of an earlier run"],
)
def test_what_may_happen_is_counted_and_clean(states, taken, expected):
    found = verdict(states, taken)
    assert Verdict(recipients=3, **expected) == found
    assert found.clean


def test_whoever_waits_after_a_stopped_run_is_not_lost():
    states = {**ALL_SENT, PEOPLE[1]: State.DEFERRED, PEOPLE[2]: State.PENDING}
    found = verdict(states, {PEOPLE[0]: 1}, finished=False)
    assert Verdict(recipients=3, once=1, waiting=2) == found
    assert found.clean


def test_each_provider_has_a_verdict_of_its_own():
    found = judge(MEANT, [line(*one) for one in ALL_SENT.items()], ALL_TAKEN, finished=True,
                  provider_of=lambda address: address[2:])  # fmt: skip
    assert {"x.example": Verdict(recipients=2, once=2), "y.example": Verdict(recipients=1, once=1)} == found
