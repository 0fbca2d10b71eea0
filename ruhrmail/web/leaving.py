"""The way out: `/u/TOKEN`. GET shows one button, for link scanners open every link; POST acts at once (RFC 8058)."""

import re

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.i18n import choose_language
from ruhrmail.model.public import Left
from ruhrmail.web.look import Page, make_page, respond, send_page, show
from ruhrmail.web.site import Site

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


async def unsubscribe(request: Request) -> Response:
    """Answers one of METHODS.

    The body of a POST is never looked at: `List-Unsubscribe=One-Click` in whatever wrapping, or nothing at all. Nobody
    waits for it either, and the server throws away what comes after the answer.
    """
    if request.method == "OPTIONS":
        return respond(request, b"", "text/plain; charset=utf-8", 204, {"Allow": ", ".join(METHODS)})
    token = request.path_params["token"]
    if not TOKEN.fullmatch(token):
        raise HTTPException(404)
    if request.method != "POST":
        return await run_in_threadpool(ask, request, token)
    left = await site_of(request).leave(token)
    return dead_link(request) if left is None else farewell(request, left)


def ask(request: Request, token: str) -> Response:
    """Shows whose link it is, with the button; changes nothing."""
    site = site_of(request)
    found = site.look_up(token)
    if found is None:
        return dead_link(request)
    if found.gone:
        return farewell(request, Left(found.language, known=bool(found.address)))
    language = choose_language(found.language, site.language)
    return show(request, "unsubscribe.html.j2", headers=PRIVATE, language=language, leaving=found)


def farewell(request: Request, left: Left) -> Response:
    """Says that they are off the list, in their language. Names nobody, so the page is made once."""
    site = site_of(request)
    which = choose_language(left.language, site.language), left.known
    made: dict[tuple[str, bool], Page] = request.app.state.farewells
    if which not in made:
        made[which] = make_page(site, "gone.html.j2", which[0], known=left.known)
    return send_page(request, made[which], headers=PRIVATE)


def dead_link(request: Request) -> Response:
    """The answer to a token that is nobody's."""
    return show(request, "error.html.j2", 404, PRIVATE, error="token")


def site_of(request: Request) -> Site:
    """The newsletter this request is for."""
    site: Site = request.app.state.site
    return site
