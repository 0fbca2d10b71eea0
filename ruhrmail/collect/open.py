"""A mailbox of the settings to one that is open."""

from collections.abc import Iterator
from contextlib import contextmanager

from ruhrmail.collect.found import Reader
from ruhrmail.collect.maildir import Maildir
from ruhrmail.collect.mbox import Mbox
from ruhrmail.config import Mailbox
from ruhrmail.errors import MailboxError
from ruhrmail.model.phrase import phrase


@contextmanager
def open_mailbox(mailbox: Mailbox) -> Iterator[Reader]:
    """The mailbox while the block runs; a folder is a Maildir, a file an mbox. Raises MailboxError."""
    if mailbox.imap is not None:
        from ruhrmail.collect.imap import opened_imap

        with opened_imap(mailbox.imap, delete=mailbox.delete) as reader:
            yield reader
    elif mailbox.path is None:
        raise MailboxError(
            phrase("standard input is no mailbox that can be looked at again"),
            hint=phrase("a mail server hands each message to: ruhrmail bounces -"),
        )
    elif mailbox.path.is_dir():
        yield Maildir(mailbox.path, delete=mailbox.delete)
    else:
        yield Mbox(mailbox.path, delete=mailbox.delete)
