"""The pages, one function each: request to response."""

from functools import partial
from importlib import resources

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.flows.proof_mail import find_asset, find_file, mail_frame, page_frame
from ruhrmail.flows.proof_source import read_source
from ruhrmail.model.phrase import phrase
from ruhrmail.preview.asked import (
    Refused,
    choice_of,
    desk_of,
    name_of,
    press_of,
    proof_of,
    slug_of,
    view_of,
)
from ruhrmail.preview.look import (
    DESK,
    FIXED,
    HTML,
    NOTHING,
    respond,
    respond_download,
    respond_frame,
    respond_json,
    respond_text,
)
from ruhrmail.preview.shown import show_checked, show_proof, show_reader, show_state, show_trouble
from ruhrmail.preview.windows import Window
from ruhrmail.preview.words import desk_words

STATIC = resources.files("ruhrmail.preview") / "static"
KINDS = {
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
}


def start(_request: Request) -> Response:
    """The desk itself."""
    return respond((STATIC / "index.html").read_bytes(), HTML, policy=DESK)


def static(request: Request) -> Response:
    """A file of the front end."""
    name = name_of(request)
    kind = KINDS.get(name[name.rfind(".") :])
    found = STATIC / name
    if kind is None or not found.is_file():
        raise HTTPException(404)
    return respond(found.read_bytes(), kind, policy=DESK)


def words(request: Request) -> Response:
    """What the desk says, in its language."""
    return respond_json(desk_words(desk_of(request).words))


async def state(request: Request) -> Response:
    """The list of issues and what surrounds them."""
    desk, newsroom = desk_of(request), newsroom_of(request)
    issues = await run_in_threadpool(newsroom.issues)
    config = desk.proofs.config
    mailings = await run_in_threadpool(newsroom.mailings, config) if config else ()
    gone = not desk.project.is_dir()
    shown = show_state(desk, issues, mailings, press_of(request).generation, gone)
    return respond_json(shown | {"store": show_trouble(newsroom.trouble, desk.words)})


async def events(request: Request) -> Response:
    """What happens, as it happens."""
    windows = press_of(request).windows
    if windows.full:
        raise Refused(503, phrase("too many windows are open: close some"))
    wanted = request.query_params.get("issue", "")
    window = Window(wanted if wanted and newsroom_of(request).issue(wanted) else "")
    if window.slug:
        press_of(request).begin(press_of(request).look_at(window.slug))
    window.put("hello", {"revision": press_of(request).generation})
    headers = {**FIXED, "Content-Security-Policy": NOTHING}
    return StreamingResponse(windows.stream(window), headers=headers, media_type="text/event-stream")


async def issue(request: Request) -> Response:
    """An issue as variant and reader select it."""
    proof = await proof_of(request)
    chosen = choice_of(request, proof) if proof.made else None
    shown = await run_in_threadpool(show_proof, proof, chosen, desk_of(request).words)
    return respond_json(shown)


async def findings(request: Request) -> Response:
    """What the last finished check found. One that was given up while no window looked at the issue begins anew."""
    slug, press = slug_of(request), press_of(request)
    proof, checked = await proof_of(request), press.checked.get(slug)
    if checked is None or checked.revision < proof.revision:
        press.begin(press.check(slug, press.generation))
    return respond_json(show_checked(checked, slug, desk_of(request).words))


async def source(request: Request) -> Response:
    """A file that findings may lead to, line by line."""
    proof = await proof_of(request)
    name = request.query_params.get("file", "")
    found = await run_in_threadpool(read_source, desk_of(request).project, proof.slug, name)
    if found is None:
        raise Refused(404, phrase("there is no such file"))
    return respond_json({"file": found.file, "lines": list(found.lines)})


async def mail(request: Request) -> Response:
    """The mail for a frame."""
    chosen, view = choice_of(request, await proof_of(request)), view_of(request)
    clipped = desk_of(request).words(phrase("Gmail ends the mail here and offers a link to the rest."))
    return respond_frame(await run_in_threadpool(mail_frame, chosen, view, clipped))


async def text(request: Request) -> Response:
    """The text part."""
    return respond_text(choice_of(request, await proof_of(request)).text)


async def code(request: Request) -> Response:
    """The HTML as it is sent."""
    return respond_text(choice_of(request, await proof_of(request)).html)


async def message(request: Request) -> Response:
    """The whole message as a file."""
    chosen = choice_of(request, await proof_of(request))
    content = await run_in_threadpool(chosen.message)
    return respond_download(content, "message/rfc822", f"{chosen.file_stem()}.eml")


async def web(request: Request) -> Response:
    """The issue's page, an article's, or a calendar."""
    name = request.path_params.get("name") or "index.html"
    made, mode = (await proof_of(request)).made, view_of(request).mode
    if made is not None and name == "index.html":
        return respond_frame(page_frame(made.edition.web, mode))
    found = find_file(made, name) if made else None
    if found is None:
        raise Refused(404, phrase("there is no such file"))
    if found.name.endswith(".ics"):
        return respond_download(found.content, found.media_type, found.name)
    return respond_frame(page_frame(found.content.decode(), mode))


async def asset(request: Request) -> Response:
    """A picture; its name is made from its content."""
    made = (await proof_of(request)).made
    found = find_asset(made, name_of(request)) if made else None
    if found is None:
        raise Refused(404, phrase("there is no such file"))
    return respond(found.content, found.media_type, headers={"Cache-Control": "private, max-age=3600"})


async def readers(request: Request) -> Response:
    """People of the list by search."""
    desk = desk_of(request)
    wanted = request.query_params.get("q", "")[:100]
    config = desk.proofs.config
    if config is None or not wanted.strip():
        return respond_json({"readers": [], "complete": True})
    found = await run_in_threadpool(partial(desk.readers.search, config, wanted))
    return respond_json(
        {"readers": [show_reader(one, desk.words) for one in found.readers], "complete": found.complete}
    )


def newsroom_of(request: Request) -> Newsroom:
    """What the project holds."""
    newsroom: Newsroom = request.app.state.newsroom
    return newsroom
