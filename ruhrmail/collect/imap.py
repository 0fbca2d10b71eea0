"""A folder on an IMAP server, page by page: constant memory, and gone on with by UID."""

import imaplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ruhrmail.collect.found import LIMIT, Found, Position
from ruhrmail.collect.imap_client import asked, logged_in, lost, said, select
from ruhrmail.collect.imap_replies import bodies_in, sizes_in
from ruhrmail.config import Imap
from ruhrmail.errors import MailboxError
from ruhrmail.model.phrase import phrase

PAGE = 500
"""Messages whose sizes are asked for at once."""
TURNS = 3
"""How often UIDVALIDITY may change while a folder is read."""
TOGETHER, BYTES = 50, 2 * LIMIT
"""Messages that are fetched at once, and the bytes that they may have."""


@contextmanager
def opened_imap(imap: Imap, *, delete: bool) -> Iterator["ImapFolder"]:
    """The folder while the block runs; without `delete` it is opened only to look. Raises MailboxError."""
    with logged_in(imap) as client:
        yield ImapFolder(imap, client, delete=delete)


class ImapFolder:
    """A folder that is read in the order of UIDs; the position is the last one, and the folder's UIDVALIDITY."""

    def __init__(self, imap: Imap, client: imaplib.IMAP4, *, delete: bool) -> None:
        self._imap, self._client, self._delete = imap, client, delete
        self._dropped: list[int] = []

    def read(self, position: Position) -> Iterator[Found]:
        """As the protocol says. A message that vanished meanwhile is left out. Raises MailboxLost too."""
        last, known = int(position.get("uid", 0)), int(position.get("uidvalidity", 0))
        renumbered = 0
        while True:
            # Selected anew for each page: how many there are is fresh, and numbers stay as they are meanwhile.
            exists, validity = select(self._imap, self._client, writing=self._delete)
            if validity != known:
                last, known = 0, validity
                renumbered += 1
                self._bear(renumbered)
            page = self._page(exists, last)
            if not page:
                return
            for group in groups(page):
                for uid, content in self._bodies(group):
                    trouble = None if content is not None else phrase("the server does not give it")
                    yield Found(f"UID {uid}", {"uid": uid, "uidvalidity": known}, content, trouble, uid)
            self.settle()
            last = page[-1][0]

    def _bear(self, renumbered: int) -> None:
        if renumbered > TURNS:
            raise MailboxError(
                phrase("{mailbox} numbers its messages anew again and again", mailbox=self._imap.shown),
                hint=phrase("run the command again; nothing counts twice"),
            )

    def drop(self, found: Found) -> None:
        """As the protocol says."""
        if self._delete:
            self._dropped.append(found.mark)

    def _page(self, exists: int, last: int) -> list[tuple[int, int]]:
        """UIDs and sizes of the next messages behind `last`.

        Found by halving, for UIDs have gaps and lists of a million are long. The commands are all FETCH: between them
        no server changes the numbers of messages (RFC 3501 section 7.4.1).
        """
        low, high = 1, exists + 1
        while low < high:
            middle = (low + high) // 2
            found = self._sizes(str(middle))
            if found and found[0][0] > last:
                high = middle
            else:
                low = middle + 1
        if low > exists:
            return []
        return [one for one in self._sizes(f"{low}:{min(low + PAGE - 1, exists)}") if one[0] > last]

    def _sizes(self, numbers: str) -> list[tuple[int, int]]:
        """UIDs and sizes by numbers. Raises MailboxLost where some are gone: the numbers are stale."""
        status, data = asked(self._imap, lambda: self._client.fetch(numbers, "(UID RFC822.SIZE)"))
        if status != "OK":
            raise lost(self._imap, data)
        return sizes_in(data)

    def _bodies(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
        """The first bytes of messages; None for one that the server does not give."""
        status, data = self._uid("FETCH", numbers(uids), f"(UID BODY.PEEK[]<0.{LIMIT}>)")
        if status == "OK":
            bodies = bodies_in(data)
            yield from ((uid, bodies[uid]) for uid in uids if uid in bodies)
        elif len(uids) == 1:
            if self._uid("SEARCH", f"UID {uids[0]}")[1][0]:
                yield uids[0], None
        else:
            for uid in uids:
                yield from self._bodies([uid])

    def settle(self) -> None:
        """As the protocol says; what somebody else marked as deleted stays."""
        if not self._dropped:
            return
        uids, self._dropped = numbers(self._dropped), []
        status, data = self._uid("STORE", uids, r"+FLAGS.SILENT (\Deleted)")
        if status != "OK":
            raise self._refused(data)
        if "UIDPLUS" in self._client.capabilities:  # RFC 4315
            self._uid("EXPUNGE", uids)
            return
        marked = self._uid("SEARCH", "DELETED")[1][0] or b""
        if set(marked.split()) <= set(uids.encode().split(b",")):
            asked(self._imap, self._client.expunge)

    def _uid(self, command: str, *arguments: str) -> tuple[str, list[bytes]]:
        return asked(self._imap, lambda: self._client.uid(command, *arguments))

    def _refused(self, data: Sequence[object]) -> MailboxError:
        return MailboxError(
            phrase("{mailbox} refuses a command: {reason}", mailbox=self._imap.shown, reason=said(list(data))),
            hint=phrase("check what the user may do in this folder"),
        )


def groups(page: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """UIDs that are fetched together: few, or small ones."""
    group: list[int] = []
    size = 0
    for uid, bytes_ in page:
        if group and (len(group) == TOGETHER or size + min(bytes_, LIMIT) > BYTES):
            yield group
            group, size = [], 0
        group.append(uid)
        size += min(bytes_, LIMIT)
    if group:
        yield group


def numbers(uids: Sequence[int]) -> str:
    """`3,4,9` as commands have it."""
    return ",".join(map(str, uids))
