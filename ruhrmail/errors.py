"""Every error that ruhrmail raises on purpose.

RuhrmailError
├── InvalidInput      what a person wrote is wrong: one or more findings, each with file, line and column
├── UsageError        the command does not fit the situation (exit code 2)
├── ChangedIssue      the issue changed after its mailing began
├── NotApproved       the project demands approval, and nobody approved this content
├── StoreError        the database cannot be read or written
│   ├── StoreAway     the database's server does not answer, and may come back
│   ├── StoreBlocked  another program or a full disk keeps the database from being written
│   ├── StoreNewer    a newer ruhrmail has changed the tables
│   └── StoreLocked   another process is sending from this store
├── ServiceError      the newsletter's web service is not there, or is another's
├── OutputError       standard output or error takes no more
├── RelayError        a relay cannot be used at all: unreachable, no TLS, login refused
└── MailboxError      a mailbox of returned mail cannot be read: gone, unreachable, login refused
    └── MailboxLost   the connection to its server ended in the middle
"""

from collections.abc import Sequence

from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase


class RuhrmailError(Exception):
    """Something a user can mend: what happened, where (None: no file is to blame), and what to do."""

    def __init__(self, message: Phrase, at: Location | None = None, hint: Phrase | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.at = at
        self.hint = hint


class InvalidInput(RuhrmailError):
    """Input that cannot be used; `findings` holds everything wrong with it, at least one an error."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = next(finding for finding in findings if finding.severity == "error")
        super().__init__(first.message, first.at, first.hint)
        self.findings = tuple(findings)


class UsageError(RuhrmailError):
    """The command does not fit the situation."""


class ChangedIssue(RuhrmailError):
    """The issue or its sender changed after its mailing began."""


class NotApproved(RuhrmailError):
    """Nobody approved what is about to be sent, and the project demands that somebody does."""


class StoreError(RuhrmailError):
    """The store cannot be read or written."""


class StoreAway(StoreError):
    """The database's server does not answer, or broke off: nobody knows whether the last transaction was written.

    To try again is worth while.
    """


class StoreBlocked(StoreError):
    """The database answers, and cannot write for now: another program holds a table, its disk is full, somebody broke a
    statement off, a standby took over. Nothing of the transaction was written.

    To try again is worth while for who has time.
    """


class StoreNewer(StoreError):
    """A newer ruhrmail has made or changed the tables: this one does not know what they mean."""


class StoreLocked(StoreError):
    """Another process is sending from this store."""


class ServiceError(RuhrmailError):
    """The newsletter's web service does not answer, or works on another list or with another key."""


class OutputError(RuhrmailError):
    """Standard output or standard error takes no more, as on a full disk."""


class RelayError(RuhrmailError):
    """A relay cannot be used at all: unreachable, without the TLS it must have, or the login was refused."""


class MailboxError(RuhrmailError):
    """A mailbox cannot be read: it is gone, unreachable, without the TLS it must have, or the login was refused."""


class MailboxLost(MailboxError):
    """The connection to a mailbox's server ended in the middle: it can be gone on with."""
