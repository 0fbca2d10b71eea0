"""Jobs as others may have left them: none keeps a worker from the rest."""

import pytest

from ruhrmail.errors import RelayError
from ruhrmail.flows.housekeeping import Duty
from ruhrmail.model.phrase import phrase
from ruhrmail.store import enqueue_slots, note_keys
from tests.stories.project import SECRET
from tests.worker.crew import crew


@pytest.fixture
def ours(tmp_path, database):
    with crew(tmp_path, database) as found:
        yield found


@pytest.mark.parametrize(
    "args",
    [
        {"mailing": 1, "slot": 0},
        {"mailing": "many", "slot": 0, "total": 4},
        {"mailing": 1, "slot": 0, "total": 0},
        {"mailing": 1, "slot": 9, "total": 4},
        {"mailing": 1, "slot": -1, "total": 4},
        {"mailing": 99, "slot": 0, "total": 4},
        {"mailing": None, "slot": [], "total": {}},
        {"mailing": 10**30, "slot": 0, "total": 4},
        {"mailing": 1, "slot": 0, "total": 10**9},
    ],
)
def test_a_job_that_makes_no_sense_is_ended_and_the_others_are_worked(ours, args):
    ours.begin()
    ours.put("todo", **args)
    ours.work_once()
    assert (3, []) == (ours.sent(), ours.jobs())


def test_slots_that_limits_have_no_part_for_are_no_trouble(ours):
    ours.begin()
    ours.put("todo", slot=0, total=4)
    ours.put("todo", slot=3, total=4)
    relay = f"maildir:{ours.project.folder}/taken?connections=2"
    ours.work_once(RUHRMAIL_RELAY=relay)
    assert (3, [], [True]) == (ours.sent(), ours.jobs(), ["sent by this worker" in line for line in ours.said])


def test_waiting_jobs_of_other_settings_are_queued_anew_unless_some_of_them_are_worked_on(ours):
    mailing = ours.begin()
    ours.put("todo", slot=0, total=4)
    ours.put("todo", slot=1, total=4)
    assert 2 == enqueue_slots(ours.store, mailing.id, 2)
    assert [(0, 2, "todo"), (1, 2, "todo")] == ours.jobs()
    with ours.store.writing() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'slot:0'")
    assert [2, 0] == [enqueue_slots(ours.store, mailing.id + 1, 2), enqueue_slots(ours.store, mailing.id, 8)]
    assert {2} == {total for _, total, _ in ours.jobs()}


def test_nothing_is_queued_while_slots_of_two_settings_are_worked_on(ours):
    mailing = ours.begin()
    ours.put("doing", slot=0, total=2)
    ours.put("doing", slot=3, total=4)
    assert 0 == enqueue_slots(ours.store, mailing.id, 2)


def test_a_worker_without_relays_queues_nothing(ours):
    ours.begin()
    del ours.environ["RUHRMAIL_RELAY"]
    ours.work_once()
    assert (0, []) == (ours.sent(), ours.jobs())


def test_a_worker_with_another_secret_sends_nothing_and_says_why(ours):
    mailing = ours.begin()
    note_keys(ours.store, ours.keyring().key_ids)
    enqueue_slots(ours.store, mailing.id, 4)
    assert not ours.work_once(RUHRMAIL_SECRET="another-secret-that-is-long-enough-as-well")
    assert 0 == ours.sent()
    assert "the secret here is not the one that `send` has" in ours.said[0]
    ours.work_once(RUHRMAIL_SECRET=f"a-new-secret-that-is-long-enough-to-be-one,{SECRET}")
    assert 3 == ours.sent()


def test_a_worker_without_relays_sends_nothing_and_says_where_to_name_them(ours):
    mailing = ours.begin()
    enqueue_slots(ours.store, mailing.id, 1)
    del ours.environ["RUHRMAIL_RELAY"]
    assert not ours.work_once()
    assert 0 == ours.sent()
    assert ["no relay is configured here", "workers need the relays of the mailing"] == [
        line.partition(";")[0].partition(":")[0] for line in ours.said[:2]
    ]


def test_a_duty_in_trouble_keeps_no_mailing_back_and_is_told(ours):
    mailing = ours.begin()
    enqueue_slots(ours.store, mailing.id, 4)

    def fail(leave):
        raise RelayError(phrase("the mailbox is away"))

    assert not ours.work_once(Duty("mailbox", 60, fail))
    assert (3, "the mailbox is away") == (ours.sent(), ours.said[0])
    assert ours.work_once()
