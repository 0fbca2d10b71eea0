"""Desk to ASGI application: which address leads to which page."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.preview import comparing, mailbox, pages, trying
from ruhrmail.preview.asked import Refused, desk_of
from ruhrmail.preview.desk import Desk
from ruhrmail.preview.gate import Gate
from ruhrmail.preview.look import respond_json
from ruhrmail.preview.press import Press

ROUTES = (
    Route("/", pages.start),
    Route("/static/{name}", pages.static),
    Route("/words.json", pages.words),
    Route("/state", pages.state),
    Route("/events", pages.events),
    Route("/readers", pages.readers),
    Route("/issues/{slug}", pages.issue),
    Route("/issues/{slug}/findings", pages.findings),
    Route("/issues/{slug}/source", pages.source),
    Route("/issues/{slug}/mail", pages.mail),
    Route("/issues/{slug}/text", pages.text),
    Route("/issues/{slug}/code", pages.code),
    Route("/issues/{slug}/message.eml", pages.message),
    Route("/issues/{slug}/web/", pages.web),
    Route("/issues/{slug}/web/{name}", pages.web),
    Route("/issues/{slug}/web/assets/{name}", pages.asset),
    Route("/issues/{slug}/differences", comparing.differences),
    Route("/issues/{slug}/test", trying.test, methods=["POST"]),
    Route("/sent/{name:path}/mail", comparing.sent_mail),
    Route("/inbox", mailbox.listing),
    Route("/inbox/{name}", mailbox.message),
    Route("/inbox/{name}/html", mailbox.html),
    Route("/inbox/{name}/raw", mailbox.raw),
)


def make_app(desk: Desk, press: Press, token: str, port: int) -> Starlette:
    """The preview of one project as an ASGI application."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Gate, token=token, port=port)],
        exception_handlers={HTTPException: refused, RuhrmailError: wrong, Exception: our_fault},
    )
    app.router.redirect_slashes = False
    app.state.desk, app.state.press, app.state.newsroom = desk, press, press.newsroom
    return app


async def refused(request: Request, error: Exception) -> Response:
    """What cannot be answered, and why."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = error.message if isinstance(error, Refused) else phrase("there is no such page")
    return tell(request, status, message)


async def wrong(request: Request, error: Exception) -> Response:
    """An error that a person can mend."""
    message = error.message if isinstance(error, RuhrmailError) else phrase("there is no such page")
    return tell(request, 409, message, error.hint if isinstance(error, RuhrmailError) else None)


async def our_fault(request: Request, error: Exception) -> Response:
    """A bug: the log gets the traceback."""
    return tell(request, 500, phrase("something in ruhrmail is broken: the terminal says what"))


def tell(request: Request, status: int, message: Phrase, hint: Phrase | None = None) -> Response:
    """An error as JSON."""
    words = desk_of(request).words
    return respond_json({"error": words(message), "hint": words(hint) if hint else ""}, status)
