"""Mailboxes to messages: Maildir, mbox, IMAP, standard input, one after the other and each bounded."""

from ruhrmail.collect.found import LIMIT, Found, Position, Reader
from ruhrmail.collect.open import open_mailbox
from ruhrmail.collect.stream import read_stream

__all__ = ["LIMIT", "Found", "Position", "Reader", "open_mailbox", "read_stream"]
