"""Differences between two ways to see an issue, and mailings that were sent."""

from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import Refused, choice_of, proof_of
from ruhrmail.preview.look import respond_json


async def differences(request: Request) -> Response:
    """What is different."""
    chosen = choice_of(request, await proof_of(request))
    side = {"label": chosen.edition.variant, "subject": chosen.subject, "mail": f"issues/{chosen.edition.slug}/mail"}
    return respond_json({"left": side, "right": side, "same": True, "bounded": False, "blocks": []})


async def sent_mail(request: Request) -> Response:
    """The HTML of a mailing as it was prepared."""
    raise Refused(404, phrase("there is no such mailing"))
