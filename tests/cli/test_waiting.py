"""Who waits for a time sees until when, and on a terminal how long it still takes."""

import io
import time
from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.cli.progress import watching
from ruhrmail.cli.terminal import Terminal
from ruhrmail.flows.events import Countdown, Draining
from ruhrmail.i18n import translator
from ruhrmail.watch.tally import Tally

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


class Screen(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "expected"), [(Screen, ["0:00:12", "0:00:11"]), (io.StringIO, [])])
def test_the_time_is_told_once_and_a_terminal_counts_down(stream, expected):
    err = stream()
    with watching(Terminal(io.StringIO(), err, translator("en"), color=False), Tally(time.monotonic)) as watch:
        for seconds in (11.4, 10.4):
            watch.on_event(Countdown(AT, timedelta(seconds=seconds)))
        watch.on_event(Draining())
    assert 1 == err.getvalue().count("waiting until")
    assert expected == [text for text in ("0:00:12", "0:00:11", "0:00:10") if f"\x1b[K{text}" in err.getvalue()]
    assert err.getvalue().endswith("stopping: what is on its way is finished; once more ends at once\n")
