"""What keeps a fleet at work, on a real database."""

from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path

import pytest

from ruhrmail.config import load_config
from ruhrmail.flows.foreman import Foreman
from ruhrmail.flows.machine import Machine
from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome, PreparedMessage, Slot
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    Ledger,
    begin_mailing,
    enrol,
    figures,
    find_mailing,
    open_store,
    overrule_quiet,
    prepare_engine,
    read_prepared_messages,
    schedule_rest,
    sign_on,
    stop_mailing,
    sync_roster,
)
from tests.store.samples import MESSAGE, MINUTE, NOW, counting, crowd, new_mailing, result
from tests.stories.project import small_project

NIGHT = "delivery: {quiet_hours: {from: '00:00', to: '23:59'}, "

DATED = PreparedMessage(
    (b"Date: Mon, 02 Nov 2026 08:00:00 +0000\r\nMessage-ID: ", Slot("message-id"), b"\r\n\r\nText\r\n")
)


@pytest.fixture
def foreman(tmp_path: Path, database: str):
    """Looks after a list of three, on a project with a relay."""
    project = small_project(tmp_path / "project", 3)
    environ = {"RUHRMAIL_STORE": database, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9?connections=2"}
    config = load_config(project.folder, environ)
    with open_store(config.store, now=NOW, randomness=counting()) as store:
        prepare_engine(store)
        sync_roster(store, crowd(3), "sha", NOW)
        yield Foreman(config, store, Machine(lambda: NOW, counting(), "essen", 1))


@pytest.fixture
def mailing(foreman):
    return begin_mailing(foreman.store, new_mailing(), {"": MESSAGE}, NOW)


def queued(foreman):
    with foreman.store.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar_one()


def date_of(message):
    """The Date header of a prepared message, which stands before the gap for its Message-ID."""
    head = message.parts[message.parts.index(Slot("message-id")) - 1]
    return head.decode("ascii").rpartition("Date: ")[2].partition("\r\n")[0]


def said(foreman):
    return [str(line) for line in foreman.look_after()]


def test_a_mailing_with_somebody_to_mail_has_a_job_for_each_slot(foreman, mailing):
    enrol(foreman.store, mailing, NOW)
    assert ([], 2) == (said(foreman), queued(foreman))


def test_a_mailing_of_which_nobody_is_due_has_none_and_is_complete_when_nobody_is_open(foreman, mailing):
    enrol(foreman.store, mailing, NOW)
    ledger = Ledger(foreman.store, mailing)
    claims = ledger.claim(3, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claims[0], Outcome.DEFERRED), *(result(one, Outcome.SENT) for one in claims[1:])])
    said(foreman)
    assert (0, "open") == (queued(foreman), figures(foreman.store, "2026-11").state)
    [late] = ledger.claim(1, NOW + 2 * MINUTE)
    ledger.intend([late], NOW)
    ledger.settle([result(late, Outcome.SENT)])
    said(foreman)
    assert (0, "complete") == (queued(foreman), figures(foreman.store, "2026-11").state)


def test_a_stopped_mailing_stays_stopped(foreman, mailing):
    enrol(foreman.store, mailing, NOW)
    stop_mailing(foreman.store, mailing, phrase("stopped"), NOW)
    assert ([], 0) == (said(foreman), queued(foreman))


def test_a_mailing_begins_when_its_time_has_come_for_those_on_the_list_then(foreman, mailing):
    planned = schedule_rest(foreman.store, mailing, NOW + MINUTE)
    assert ([], 0) == (said(foreman), queued(foreman))
    sync_roster(foreman.store, crowd(5), "other", NOW)
    schedule_rest(foreman.store, planned, NOW)
    assert ["2026-11: begins, 5 recipients"] == said(foreman)
    assert (2, 5) == (queued(foreman), figures(foreman.store, "2026-11").recipients)


def test_a_mailing_that_begins_is_of_that_moment_and_not_of_the_day_it_was_prepared(foreman):
    ahead = begin_mailing(foreman.store, new_mailing(), {"": DATED}, NOW - timedelta(days=3))
    schedule_rest(foreman.store, ahead, NOW)
    said(foreman)
    [begun] = read_prepared_messages(foreman.store, ahead).values()
    assert NOW == parsedate_to_datetime(date_of(begun))
    assert NOW == figures(foreman.store, "2026-11").started_at


def test_a_mailing_that_goes_on_keeps_its_date_and_the_time_it_began(foreman):
    before = NOW - timedelta(days=3)
    mailing = begin_mailing(foreman.store, new_mailing(), {"": DATED}, before)
    enrol(foreman.store, mailing, before)
    sync_roster(foreman.store, crowd(5), "other", NOW)
    schedule_rest(foreman.store, mailing, NOW)
    assert ["2026-11: begins, 2 recipients"] == said(foreman)
    assert {"": DATED} == read_prepared_messages(foreman.store, mailing)
    assert before == figures(foreman.store, "2026-11").started_at


def test_a_mailing_whose_time_passed_while_no_worker_ran_waits_for_a_person(foreman, mailing):
    schedule_rest(foreman.store, mailing, NOW - timedelta(hours=2))
    [line] = said(foreman)
    assert "no worker ran" in line
    assert ("stopped", 0) == (find_mailing(foreman.store, "2026-11").state, queued(foreman))


@pytest.mark.parametrize("anew", [False, True])
def test_what_another_began_or_somebody_planned_anew_is_not_stopped_for_being_late(foreman, mailing, anew):
    """This worker read that the mailing waits, and is held up until it is too late for it."""
    planned = schedule_rest(foreman.store, mailing, NOW)
    asked = count(1)

    def clock():
        """Asked once for the workers, then for the mailing."""
        if next(asked) < 2:
            return NOW
        if anew:
            schedule_rest(foreman.store, planned, NOW + timedelta(days=1))
        else:
            assert ["2026-11: begins, 3 recipients"] == said(foreman)
        return NOW + timedelta(hours=2)

    held_up = Foreman(foreman.config, foreman.store, replace(foreman.machine, now=clock))
    assert [] == said(held_up)
    assert "open" == find_mailing(foreman.store, "2026-11").state


def test_quiet_hours_hold_a_mailing_up_unless_they_were_overruled(foreman, mailing):
    enrol(foreman.store, mailing, NOW)
    settings = foreman.config.project / "ruhrmail.yaml"
    settings.write_text(settings.read_text("utf-8").replace("delivery: {", NIGHT), "utf-8")
    environ = {"RUHRMAIL_STORE": foreman.config.store, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9"}
    quiet = Foreman(load_config(foreman.config.project, environ), foreman.store, foreman.machine)
    said(quiet)
    assert 0 == queued(foreman)
    overrule_quiet(foreman.store, mailing, overruled=True)
    said(quiet)
    assert queued(foreman) > 0


def test_the_silent_are_buried_only_while_the_store_answered_all_the_time(foreman, mailing, monkeypatch):
    monkeypatch.setattr("ruhrmail.flows.foreman.DEAD_AFTER", timedelta())
    enrol(foreman.store, mailing, NOW)
    name = sign_on(foreman.store, "essen", 7)
    Ledger(foreman.store, mailing, name).claim(3, NOW)
    unsteady = Foreman(foreman.config, foreman.store, foreman.machine, lambda: False)
    assert ([], 3) == (said(unsteady), figures(foreman.store, "2026-11").counts[State.CLAIMED])
    assert [f"worker essen (7), {name}, is silent; others take over its work"] == said(foreman)
    assert (3, 2) == (figures(foreman.store, "2026-11").counts[State.PENDING], queued(foreman))
