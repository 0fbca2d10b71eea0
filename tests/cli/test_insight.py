"""What `status` says about a mailing's speed."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.cli.insight import show_pace
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.model.ledger import Figures, State
from ruhrmail.store import Pace

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def shown(seconds: int, *, moving: bool, language: str = "en", waits: State = State.PENDING) -> str:
    """What is said when 120 were tried during the last minute, so many seconds after the first attempt."""
    terminal = Terminal(io.StringIO(), io.StringIO(), translator(language), color=False)
    counts = dict.fromkeys(State, 0) | {State.SENT: 120, waits: 600}
    figures = Figures("a", "a", "open", 720, counts, NOW, None)
    show_pace(terminal, figures, Pace(120, NOW, NOW + timedelta(seconds=seconds), 120, 120), moving=moving)
    return terminal.out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "  last minute: 120 a second, about 0:00:05 left\n"),
        (16, "  last minute: 7.5 a second, about 0:01:20 left\n"),
        (3600, "  last minute: 2.0 a second, about 0:05:00 left\n"),
    ],
)
def test_the_remaining_time_is_true_from_the_first_second_on(seconds, expected):
    assert shown(seconds, moving=True).endswith(expected)


def test_a_mailing_that_nobody_sends_takes_no_remaining_time():
    assert "left" not in shown(16, moving=False)


def test_nobody_can_tell_from_the_speed_when_deferred_mail_has_left():
    assert "left" not in shown(16, moving=True, waits=State.DEFERRED)


def test_a_speed_has_the_readers_decimal_sign():
    assert "letzte Minute: 7,5 je Sekunde, noch etwa 0:01:20" in shown(16, moving=True, language="de")
