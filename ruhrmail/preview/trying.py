"""Test mailings from the desk."""

from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import Refused


async def test(request: Request) -> Response:
    """Sends what is shown to one test address or into the local inbox."""
    raise Refused(400, phrase("this is no configured test address"))
