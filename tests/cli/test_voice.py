"""A worker says each thing once, however long it lasts."""

import io

import pytest

from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.voice import SLOWED_AGAIN, TOLD_AGAIN, Voice
from ruhrmail.deliver import Progress, RelayTrouble, Slowed, Working
from ruhrmail.errors import RelayError
from ruhrmail.i18n import translator
from ruhrmail.model.mail import Reply
from ruhrmail.model.phrase import phrase


class Spoken:
    def __init__(self):
        self.now, self.stream = 0.0, io.StringIO()
        self.voice = Voice(Terminal(self.stream, self.stream, translator("en"), color=False), lambda: self.now)

    def hear(self, *events):
        for event in events:
            self.voice.on_event(event)
        self.voice.tick()

    @property
    def lines(self):
        return self.stream.getvalue().splitlines()


@pytest.fixture
def spoken():
    return Spoken()


def refused(attempt=1):
    return RelayTrouble("main", RelayError(phrase("the relay {relay} said {text}", relay="main", text=attempt)), 5.0)


def test_a_relay_that_is_away_for_an_hour_is_told_once_and_after_the_hour_again(spoken):
    for attempt in range(100):
        spoken.now = attempt * TOLD_AGAIN / 100
        spoken.hear(refused(attempt))
    assert ["the relay main said 0"] == spoken.lines
    spoken.now = TOLD_AGAIN + 1
    spoken.hear(refused(100))
    assert 2 == len(spoken.lines)


def test_that_a_relay_answers_again_is_told_once_and_its_next_trouble_at_once(spoken):
    spoken.hear(Working({"main": 0}), refused(), Working({"main": 3}), Working({"main": 3}), refused(2))
    assert ["the relay main said 1", "main answers again", "the relay main said 2"] == spoken.lines


def test_who_asks_for_less_again_and_again_is_named_now_and_then(spoken):
    less = Slowed("main", 2, 0.0, Reply(421, "later", "4.7.0"), "hafen.example")
    spoken.hear(less, less, Slowed("main", 2, 0.0, Reply(421, "later", "4.7.0"), "zeche.example"))
    spoken.now = SLOWED_AGAIN
    spoken.hear(less)
    named = [line.split(" to ")[1].partition(":")[0] for line in spoken.lines]
    assert ["hafen.example", "zeche.example", "hafen.example"] == named


def test_messages_are_no_news(spoken):
    spoken.hear(*(Progress(sent=count) for count in range(100)))
    assert [] == spoken.lines
