"""A person's own pages: what they get and where, and the link that confirms a new address."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.model.phrase import Phrase
from ruhrmail.model.preferences import Chosen, Stage
from ruhrmail.web.forms import read_fields
from ruhrmail.web.joining import EMPTY
from ruhrmail.web.leaving import PRIVATE, TOKEN, site_of
from ruhrmail.web.look import respond, show
from ruhrmail.web.pages import PLAIN, base_of

TOPIC = "topic."
"""How the fields of topics begin; the tag follows."""
CHOICES, ADDRESS = "choices", "address"
"""Which form of the page was sent, and what was done."""
STATUS = {Stage.LATE: 410}


async def preferences(request: Request) -> Response:
    """`/preferences/TOKEN`: GET shows the page and changes nothing, POST saves at once and leads back to it."""
    token = request.path_params["token"]
    if not TOKEN.fullmatch(token):
        raise HTTPException(404)
    if request.method != "POST":
        return await run_in_threadpool(page, request, token)
    fields = await read_fields(request)
    save = {CHOICES: choose, ADDRESS: ask_to_move}.get(fields.get("form", ""))
    if save is None:
        raise HTTPException(400)
    return await run_in_threadpool(save, request, token, fields)


def choose(request: Request, token: str, fields: Mapping[str, str]) -> Response:
    """Saves topics and language; boxes that are not ticked are not sent."""
    topics = tuple(name.removeprefix(TOPIC) for name in fields if name.startswith(TOPIC))
    saved = site_of(request).personal.choose(token, Chosen(topics, fields.get("language", "")))
    return back(request, token, CHOICES) if saved else page(request, token)


def ask_to_move(request: Request, token: str, fields: Mapping[str, str]) -> Response:
    """Has a mail sent to a new address; says the same whichever it is."""
    personal, entered = site_of(request).personal, fields.get("email", "")
    found = personal.look_up(token)
    if found is None or found.gone:
        return page(request, token)
    reason = personal.ask_to_move(token, entered)
    if reason is not None:
        return page(request, token, entered, reason if entered.strip() else EMPTY)
    return back(request, token, ADDRESS)


def back(request: Request, token: str, done: str) -> Response:
    """Leads to the page again, so that reloading it sends nothing twice."""
    location = f"{base_of(request)}/preferences/{token}?done={done}"
    return respond(request, b"", PLAIN, 303, {"Location": location, **PRIVATE})


def page(request: Request, token: str, entered: str = "", reason: Phrase | None = None) -> Response:
    """The page as it stands; with what was entered as a new address and why that is none."""
    found = site_of(request).personal.look_up(token)
    if found is None:
        return show(request, "error.html.j2", 404, PRIVATE, error="own")
    if found.gone:
        return show(request, "absent.html.j2", headers=PRIVATE, language=found.language, person=found)
    done = "" if reason else request.query_params.get("done", "")
    return show(
        request, "preferences.html.j2", headers=PRIVATE, language=found.language, person=found, topic=TOPIC, done=done,
        entered=entered, reason=reason, days=site_of(request).joining.days,
    )  # fmt: skip


def move(request: Request) -> Response:
    """`/address/TOKEN`: GET shows one button, for link scanners open every link; POST changes the address."""
    token, personal = request.path_params["token"], site_of(request).personal
    use = personal.move if request.method == "POST" else personal.look_up_moving
    found = use(token) if TOKEN.fullmatch(token) else None
    if found is None:
        return show(request, "error.html.j2", 404, PRIVATE, error="own")
    return show(request, "address.html.j2", STATUS.get(found.stage, 200), PRIVATE, found.language, moving=found)
