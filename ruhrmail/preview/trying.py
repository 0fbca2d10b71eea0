"""Test mailings from the desk."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.flows.proof_mail import Chosen, choose
from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import Refused, desk_of, proof_of, reader_of
from ruhrmail.preview.desk import Desk
from ruhrmail.preview.look import respond_json

if TYPE_CHECKING:
    from ruhrmail.flows.trial import Trial

INBOX = "inbox"
Result = TypeVar("Result")
LONGEST = 10_000
"""Bytes of a request."""


async def test(request: Request) -> Response:
    """Sends what is shown to one configured test address, or into the local inbox."""
    wanted = await read_wish(request)
    proof, desk = await proof_of(request), desk_of(request)
    if proof.errors or proof.made is None or desk.proofs.config is None or desk.proofs.trouble:
        raise Refused(409, phrase("the issue has errors: mend them first"))
    chosen = choose(desk.proofs.config, proof.made, reader_of(request, wanted["reader"]), wanted["variant"])
    if chosen is None:
        raise Refused(404, phrase("the issue has no such variant"))
    try:
        trial, relay = await aside(partial(send, desk, chosen, wanted["to"] or ""))
    except asyncio.CancelledError as error:
        raise Refused(503, phrase("the preview ends")) from error
    reply = trial.attempt.reply
    answer = f"{reply.code} {reply.enhanced} {reply.text}".replace("  ", " ") if reply else trial.attempt.text
    return respond_json({"sent": trial.sent, "to": wanted["to"], "reply": answer, "relay": relay})


async def aside(work: Callable[[], Result]) -> Result:
    """A call in a thread of its own, which the preview's end does not wait for: a silent relay takes a minute."""
    found: Future[Result] = Future()
    found.set_running_or_notify_cancel()  # who gave up waiting must not take from the thread where to leave its result

    def run() -> None:
        try:
            found.set_result(work())
        except Exception as error:  # noqa: BLE001 - whoever awaits it gets it
            found.set_exception(error)

    Thread(target=run, name="trial", daemon=True).start()
    return await asyncio.wrap_future(found)


def send(desk: Desk, chosen: Chosen, to: str) -> "tuple[Trial, str]":
    """Sends a choice. Raises Refused for an address that is not configured, and what `send_trial` raises."""
    from ruhrmail.flows.trial import send_trial

    person = chosen.reader.person
    if to == INBOX:
        return send_trial(chosen.config, chosen.edition, person, desk.machine, desk.inbox.folder)
    if to not in chosen.config.settings.delivery.test:
        raise Refused(400, phrase("this is no configured test address"))
    return send_trial(chosen.config, chosen.edition, replace(person, email=to), desk.machine)


async def read_wish(request: Request) -> dict[str, str | None]:
    """Variant, reader and address of a request; None for what it does not name. Raises Refused."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            raise Refused(413, phrase("the request is too long"))
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, phrase("the request cannot be read")) from error
    values: list[Any] = [found.get(name) if isinstance(found, dict) else 0 for name in ("variant", "reader", "to")]
    if any(one is not None and not isinstance(one, str) for one in values):
        raise Refused(400, phrase("the request cannot be read"))
    return dict(zip(("variant", "reader", "to"), values, strict=True))
