"""The local inbox: what `send` and test mailings delivered on this machine."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.files import read_beginning
from ruhrmail.flows.letter import Letter, read_letter
from ruhrmail.flows.proof_mail import letter_frame
from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import Refused, desk_of, name_of
from ruhrmail.preview.desk import Inbox, Kept
from ruhrmail.preview.look import respond_frame, respond_json, respond_text

MOST = 200
LARGEST = 10_000_000
"""Bytes of a message that are looked at."""
FOLDERS = ("new", "cur")


def listing(request: Request) -> Response:
    """What lies there, the latest first."""
    inbox = desk_of(request).inbox
    messages = [show_kept(one) for one in reversed(inbox.list(MOST))]
    return respond_json({"folder": str(inbox.folder), "address": inbox.address, "messages": messages})


def message(request: Request) -> Response:
    """One message: headers and text."""
    content, size = content_of(request)
    letter = read_letter(content)
    shown = {"id": name_of(request), "size": size, "headers": [list(one) for one in letter.headers]}
    about = {"html": bool(letter.html), "text": letter.text, "unsubscribe": letter.unsubscribe}
    return respond_json(shown | about)


def html(request: Request) -> Response:
    """Its HTML part for a frame."""
    config = desk_of(request).proofs.config
    letter: Letter = read_letter(content_of(request)[0])
    return respond_frame(letter_frame(letter, config.url if config else "https://"))


def raw(request: Request) -> Response:
    """Its source."""
    return respond_text(content_of(request)[0].decode("utf-8", "replace"))


def show_kept(kept: Kept) -> dict[str, Any]:
    """One line of the list."""
    try:
        at = datetime.fromtimestamp(kept.file.stat().st_mtime, UTC).isoformat(timespec="seconds")
    except OSError:  # deleted meanwhile
        at = None
    return {
        "id": kept.file.name,
        "sender": kept.sender,
        "recipient": kept.recipient,
        "subject": kept.subject,
        "size": kept.size,
        "at": at,
    }


def content_of(request: Request) -> tuple[bytes, int]:
    """A message, or the beginning of one that is too large to be shown, and its size. Raises Refused where there is
    none."""
    return read_message(desk_of(request).inbox, name_of(request))


def read_message(inbox: Inbox, name: str) -> tuple[bytes, int]:
    """The same by its name. Another program may take it away at any moment, or from one place to the next."""
    for path in places(inbox, name):
        with suppress(FileNotFoundError):
            if path.is_file():
                return read_beginning(path, LARGEST), path.stat().st_size
    raise Refused(404, phrase("there is no such message"))


def places(inbox: Inbox, name: str) -> list[Path]:
    """Where a message can lie, in the order in which it goes."""
    return [inbox.folder / folder / name for folder in FOLDERS]
