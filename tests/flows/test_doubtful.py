"""What happens to those in doubt is decided with the answer to the question, not before it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.plan import Plan, Wish
from ruhrmail.flows.send import rehearse_sending, send_issue
from ruhrmail.flows.status import opened_standing
from ruhrmail.model.ledger import State
from tests.stories.project import SECRET, small_project


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A project whose mailing left one of three recipients in doubt."""
    folder = small_project(tmp_path / "project").folder
    found = load_config(folder, {"RUHRMAIL_RELAY": "maildir:sent", "RUHRMAIL_SECRET": SECRET})
    send(found, Wish(), yes)
    with sqlite3.connect(folder / ".ruhrmail" / "state.db") as store:
        store.execute("UPDATE deliveries SET state = 'in_doubt' WHERE id = 2")
    return found


def yes(_: Plan) -> bool:
    return True


def no(_: Plan) -> bool:
    return False


def send(config: Config, wish: Wish, answer: Callable[[Plan], bool]) -> Plan:
    return send_issue(config, "kurz", wish, this_machine(), answer, lambda _: None).plan


def count(config: Config, state: State) -> int:
    with opened_standing(config, "kurz", this_machine().now()) as standing:
        return standing.figures.counts[state]


def mails(config: Config) -> int:
    return len(list((config.project / "sent" / "new").iterdir()))


def test_a_no_leaves_those_in_doubt_as_they_are(config):
    assert 1 == send(config, Wish(in_doubt="resend"), no).recipients
    send(config, Wish(), yes)
    assert (1, 3) == (count(config, State.IN_DOUBT), mails(config))


def test_a_yes_mails_those_in_doubt_again(config):
    plan = send(config, Wish(in_doubt="resend"), yes)
    assert (1, 0) == (plan.unfinished, plan.doubtful)
    assert (0, 3, 4) == (count(config, State.IN_DOUBT), count(config, State.SENT), mails(config))


def test_a_dry_run_tells_the_same_and_changes_nothing(config):
    plan = rehearse_sending(config, "kurz", Wish(in_doubt="resend"), this_machine())
    assert (1, 1) == (plan.recipients, count(config, State.IN_DOUBT))


def test_to_skip_keeps_the_state_and_notes_the_decision(config):
    send(config, Wish(in_doubt="skip"), yes)
    with opened_standing(config, "kurz", this_machine().now(), [State.IN_DOUBT]) as standing:
        assert ["left alone on a person's word"] == [one.text for one in standing.deliveries]
    assert 3 == mails(config)
