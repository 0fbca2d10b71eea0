"""The pages that let people in: the form, what follows it, and the link of the mail."""

import asyncio
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.public import Confirming, Step
from ruhrmail.web.forms import Age, judge, read_fields, stamp
from ruhrmail.web.leaving import PRIVATE, TOKEN
from ruhrmail.web.limits import Limits
from ruhrmail.web.look import language_of, path_to, respond, show
from ruhrmail.web.pages import PLAIN, site_of

TRAP = "website"
"""A field that people neither see nor reach; programs fill it in."""
STROKE = 0.5
"""Seconds: answers leave at full strokes of a clock that starts with the question. What an address leads to takes a few
hundredths at most, so nobody learns from the time what it was."""
EMPTY = phrase("the field is empty")
STATUS = {Step.LATE: 410}


async def subscribe(request: Request) -> Response:
    """GET gives the form out; POST takes it, and answers the same whoever is or is not on the list."""
    if request.method != "POST":
        return form(request)
    limits: Limits = request.app.state.limits
    wait = limits.take(origin_of(request))
    if wait:
        return show(request, "error.html.j2", 429, {**PRIVATE, "Retry-After": str(wait)}, error="often")
    started = time.monotonic()
    fields = await read_fields(request)
    joining, address, language = site_of(request).joining, fields.get("email", ""), language_of(request)
    age = judge(joining.form_keys(), joining.wording(language), fields.get("form", ""), joining.now())
    if not fields.get(TRAP) and age is Age.STALE:
        return form(request, address, again=True)
    if not fields.get(TRAP) and age is Age.GOOD:
        reason = await run_in_threadpool(joining.ask, address, language, origin_of(request))
        if reason is not None:
            return form(request, address, reason if address.strip() else EMPTY)
    await stroke(started)
    target = path_to(site_of(request), "/subscribe/sent", language)
    return respond(request, b"", PLAIN, 303, {"Location": target, **PRIVATE})


def form(request: Request, address: str = "", reason: Phrase | None = None, *, again: bool = False) -> Response:
    """The form, filled in with what was entered: with the reason why that is no address, or to be sent once more."""
    joining, language = site_of(request).joining, language_of(request)
    wording = joining.wording(language)
    return show(
        request, "subscribe.html.j2", headers={"Cache-Control": "no-store"},
        joining=joining, wording=wording, mark=stamp(joining.form_keys(), wording, joining.now()),
        address=address, reason=reason, again=again, trap=TRAP,
    )  # fmt: skip


async def stroke(started: float) -> None:
    """Waits for the next full stroke since `started`, a moment of the monotonic clock."""
    await asyncio.sleep(STROKE - (time.monotonic() - started) % STROKE)


def sent(request: Request) -> Response:
    """What happens next, in words that fit everybody."""
    return show(request, "sent.html.j2", headers=PRIVATE, days=site_of(request).joining.days)


def confirm(request: Request) -> Response:
    """GET shows one button, for link scanners open every link; POST puts the link's owner onto the list."""
    token, joining = request.path_params["token"], site_of(request).joining
    use = joining.confirm if request.method == "POST" else joining.look_up
    found = use(token) if TOKEN.fullmatch(token) else None
    if found is None:
        return show(request, "error.html.j2", 404, PRIVATE, error="confirm")
    language = language_of(request, found.language)
    status, preferences = STATUS.get(found.step, 200), preferences_of(request, token, found)
    return show(
        request, "confirm.html.j2", status, PRIVATE, language,
        here=request.scope["path"] if status == 200 else "", confirming=found, preferences=preferences,
    )  # fmt: skip


def preferences_of(request: Request, token: str, found: Confirming) -> str | None:
    """The path of the page where somebody on the list chooses what they get; None where there is none."""
    return site_of(request).preferences_of(token) if found.step in (Step.CONFIRMED, Step.DONE) else None


def origin_of(request: Request) -> str:
    """The network address that a request comes from, as a proxy on this machine says; empty where nobody does."""
    return request.client.host if request.client else ""
