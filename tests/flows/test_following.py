"""Looking on while workers send: everything from the ledger, to the mailing's end and no further."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.deliver import Progress
from ruhrmail.flows import following
from ruhrmail.flows.events import (
    Away,
    Back,
    Countdown,
    Crewed,
    Crewless,
    Following,
    Halted,
    Hampered,
    Quieting,
    Resting,
)
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.plan import Wish
from ruhrmail.flows.send import Report, send_issue
from ruhrmail.flows.status import read_standing
from ruhrmail.flows.stop import stop_issue
from ruhrmail.model.fleet import Activity, Hindrance
from ruhrmail.model.mail import Outcome
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Ledger, Store, beat, find_mailing, open_store, sign_off, sign_on
from tests.servers.postgresql import QUICK, postgresql
from tests.store.samples import result
from tests.stories.project import SECRET, Project, small_project

NOON = datetime(2026, 11, 27, 12, 0).astimezone(UTC)
PEOPLE = 4


@dataclass
class Yard:
    """A project on PostgreSQL, a clock that the test sets, and a worker played step by step, one for each look."""

    project: Project
    store: Store
    now: datetime = NOON
    told: list[object] = field(default_factory=list)
    steps: list[Callable[[], object]] = field(default_factory=list)
    name: str = ""
    on_away: Callable[[], None] = lambda: None

    @property
    def config(self) -> Config:
        environ = {"RUHRMAIL_RELAY": "smtp://127.0.0.1:1", "RUHRMAIL_SECRET": SECRET}
        return load_config(self.project.folder, environ | self.project.environ)

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.now)

    def send(self, **wish: object) -> Report:
        return send_issue(self.config, "kurz", Wish(**wish), self.machine, lambda _: True, self.hear)

    def hear(self, event: object) -> None:
        self.told.append(event)
        if isinstance(event, Following | Countdown) and self.steps:
            self.steps.pop(0)()
        if isinstance(event, Away):
            self.on_away()

    def arrive(self) -> None:
        """A worker signs on, and holds two slots of four."""
        self.name = sign_on(self.store, "mail1", 11)
        beat(self.store, self.name, Activity("kurz", (0, 1), 4, 0, 2.5))

    def work(self, *outcomes: Outcome) -> None:
        """As many recipients are tried, and this came of it."""
        mailing = find_mailing(self.store, "kurz")
        ledger = Ledger(self.store, mailing, self.name)
        claims = ledger.claim(len(outcomes), self.now)
        ledger.record([], claims, self.now)
        ledger.record([result(*pair, self.now) for pair in zip(claims, outcomes, strict=True)], [], self.now)

    def of(self, kind: type) -> list[object]:
        return [event for event in self.told if isinstance(event, kind)]


@pytest.fixture
def yard(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Yard]:
    monkeypatch.setattr(following, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(following, "SHARE", 0)
    project = small_project(tmp_path / "project", PEOPLE)
    project.environ["RUHRMAIL_STORE"] = database
    with open_store(database, now=NOON, randomness=this_machine().randomness) as store:
        yield Yard(project, store)


def test_it_stays_through_deferrals_until_nobody_is_open_and_gives_the_code_of_the_end(yard: Yard) -> None:
    sent, later, failed = Outcome.SENT, Outcome.DEFERRED, Outcome.FAILED

    def a_minute_later() -> None:
        yard.now += timedelta(minutes=2)
        yard.work(sent)

    yard.steps = [yard.arrive, lambda: yard.work(sent, sent, later, failed), lambda: None, a_minute_later]
    report = yard.send(follow=True)
    assert ([Crewless, Crewed], [NOON + timedelta(minutes=1)]) == (
        [type(one) for one in yard.told if isinstance(one, Crewless | Crewed)],
        [one.until for one in yard.of(Resting)],
    )
    assert [Progress(sent=2, deferred=1, failed=1), Progress(sent=3, failed=1)] == yard.of(Progress)
    assert ("complete", False, None) == (report.figures.state, report.clean, report.queued)
    assert [(1, 2, 4)] == list({(len(one.fleet.alive), one.fleet.held("kurz"), one.fleet.total)
                                for one in yard.of(Following)[1:]})  # fmt: skip


def test_without_following_it_ends_at_once_and_what_it_found_is_told(yard: Yard) -> None:
    report = yard.send()
    assert (True, "kurz", PEOPLE, ()) == (report.clean, report.queued.name, report.plan.recipients, report.ahead)
    assert ([], ()) == (yard.told, report.fleet.alive)


def test_a_stop_ends_it_once_workers_have_finished_what_is_on_its_way(yard: Yard) -> None:
    claims: list[object] = []

    def take_one() -> None:
        ledger = Ledger(yard.store, find_mailing(yard.store, "kurz"), yard.name)
        claims.extend(ledger.claim(1, yard.now))
        ledger.record([], claims, yard.now)

    def finish_one() -> None:
        ledger = Ledger(yard.store, find_mailing(yard.store, "kurz"), yard.name)
        ledger.record([result(claims[0], Outcome.SENT, yard.now)], [], yard.now)

    yard.steps = [
        yard.arrive,
        take_one,
        lambda: stop_issue(yard.config, "kurz", yard.machine),
        lambda: None,
        finish_one,
    ]
    report = yard.send(follow=True)
    assert ([Halted()], "stopped", False) == (yard.of(Halted), report.figures.state, report.clean)
    assert [Progress(sent=1)] == yard.of(Progress)


def test_quiet_hours_end_it_and_the_workers_go_on_by_themselves(yard: Yard) -> None:
    config = yard.project.folder / "ruhrmail.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("delivery: {", 'delivery: {quiet_hours: {from: "20:00", to: "07:00"}, '))

    def evening() -> None:
        yard.now += timedelta(hours=9)

    yard.steps = [yard.arrive, lambda: yard.work(Outcome.SENT), evening]
    report = yard.send(follow=True)
    [quieting] = yard.of(Quieting)
    assert quieting.until == (NOON + timedelta(hours=19))
    assert ("open", False) == (report.figures.state, report.clean)
    assert "quiet hours until" in str(report.ended)
    found = read_standing(yard.config, "kurz", yard.now)
    assert "quiet hours until" in str(found.obstacle) or found.workers


def test_one_for_later_is_counted_down_and_followed_once_workers_begin_it(yard: Yard) -> None:
    from ruhrmail.flows.foreman import Foreman

    def in_time() -> None:
        yard.now += timedelta(hours=1, seconds=1)
        Foreman(yard.config, yard.store, yard.machine).look_after()

    yard.steps = [yard.arrive, in_time, lambda: yard.work(*[Outcome.SENT] * PEOPLE)]
    report = yard.send(at=NOON + timedelta(hours=1), follow=True)
    assert [timedelta(hours=1)] == list({one.left for one in yard.of(Countdown)})
    assert ("complete", True, [Progress(sent=PEOPLE)]) == (report.figures.state, report.clean, yard.of(Progress))


def test_a_database_that_is_away_is_told_once_and_that_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_EVERY", 0.1)
    project = small_project(tmp_path / "project", PEOPLE)
    with postgresql(**QUICK) as server:
        project.environ["RUHRMAIL_STORE"] = url = server.database()
        with open_store(url, now=NOON, randomness=this_machine().randomness) as store:
            yard = Yard(project, store, on_away=server.start)
            yard.steps = [yard.arrive, server.stop, lambda: yard.work(*[Outcome.SENT] * PEOPLE)]
            report = yard.send(follow=True)
    assert (1, [Back()]) == (len(yard.of(Away)), yard.of(Back))
    assert ("complete", True) == (report.figures.state, report.clean)


def test_another_mailing_that_was_queued_before_is_named_until_it_is_done(yard: Yard) -> None:
    other = yard.project.folder / "issues" / "lang"
    other.mkdir()
    text = (yard.project.folder / "issues" / "kurz" / "issue.yaml").read_text(encoding="utf-8")
    (other / "issue.yaml").write_text(text.replace("Kurz und gut", "Lang und breit"), encoding="utf-8")
    yard.send()
    second = send_issue(yard.config, "lang", Wish(), yard.machine, lambda _: True, yard.hear)
    assert ("kurz",) == second.ahead
    sign_off(yard.store, sign_on(yard.store, "mail9", 9), yard.now)
    yard.arrive()
    assert "before it: kurz" == str(read_standing(yard.config, "lang", yard.now).obstacle)


def test_what_keeps_workers_from_sending_is_told_once_and_when_it_is_over(yard: Yard) -> None:
    def hindered(reply: str, *slots: int, total: int = 4) -> None:
        down = Hindrance("main", NOON, phrase("the relay {relay} said {reply}", relay="main", reply=reply))
        beat(yard.store, yard.name, Activity("kurz" if slots else "", slots, total, 0, 0.0, (down,)))

    def resting() -> None:
        hindered("421 again", total=0)
        assert "no worker can hand it over" in str(read_standing(yard.config, "kurz", yard.now).obstacle)

    def working() -> None:
        beat(yard.store, yard.name, Activity("kurz", (0, 1), 4, 0, 2.5))

    yard.steps = [yard.arrive, lambda: hindered("421", 0), resting, working]
    yard.steps += [lambda: None, lambda: yard.work(*[Outcome.SENT] * PEOPLE)]
    yard.send(follow=True)
    assert [["the relay main said 421"], []] == [
        [str(one.hindrance.reason) for one in event.found] for event in yard.of(Hampered)
    ]


def test_nobody_new_gives_the_code_of_the_state_that_is_found(yard: Yard) -> None:
    yard.steps = [yard.arrive, lambda: yard.work(Outcome.SENT, Outcome.SENT, Outcome.SENT, Outcome.FAILED)]
    yard.send(follow=True)
    again = yard.send()
    assert (None, False, 0) == (again.queued, again.clean, again.plan.recipients)
