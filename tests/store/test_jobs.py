"""The engine's jobs beside our tables: written with our rows or not at all, and never twice."""

import threading
from contextlib import suppress

import pytest

from ruhrmail.errors import StoreError
from ruhrmail.store import enqueue_slots, open_store, prepare_engine, together
from ruhrmail.store.jobs import migrations
from ruhrmail.store.opening import recall, remember
from tests.store.samples import NOW, counting, on_postgresql

pytestmark = on_postgresql
TRIGGER = "procrastinate_trigger_status_events_update_v1"


def rows(store, query):
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def jobs(store):
    return rows(store, "SELECT lock, queueing_lock, args->>'slot' FROM procrastinate_jobs ORDER BY id")


def test_each_slot_has_one_job_however_often_it_is_queued(store):
    prepare_engine(store)
    assert [3, 0] == [enqueue_slots(store, 5, 3) for _ in range(2)]
    assert [(f"slot:{n}", f"mailing:5:{n}", str(n)) for n in range(3)] == jobs(store)
    assert 3 == enqueue_slots(store, 6, 3)


def test_jobs_are_undone_with_the_transaction_that_wrote_them(store):
    prepare_engine(store)
    with suppress(ZeroDivisionError), together(store) as one:
        enqueue_slots(one, 5, 3)
        raise ZeroDivisionError
    assert [] == jobs(store)


def test_a_slot_that_is_worked_on_is_not_queued_a_second_time(store):
    prepare_engine(store)
    enqueue_slots(store, 5, 2)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'slot:0'")
    assert 0 == enqueue_slots(store, 5, 2)


def test_many_who_begin_at_once_lay_out_the_engine_once(url):
    errors = []

    def begin():
        with open_store(url, now=NOW, randomness=counting()) as store:
            try:
                prepare_engine(store)
            except StoreError as error:
                errors.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [] == errors


def test_an_older_engine_is_brought_up_to_date_step_by_step(store):
    prepare_engine(store)
    latest = migrations()[-1].name
    with store.writing() as connection:
        remember(connection, engine=migrations()[-2].name)
        connection.exec_driver_sql(f"DROP TRIGGER {TRIGGER} ON procrastinate_jobs")
    prepare_engine(store)
    with store.reading() as connection:
        assert latest == recall(connection, "engine")
    assert [(1,)] == rows(store, f"SELECT count(*) FROM pg_trigger WHERE tgname = '{TRIGGER}'")


def test_the_jobs_of_another_program_are_left_alone(store):
    prepare_engine(store)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'engine'")
    with pytest.raises(StoreError, match="another program's jobs"):
        prepare_engine(store)
