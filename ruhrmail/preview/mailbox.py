"""The local inbox: what `send` and test mailings delivered on this machine."""

from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import Refused, desk_of
from ruhrmail.preview.look import respond_json


def listing(request: Request) -> Response:
    """What lies there, the latest first."""
    inbox = desk_of(request).inbox
    return respond_json({"folder": str(inbox.folder), "address": inbox.address, "messages": []})


def message(request: Request) -> Response:
    """One message: headers and text."""
    raise Refused(404, phrase("there is no such message"))


def html(request: Request) -> Response:
    """Its HTML part for a frame."""
    raise Refused(404, phrase("there is no such message"))


def raw(request: Request) -> Response:
    """Its source."""
    raise Refused(404, phrase("there is no such message"))
