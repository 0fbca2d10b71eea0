"""The desk's view of the local inbox, and test mailings, while others act too."""

import asyncio
import threading
from pathlib import Path

import pytest

from ruhrmail.cli.preview import run_inbox_beside
from ruhrmail.inbox import list_inbox
from ruhrmail.inbox.keep import keep, make_maildir
from ruhrmail.preview.asked import Refused
from ruhrmail.preview.desk import Inbox
from ruhrmail.preview.mailbox import read_message
from ruhrmail.preview.trying import aside


@pytest.mark.parametrize("kept", [True, False])
def test_a_message_that_goes_on_while_it_is_looked_for_is_found_or_said_to_be_gone(tmp_path, kept):
    class Fleeting(type(tmp_path)):
        """A mail program opens the message right after it was seen."""

        def is_file(self):
            there = super().is_file()
            if there and self.parent.name == "new":
                self.rename(self.parent.parent / "cur" / self.name) if kept else self.unlink()
            return there

    make_maildir(tmp_path)
    keep(tmp_path, "1", [b"Subject: Licht\n\n"])
    inbox = Inbox(Fleeting(tmp_path), list_inbox)
    if kept:
        assert (b"Subject: Licht\n\n", 16) == read_message(inbox, "1")
    else:
        with pytest.raises(Refused):
            read_message(inbox, "1")


def test_a_test_mailing_that_nobody_waits_for_any_more_ends_without_a_traceback(monkeypatch):
    """The preview was told to end while a relay kept silent."""
    wrong, answers = [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", wrong.append)

    async def story():
        waiting = asyncio.create_task(aside(lambda: answers.wait(60)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(story())
    [trial] = [one for one in threading.enumerate() if one.name == "trial"]
    answers.set()
    trial.join(60)
    assert [] == wrong


def test_an_inbox_beside_the_preview_that_does_not_begin_is_an_error_whatever_it_is():
    """Nobody waits for an inbox that never says that it is ready."""
    met = []

    def begin():
        try:
            run_inbox_beside(None, Path("in\0box"))
        except ValueError as error:
            met.append(str(error))

    thread = threading.Thread(target=begin, daemon=True)
    thread.start()
    thread.join(60)
    assert ["embedded null byte"] == met
