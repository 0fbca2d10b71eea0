"""Differences between two ways to see an issue, and mailings that were sent."""

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.config import Config
from ruhrmail.flows.differences import Differences, Side, compare_sides, no_such_side, sent_side, side_of
from ruhrmail.flows.proof_mail import Chosen, choose, stored_frame
from ruhrmail.i18n import Translator
from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import (
    Refused,
    choice_of,
    desk_of,
    press_of,
    proof_of,
    reader_of,
    view_of,
)
from ruhrmail.preview.look import respond_frame, respond_json

Other = tuple[Side, str]
"""What one compares with, and the address of its mail."""


async def differences(request: Request) -> Response:
    """What is different between the issue as it is chosen and something else."""
    right = choice_of(request, await proof_of(request))
    left, address = await other_of(request, right)
    found = await run_in_threadpool(compare_sides, left, side_of(right))
    return respond_json(show_differences(found, (address, mail_address(right)), desk_of(request).words))


async def other_of(request: Request, right: Chosen) -> Other:
    """What the address names after `with=`. Raises RuhrmailError for what is not there."""
    kind, _, name = request.query_params.get("with", "").partition(":")
    if kind == "mailing":
        from ruhrmail.flows.sent import read_sent

        sent = await run_in_threadpool(read_sent, right.config, name, right.reader)
        return sent_side(sent), f"sent/{name}/mail?{urlencode({'reader': right.reader.id, 'variant': sent.variant})}"
    chosen = None
    if kind == "variant":
        chosen = choose(right.config, right.made, right.reader, name)
    elif kind == "reader":
        chosen = choose(right.config, right.made, reader_of(request, name), None)
    elif kind == "issue":
        proof = await press_of(request).proof(name)
        chosen = choose(right.config, proof.made, right.reader, None) if proof.made else None
    if chosen is None:
        raise no_such_side(name)
    return side_of(chosen), mail_address(chosen)


def mail_address(chosen: Chosen) -> str:
    """Where the mail of a choice is."""
    query = urlencode({"variant": chosen.edition.variant, "reader": chosen.reader.id})
    return f"issues/{chosen.edition.slug}/mail?{query}"


def show_differences(found: Differences, addresses: tuple[str, str], words: Translator) -> dict[str, Any]:
    """The JSON."""
    sides = [
        {"label": words(side.label), "subject": side.subject, "mail": address}
        for side, address in zip((found.left, found.right), addresses, strict=True)
    ]
    blocks = [
        {
            "kind": one.kind,
            "left": [[piece.kind, piece.text] for piece in one.left],
            "right": [[piece.kind, piece.text] for piece in one.right],
        }
        for one in found.comparison.changes
    ]
    state = {"same": found.comparison.same, "bounded": found.comparison.bounded}
    return {"left": sides[0], "right": sides[1], **state, "blocks": blocks}


async def sent_mail(request: Request) -> Response:
    """The HTML of a mailing as it was prepared."""
    from ruhrmail.flows.sent import read_sent

    config = config_of(request)
    reader, variant = reader_of(request), request.query_params.get("variant")
    sent = await run_in_threadpool(read_sent, config, str(request.path_params["name"]), reader, variant)
    return respond_frame(await run_in_threadpool(stored_frame, config, sent, view_of(request)))


def config_of(request: Request) -> Config:
    """The settings as they were last right. Raises Refused where they never were."""
    config = desk_of(request).proofs.config
    if config is None:
        raise Refused(409, phrase("the settings have errors"))
    return config
