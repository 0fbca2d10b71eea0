"""The line that announces a mail in the list of an inbox, as clients cut it.

The numbers of characters are approximations: clients cut by pixels, and by the width that people give the list. They
are what fits at usual sizes of window and telephone with letters of average width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhrmail.model.phrase import Phrase, phrase

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as it is shown, and whether something of it is missing."""

    shown: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Client:
    """How many characters a client shows. `shared`: the preheader gets what the subject leaves of this many."""

    id: str
    label: str
    sender: int
    subject: int
    preheader: int
    note: Phrase
    shared: int = 0


CLIENTS = (
    Client(
        "gmail-desktop",
        "Gmail",
        20,
        110,
        110,
        phrase("in a window 1280 pixels wide; subject and preview text share one line"),
        shared=110,
    ),
    Client("gmail-mobile", "Gmail (Android, iOS)", 28, 38, 42, phrase("upright; one line each")),
    Client("apple-mail-mobile", "Apple Mail (iPhone)", 27, 40, 84, phrase("upright; the preview text has two lines")),
    Client(
        "apple-mail-desktop",
        "Apple Mail (macOS)",
        30,
        55,
        130,
        phrase("the list at its usual width, two lines of preview text"),
    ),
    Client("outlook", "Outlook (Windows)", 28, 54, 58, phrase("the list at its usual width, one line of preview text")),
)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """What one client shows of a mail that is not open."""

    client: Client
    sender: Cut
    subject: Cut
    preheader: Cut


def cut_line(sender: str, subject: str, preheader: str) -> Sequence[InboxLine]:
    """The line in every client; `preheader` is the preview text, else the beginning of the mail's text."""
    return [cut_for(client, sender, subject, preheader) for client in CLIENTS]


def cut_for(client: Client, sender: str, subject: str, preheader: str) -> InboxLine:
    """The line in one client."""
    title = cut(subject, client.subject)
    room = client.shared - len(title.shown) - 3 if client.shared else client.preheader
    return InboxLine(client, cut(sender, client.sender), title, cut(preheader, max(0, room)))


def cut(text: str, room: int) -> Cut:
    """The text in so many characters."""
    words = " ".join(text.split())
    if len(words) <= room:
        return Cut(words, False)
    return Cut(words[: room - 1].rstrip() + ELLIPSIS if room > 1 else "", True)
