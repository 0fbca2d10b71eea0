"""Stores copied from one database into another: never while somebody may send, and with word of what has to be said."""

from datetime import timedelta

import pytest

from ruhrmail.config import load_config
from ruhrmail.errors import StoreLocked
from ruhrmail.flows.backups import back_up_store, copy_between, restore_store
from ruhrmail.flows.foreman import DEAD_AFTER, Foreman
from ruhrmail.flows.machine import Machine
from ruhrmail.store import (
    begin_mailing,
    find_mailing,
    open_store,
    schedule_new,
    schedule_rest,
    sign_on,
    sync_roster,
    waiting_lock,
)
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing
from tests.stories.project import small_project

SOON = NOW + timedelta(hours=1)
MACHINE = Machine(lambda: NOW, counting(), "essen", 1)


@pytest.fixture
def config(tmp_path):
    return load_config(small_project(tmp_path / "project", 3).folder, {"RUHRMAIL_RELAY": "smtp://127.0.0.1:9"})


def open_at(url):
    return open_store(url, now=NOW, randomness=counting())


def steps(moved):
    return {mailing.name: str(step) if step else None for mailing, step in moved.unfinished}


def test_what_workers_cannot_begin_is_told_with_the_command_that_does(config, database):
    with open_at(config.store) as store:
        begin_mailing(store, new_mailing("begun"), {"": MESSAGE}, NOW)
        schedule_new(store, new_mailing("planned", audience="tag:b"), SOON, NOW)
        schedule_rest(store, begin_mailing(store, new_mailing("prepared"), {"": MESSAGE}, NOW), SOON)
    found = steps(copy_between(config, config.store, database, MACHINE))
    assert (None, None) == (found["begun"], found["prepared"])
    assert "`ruhrmail send planned --audience tag:b --at 2026-11-06T" in found["planned/tag:b"]
    back = steps(copy_between(config, database, "sqlite:///back.db", MACHINE))
    assert "`ruhrmail send begun` goes on" == back["begun"]
    assert "`ruhrmail send prepared --at 2026-11-06T" in back["prepared"]


def test_a_mailing_that_nobody_can_begin_is_stopped_when_its_time_comes(config, database):
    with open_at(config.store) as store:
        sync_roster(store, crowd(3), "sha", NOW)
        schedule_new(store, new_mailing(), SOON, NOW)
    copy_between(config, config.store, database, MACHINE)
    with open_at(database) as store:
        assert [] == Foreman(config, store, MACHINE).look_after()
        [line] = Foreman(config, store, Machine(lambda: SOON, counting(), "essen", 1)).look_after()
        assert "before the store moved here" in str(line)
        assert ("stopped", None) == (find_mailing(store, "2026-11").state, find_mailing(store, "2026-11").prepared_at)


def test_a_store_that_a_worker_may_send_from_is_neither_copied_nor_replaced(config, database, tmp_path):
    file, there = tmp_path / "backup.db", f"sqlite:///{tmp_path}/copy.db"
    environ = {"RUHRMAIL_STORE": database, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9"}
    config = load_config(config.project, environ)
    with open_at(database) as store:
        name = sign_on(store, "essen", 4711)
        begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
        back_up_store(config, file, MACHINE)
        with pytest.raises(StoreLocked, match=r"4711 \(essen\)"):
            copy_between(config, database, there, MACHINE)
        with pytest.raises(StoreLocked, match=r"4711 \(essen\)"):
            restore_store(config, file, MACHINE)
        with store.writing() as connection:  # it died a while ago
            ago = DEAD_AFTER // timedelta(microseconds=1)
            connection.exec_driver_sql(f"UPDATE workers SET seen_at = seen_at - {ago} WHERE name = '{name}'")
    copy_between(config, database, there, MACHINE)
    restore_store(config, file, MACHINE)


def test_a_store_from_which_a_mailing_waits_for_its_time_is_not_copied(config, tmp_path):
    with open_at(config.store) as store:
        schedule_new(store, new_mailing(), SOON, NOW)
    there = f"sqlite:///{tmp_path}/copy.db"
    with waiting_lock(config.store, now=NOW, pid=4711, mailing="2026-11"), pytest.raises(StoreLocked, match="4711"):
        copy_between(config, config.store, there, MACHINE)
    assert not (tmp_path / "copy.db").exists()
    assert ["2026-11"] == list(steps(copy_between(config, config.store, there, MACHINE)))


def test_an_idle_worker_keeps_no_finished_store_from_being_copied(config, database, tmp_path):
    config = load_config(config.project, {"RUHRMAIL_STORE": database, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9"})
    with open_at(database) as store:
        sync_roster(store, crowd(3), "sha", NOW)
        sign_on(store, "essen", 4711)
        assert 3 == copy_between(config, database, f"sqlite:///{tmp_path}/copy.db", MACHINE).copied.rows["subscribers"]
