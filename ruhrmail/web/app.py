"""Site to ASGI application: which address leads to which page."""

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ruhrmail.errors import StoreError
from ruhrmail.web import joining, leaving, pages, preferences
from ruhrmail.web.body import Body
from ruhrmail.web.counting import Counting
from ruhrmail.web.gate import Gate
from ruhrmail.web.hooks import hook
from ruhrmail.web.limits import Limits
from ruhrmail.web.look import show
from ruhrmail.web.site import Site

ROUTES = (
    Route("/u/{token}", leaving.unsubscribe, methods=leaving.METHODS),
    Route("/", pages.start),
    Route("/index.html", pages.to_start),
    Route("/subscribe", joining.subscribe, methods=["GET", "POST"]),
    Route("/subscribe/sent", joining.sent),
    Route("/confirm/{token}", joining.confirm, methods=["GET", "POST"]),
    Route("/preferences/{token}", preferences.preferences, methods=["GET", "POST"]),
    Route("/address/{token}", preferences.move, methods=["GET", "POST"]),
    Route("/archive", pages.to_folder),
    Route("/archive/", pages.archive),
    Route("/archive/index.html", pages.to_folder),
    Route("/archive/{slug}", pages.to_folder),
    Route("/archive/{slug}/", pages.issue),
    Route("/archive/{slug}/index.html", pages.to_folder),
    Route("/archive/{slug}/{name}", pages.file),
    Route("/archive/{slug}/assets/{name}", pages.asset),
    *(Route(path, pages.shared) for path in pages.SHARED),
    Route("/hooks/{service}", hook, methods=["POST"]),
    Route("/healthz", pages.health),
    Route("/metrics", pages.metrics),
    Route("/robots.txt", pages.robots),
    Route("/favicon.ico", pages.favicon),
)


ERRORS = {400: "form", 405: "method", 500: "bug"}
"""What an error page says, where it is not that there is no such page."""


def make_app(site: Site) -> Starlette:
    """The web service of one newsletter as an ASGI application."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Gate, url=site.url), Middleware(Counting, count=site.count), Middleware(Body)],
        exception_handlers={HTTPException: no_page, StoreError: no_store, Exception: our_fault},
    )
    # Starlette's own redirects name the host of the request; ours name none.
    app.router.redirect_slashes = False
    app.state.site = site
    app.state.farewells = {}
    app.state.limits = Limits()
    app.state.base = urlsplit(site.url).path.rstrip("/")
    return app


def no_page(request: Request, error: Exception) -> Response:
    """404, 405 and their like."""
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    return show(request, "error.html.j2", status, headers, error=ERRORS.get(status, "page"))


def no_store(request: Request, error: Exception) -> Response:
    """The store does not answer: mail clients and people come again."""
    return show(request, "error.html.j2", 503, {"Retry-After": "30"}, error="store")


def our_fault(request: Request, error: Exception) -> Response:
    """A bug: readers see an apology, the log gets the traceback."""
    return show(request, "error.html.j2", 500, error="bug")
