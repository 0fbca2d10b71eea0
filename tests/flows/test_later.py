"""A mailing waits for its time by the wall clock, and leaves neither late nor at night unless a person says so."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.deliver import Drained, Progress, Stop
from ruhrmail.errors import ChangedIssue, InvalidInput, StoreError, StoreLocked
from ruhrmail.flows.events import Countdown, FlowEvent, Halted, Queued, Quieting
from ruhrmail.flows.later import Wait
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.plan import Plan, Wish
from ruhrmail.flows.send import Report, send_issue
from ruhrmail.flows.status import read_standing
from ruhrmail.flows.stop import stop_issue
from ruhrmail.flows.work import Halt, Lookout, run
from ruhrmail.model.phrase import phrase
from ruhrmail.store import sender_lock, waiting_lock
from tests.stories.project import SECRET, Project, small_project

NOON = datetime(2026, 11, 27, 12, 0).astimezone(UTC)
HOUR = timedelta(hours=1)


@dataclass
class Trial:
    """A project whose mail goes into a Maildir, a clock that the test sets, and what was asked and told."""

    project: Project
    now: datetime = NOON
    asked: list[Plan] = field(default_factory=list)
    told: list[object] = field(default_factory=list)
    on_ask: Callable[[], None] = lambda: None
    on_event: Callable[[object], None] = lambda _: None
    says: list[bool] = field(default_factory=list)

    @property
    def config(self) -> Config:
        return load_config(self.project.folder, {"RUHRMAIL_RELAY": "maildir:sent", "RUHRMAIL_SECRET": SECRET})

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.now)

    def send(self, **wish: object) -> Report:
        return send_issue(self.config, "kurz", Wish(**wish), self.machine, self.ask, self.tell)

    def ask(self, plan: Plan) -> bool:
        self.asked.append(plan)
        self.on_ask()
        return self.says.pop(0) if self.says else True

    def tell(self, event: object) -> None:
        self.told.append(event)
        self.on_event(event)

    def when_waiting(self, act: Callable[[], None]) -> None:
        """Does something once the wait has begun, then the time comes."""

        def on_event(event: object) -> None:
            if isinstance(event, Countdown):
                act()
                self.now = max(self.now, event.until)

        self.on_event = on_event

    def mails(self) -> int:
        folder = self.project.folder / "sent" / "new"
        return len(list(folder.iterdir())) if folder.exists() else 0

    def state(self) -> tuple[str, datetime | None]:
        found = read_standing(self.config, "kurz", self.now).figures
        return found.state, found.scheduled_for

    def quiet_at_night(self) -> None:
        self.settings('quiet_hours: {from: "20:00", to: "07:00"}')

    def settings(self, more: str) -> None:
        path = self.project.folder / "ruhrmail.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("delivery: {", f"delivery: {{{more}, "), "utf-8")

    def edit(self) -> None:
        path = self.project.folder / "issues" / "kurz" / "issue.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("Das ist alles", "Das ist neu"), "utf-8")


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(small_project(tmp_path / "project"))


def test_it_begins_at_its_time_with_whoever_is_on_the_list_then(trial):
    trial.when_waiting(lambda: trial.project.write_list(5))
    report = trial.send(at=NOON + HOUR)
    assert (True, 5, ("complete", None)) == (report.clean, trial.mails(), trial.state())
    assert [False, True] == [plan.agreed for plan in trial.asked]
    assert [3, 5] == [plan.recipients for plan in trial.asked]
    assert NOON + HOUR == report.figures.started_at


def test_while_it_waits_it_is_open_with_its_time_and_its_process(trial):
    seen = []
    trial.when_waiting(lambda: seen.append(read_standing(trial.config, "kurz", trial.now)))
    trial.send(at=NOON + HOUR)
    assert ("open", NOON + HOUR, None) == (
        seen[0].figures.state, seen[0].figures.scheduled_for, seen[0].figures.started_at
    )  # fmt: skip
    assert trial.machine.pid == seen[0].process.pid


def test_a_signal_in_the_moment_of_its_time_ends_the_wait(trial, monkeypatch):
    """The event loop hears of it in its next turn, and there is none any more."""
    original = Wait.may_begin

    def strike(wait: Wait, at: datetime) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return original(wait, at)

    monkeypatch.setattr(Wait, "may_begin", strike)
    trial.when_waiting(lambda: None)
    report = trial.send(at=NOON + HOUR)
    assert "ended while waiting" in str(report.ended)
    assert (0, ("open", NOON + HOUR)) == (trial.mails(), trial.state())


def test_a_little_late_is_in_time(trial):
    trial.when_waiting(lambda: setattr(trial, "now", NOON + 1.9 * HOUR))
    assert trial.send(at=NOON + HOUR).clean
    assert () == trial.asked[1].objections


def test_a_laptop_that_wakes_up_at_night_asks_and_sends_nothing_by_itself(trial):
    trial.when_waiting(lambda: setattr(trial, "now", NOON + 15 * HOUR))
    trial.says = [True, False]
    report = trial.send(at=NOON + HOUR)
    assert (True, 0, ("open", NOON + HOUR)) == (report.declined, trial.mails(), trial.state())
    assert ["it was to be sent at"] == [str(one)[:20] for one in trial.asked[1].objections]


def test_a_clock_put_back_while_it_waits_only_makes_it_wait_longer(trial):
    trial.when_waiting(lambda: None)
    jumps = [NOON - 48 * HOUR]
    then = trial.on_event
    trial.on_event = lambda event: setattr(trial, "now", jumps.pop()) if jumps else then(event)
    assert trial.send(at=NOON + HOUR).clean
    assert [HOUR, 49 * HOUR] == [one.left for one in trial.told if isinstance(one, Countdown)]


def test_a_stop_ends_the_wait_and_whoever_sends_later_is_told(trial):
    trial.when_waiting(lambda: stop_issue(trial.config, "kurz", trial.machine))
    report = trial.send(at=NOON + HOUR)
    assert ("stopped", None) == trial.state()
    assert (False, 0) == (report.clean, trial.mails())
    assert "stopped meanwhile" in str(report.ended)
    trial.edit()
    assert trial.send().clean
    assert "ruhrmail stop" in str(trial.asked[-1].stopped.reason)
    assert 3 == trial.mails()


def test_a_stop_between_question_and_beginning_holds(trial):
    trial.send(at=NOON - HOUR / 2)
    trial.project.write_list(5)
    trial.on_ask = lambda: set_open_and_stop(trial)
    report = trial.send()
    assert "stopped meanwhile" in str(report.ended)
    assert (3, "stopped") == (trial.mails(), trial.state()[0])


def set_open_and_stop(trial: Trial) -> None:
    """As if the mailing had been open when the question was asked, and somebody stopped it then."""
    import sqlite3

    with sqlite3.connect(trial.project.folder / ".ruhrmail" / "state.db") as store:
        store.execute("UPDATE mailings SET state = 'open', finished_at = NULL")
    stop_issue(trial.config, "kurz", trial.machine)


def test_an_issue_that_changed_meanwhile_is_refused_until_it_is_scheduled_anew(trial):
    trial.when_waiting(trial.edit)
    with pytest.raises(ChangedIssue, match=r"since it was scheduled on .*: issues/kurz/issue\.yaml"):
        trial.send(at=NOON + HOUR)
    with pytest.raises(ChangedIssue):
        trial.send(anyway=True)
    assert (0, ("open", NOON + HOUR)) == (trial.mails(), trial.state())
    trial.when_waiting(lambda: None)
    assert trial.send(at=NOON + 2 * HOUR).clean
    assert 3 == trial.mails()


def test_the_rest_of_a_mailing_that_was_put_off_is_guarded_as_well(trial):
    trial.quiet_at_night()
    trial.on_ask = lambda: setattr(trial, "now", NOON + 8 * HOUR)
    trial.when_waiting(trial.edit)
    with pytest.raises(ChangedIssue):
        trial.send()
    assert (0, ("open", NOON + 19 * HOUR)) == (trial.mails(), trial.state())


def test_errors_in_the_issue_are_told_at_once(trial):
    path = trial.project.folder / "issues" / "kurz" / "issue.yaml"
    path.write_text("subjekt: x\n", "utf-8")
    with pytest.raises(InvalidInput):
        trial.send(at=NOON + HOUR)
    assert [] == trial.asked == trial.told


def test_whoever_sends_before_the_time_is_asked(trial):
    trial.when_waiting(stop_waiting)
    with pytest.raises(KeyboardInterrupt):
        trial.send(at=NOON + HOUR)
    trial.says = [False]
    assert trial.send().declined
    assert ["it is scheduled for "] == [str(one)[:20] for one in trial.asked[-1].objections]
    assert (0, ("open", NOON + HOUR)) == (trial.mails(), trial.state())
    assert trial.send(anyway=True).clean
    assert () == trial.asked[-1].objections


def stop_waiting() -> None:
    raise KeyboardInterrupt


def test_two_do_not_wait_for_the_same_mailing(trial):
    with (
        waiting_lock(trial.config.store, now=NOON, pid=7, mailing="kurz"),
        pytest.raises(StoreLocked, match="process 7 waits already"),
    ):
        trial.send(at=NOON + HOUR)
    assert [] == trial.asked


def test_another_mailing_that_is_being_sent_is_waited_for(trial):
    holding = sender_lock(trial.config.store, now=NOON, pid=8, mailing="andere")

    def on_event(event: FlowEvent) -> None:
        if isinstance(event, Countdown):
            trial.now = event.until
            holding.__enter__()
        elif isinstance(event, Queued):
            holding.__exit__(None, None, None)

    trial.on_event = on_event
    assert trial.send(at=NOON + HOUR).clean
    assert [8] == [one.holder.pid for one in trial.told if isinstance(one, Queued)]


def test_quiet_hours_speak_against_beginning_now_or_then(trial):
    trial.quiet_at_night()
    trial.says = [False, False]
    trial.send(at=NOON + 9 * HOUR)
    trial.now = NOON + 10 * HOUR
    trial.send()
    assert [1, 1] == [len(plan.objections) for plan in trial.asked]
    assert "2026-11-28 07:00:00" in str(trial.asked[0].objections[0])
    assert 0 == trial.mails()


def test_quiet_hours_that_begin_meanwhile_are_waited_for(trial):
    trial.quiet_at_night()
    trial.on_ask = lambda: setattr(trial, "now", max(trial.now, NOON + 8 * HOUR))
    trial.when_waiting(lambda: None)
    report = trial.send()
    assert (True, 3) == (report.clean, trial.mails())
    assert [Quieting(NOON + 19 * HOUR)] == [one for one in trial.told if isinstance(one, Quieting)]
    assert NOON + 19 * HOUR == trial.now


@pytest.mark.parametrize("wish", [{}, {"anyway": True}], ids=["by a yes", "by an option"])
def test_whoever_overrules_quiet_hours_is_not_interrupted(trial, wish):
    trial.quiet_at_night()
    trial.now = NOON + 10 * HOUR
    assert trial.send(**wish).clean
    assert (3, 0 if wish else 1) == (trial.mails(), len(trial.asked[0].objections))
    assert [] == [one for one in trial.told if isinstance(one, Quieting)]


async def until_drained(stop: Stop) -> Drained:
    await stop.draining.wait()
    return Drained(Progress(), stopped=True)


@pytest.mark.parametrize("halt", [Halted(), Quieting(NOON)])
def test_a_run_drains_when_the_lookout_finds_something(halt):
    import asyncio

    found: list[Halt | None] = [halt, None]
    lookout, told = Lookout(found.pop), []
    assert asyncio.run(run(until_drained, lookout, told.append)).stopped
    assert (halt, [halt]) == (lookout.found, told)


def test_a_run_whose_lookout_cannot_look_drains_and_tells_why():
    import asyncio

    def find() -> Halt | None:
        raise StoreError(phrase("the disk broke"))

    with pytest.raises(StoreError, match="the disk broke"):
        asyncio.run(run(until_drained, Lookout(find), lambda _: None))
