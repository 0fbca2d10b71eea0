"""The local inbox: what `send` and test mailings delivered on this machine."""

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
    path = path_of(request)
    letter = read_letter(read_bytes(path))
    shown = {"id": path.name, "size": path.stat().st_size, "headers": [list(one) for one in letter.headers]}
    about = {"html": bool(letter.html), "text": letter.text, "unsubscribe": letter.unsubscribe}
    return respond_json(shown | about)


def html(request: Request) -> Response:
    """Its HTML part for a frame."""
    config = desk_of(request).proofs.config
    letter: Letter = read_letter(read_bytes(path_of(request)))
    return respond_frame(letter_frame(letter, config.url if config else "https://"))


def raw(request: Request) -> Response:
    """Its source."""
    return respond_text(read_bytes(path_of(request)).decode("utf-8", "replace"))


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


def path_of(request: Request) -> Path:
    """The file of a message. Raises Refused where there is none."""
    inbox, name = desk_of(request).inbox, name_of(request)
    found = next((path for path in places(inbox, name) if path.is_file()), None)
    if found is None:
        raise Refused(404, phrase("there is no such message"))
    return found


def places(inbox: Inbox, name: str) -> list[Path]:
    """Where a message can lie."""
    return [inbox.folder / folder / name for folder in FOLDERS]


def read_bytes(path: Path) -> bytes:
    """The message, or the beginning of one that is too large to be shown."""
    return read_beginning(path, LARGEST)
