"""The Maildir as a relay."""

import asyncio
import mailbox
from pathlib import Path

import pytest

from ruhrmail.config import Relay
from ruhrmail.deliver.connection import deliver_one
from ruhrmail.deliver.maildir import MaildirConnection
from ruhrmail.errors import RelayError
from ruhrmail.model.mail import Attempt, Outcome
from tests.deliver.book import make_message


def keep(path: Path) -> Attempt:
    async def run() -> Attempt:
        connection = MaildirConnection(Relay("maildir", "maildir", path=str(path)))
        async with asyncio.timeout(60):
            return await deliver_one(connection, make_message("reader@example.org", "Grüße"))

    return asyncio.run(run())


def test_message_lies_in_new_with_its_envelope(tmp_path: Path) -> None:
    assert Outcome.SENT is keep(tmp_path / "a" / "box").outcome
    [message] = list(mailbox.Maildir(tmp_path / "a" / "box", create=False))
    assert ("<bounce@example.org>", "reader@example.org") == (message["Return-Path"], message["Delivered-To"])
    assert "Grüße" in (message.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file")
    with pytest.raises(RelayError, match="cannot be written"):
        keep(tmp_path / "box")
