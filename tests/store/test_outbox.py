"""Mails about joining on their way, and approvals, on either database."""

import threading
from datetime import timedelta

from ruhrmail.model.account import Approval
from ruhrmail.model.ledger import Claim, Intent, Result
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.people import Recipient
from ruhrmail.model.post import NewPost, PostKind
from ruhrmail.store import (
    count_posts,
    give_back_posts,
    has_due_posts,
    oldest_post,
    people,
    read_approvals,
    record_approvals,
    record_posts,
    sync_roster,
    take_posts,
)
from ruhrmail.store.outbox import LEASE, put_post
from tests.store.samples import NOW, crowd


def filled(store, count):
    """So many people, a mail for each."""
    sync_roster(store, crowd(count), "sha", NOW)
    with store.writing() as connection:
        for one in people(store):
            put_post(
                connection, NewPost(one.subscriber, PostKind.CONFIRM, f"<{one.subscriber}@n>", "Subject: x\r\n"), NOW
            )


def claim_of(post, attempt=None):
    return Claim(post.number, str(attempt or post.attempts + 1), Recipient(0, b"", crowd(1)[0]), 0, NOW)


def answered(claim, outcome=Outcome.SENT):
    return Result(claim, Attempt(outcome, "relay", Reply(250, "ok", "2.0.0")), NOW, NOW + LEASE)


def test_takers_side_by_side_share_the_mails(store):
    filled(store, 40)
    taken = []

    def take():
        while posts := take_posts(store, 3, NOW):
            taken.extend(one.number for one in posts)

    takers = [threading.Thread(target=take) for _ in range(4)]
    for one in takers:
        one.start()
    for one in takers:
        one.join()
    assert (40, 40) == (len(taken), len(set(taken)))
    assert ({"sending": 40}, False) == (count_posts(store), has_due_posts(store, NOW))


def test_a_mail_is_written_down_once_by_whoever_has_it_and_again_changes_nothing(store):
    filled(store, 2)
    first, second = take_posts(store, 2, NOW)
    for _ in range(2):
        granted = record_posts(store, [answered(claim_of(first))], [claim_of(first), claim_of(second)], NOW)
        assert {second.number: Intent.GRANTED} == granted
    assert {"sent": 1, "sending": 1} == count_posts(store)
    [again] = take_posts(store, 5, NOW + LEASE + timedelta(seconds=1))
    assert (second.number, 1) == (again.number, again.attempts)
    assert {} == record_posts(store, [answered(claim_of(second, 1))], [claim_of(second, 1)], NOW)
    give_back_posts(store, [claim_of(again)], NOW)
    assert ({"sent": 1, "pending": 1}, NOW) == (count_posts(store), oldest_post(store))


def test_an_approval_is_written_down_once(store):
    one = Approval("2026-11", "a" * 64, {"issue.yaml": "b" * 64}, "Ada Beispiel", NOW, 3, subject="Licht")
    record_approvals(store, [one])
    record_approvals(store, [one, Approval("2026-11", "a" * 64, {}, "Ben Beispiel", NOW + LEASE, 3)])
    record_approvals(store, [])
    assert [one, "Ben Beispiel"] == [read_approvals(store, "2026-11")[0], read_approvals(store, "2026-11")[1].by]
