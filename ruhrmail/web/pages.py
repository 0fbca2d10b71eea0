"""The pages, one function each: request to response. They run in worker threads, for the store may wait."""

import json
import re
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail import __version__
from ruhrmail.errors import StoreError
from ruhrmail.exposition import CONTENT_TYPE, may_read
from ruhrmail.model.public import Listed
from ruhrmail.slugs import SLUG
from ruhrmail.web.look import HTML, language_of, respond, show
from ruhrmail.web.site import Site

FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,150}\.(?:html|ics)")
FRESH = {"Cache-Control": "public, max-age=300"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
SHOWN_ANYWHERE = {**FOREVER, "Cross-Origin-Resource-Policy": "cross-origin"}
"""Mails show these pictures on the pages of whatever mail service their reader uses."""
PLAIN = "text/plain; charset=utf-8"
LATEST = 3
BELOW = ("", "/", "/{one}", "/{one}/", "/{one}/index.html")
SHARED = (
    "/feed.xml",
    "/feed.json",
    "/calendar.ics",
    "/sitemap.xml",
    *(f"/{folder}{rest}" for folder in ("years", "topics", "search", "og") for rest in BELOW),
    "/search/index/{one}",
)
"""The addresses of what surrounds the issues."""


def start(request: Request) -> Response:
    """What this newsletter is, and its latest issues: the page that `publish` writes, in another language our own."""
    found = list_of(request, "index.html")
    return found or show(request, "start.html.j2", headers=FRESH, issues=newest_first(site_of(request))[:LATEST])


def archive(request: Request) -> Response:
    """Every public issue: the page that `publish` writes, in another language our own."""
    found = list_of(request, "archive/index.html")
    return found or show(request, "archive.html.j2", headers=FRESH, issues=newest_first(site_of(request)))


def list_of(request: Request, path: str) -> Response | None:
    """A page around the issues in the newsletter's language; None where another is asked for, or it is not made yet."""
    site = site_of(request)
    found = site.shared(path) if language_of(request) == site.language else None
    return respond(request, *found, headers=FRESH) if found else None


def to_folder(request: Request) -> Response:
    """Sends `/archive/SLUG` to `/archive/SLUG/`, for the page names its pictures relative to that.

    `/archive/SLUG/index.html` too: articles' pages lead back to that name, which works in a folder on disk as well.
    """
    slug = request.path_params.get("slug")
    if slug is not None and not SLUG.fullmatch(slug):
        raise HTTPException(404)
    target = base_of(request) + "/archive/" + (f"{slug}/" if slug else "")
    return respond(request, b"", PLAIN, 301, {"Location": target, **FRESH})


def issue(request: Request) -> Response:
    """A public issue."""
    slug = request.path_params["slug"]
    page = site_of(request).page(slug) if SLUG.fullmatch(slug) else None
    if page is None:
        return lead_on(request, slug, "")
    return respond(request, page, HTML, headers=FRESH)


def file(request: Request) -> Response:
    """An article's page or a calendar of a public issue."""
    slug, name = request.path_params["slug"], request.path_params["name"]
    found = site_of(request).file(slug, name) if SLUG.fullmatch(slug) and FILE.fullmatch(name) else None
    if found is None:
        return lead_on(request, slug, name)
    content, media_type = found
    return respond(request, content, media_type, headers=FRESH)


def lead_on(request: Request, slug: str, name: str) -> Response:
    """The way to what has another address now. Raises HTTPException (404) where there never was anything."""
    moved = site_of(request).moved(f"{slug}/{name}") if SLUG.fullmatch(slug) else None
    if moved is None:
        raise HTTPException(404)
    target = base_of(request) + "/archive/" + quote(moved if "/" in moved else f"{moved}/")
    return respond(request, b"", PLAIN, 301, {"Location": target, **FRESH})


def to_start(request: Request) -> Response:
    """Sends `/index.html` to `/`."""
    return respond(request, b"", PLAIN, 301, {"Location": f"{base_of(request)}/", **FRESH})


def shared(request: Request) -> Response:
    """What is around the issues: lists, search, feeds; a folder without its slash, or with the name of its page, is
    sent to its one address."""
    path = request.scope["path"].removeprefix("/").removesuffix("/index.html")
    found = site_of(request).shared(path + "index.html" if path.endswith("/") else path)
    if found is not None:
        return respond(request, *found, headers=FRESH)
    if site_of(request).shared(f"{path}/index.html") is None:
        raise HTTPException(404)
    return respond(request, b"", PLAIN, 301, {"Location": f"{base_of(request)}/{quote(path)}/", **FRESH})


def asset(request: Request) -> Response:
    """A picture of a public issue; its name is made from its content, so it may be kept for good."""
    slug, name = request.path_params["slug"], request.path_params["name"]
    found = site_of(request).asset(slug, name) if SLUG.fullmatch(slug) and SLUG.fullmatch(name) else None
    if found is None:
        return lead_on(request, slug, f"assets/{name}")
    content, media_type = found
    return respond(request, content, media_type, headers=SHOWN_ANYWHERE)


def health(request: Request) -> Response:
    """Which store and keys are behind this service, for machines; 503 while the store does not answer, or it stops."""
    site = site_of(request)
    try:
        site.check_store()
        status = "stopping" if site.leaving() else "ok"
    except StoreError:
        status = "store unavailable"
    about = {"status": status, "store": site.store_id, "keys": list(site.key_ids()), "version": __version__}
    return respond(request, json.dumps(about).encode(), "application/json", 200 if status == "ok" else 503)


def metrics(request: Request) -> Response:
    """Figures for Prometheus. They tell how large the list is: for this machine, or for whoever has the token."""
    client = request.client.host if request.client else ""
    if not may_read(client, request.headers, site_of(request).metrics_token):
        headers = {"WWW-Authenticate": "Bearer"}
        return respond(request, b"ask from this machine, or with the token\n", PLAIN, 401, headers)
    return respond(request, site_of(request).metrics().encode(), CONTENT_TYPE)


def robots(request: Request) -> Response:
    """What search engines may read (RFC 9309): all but the personal links."""
    forbidden = (f"Disallow: {base_of(request)}/{path}/\n" for path in ("u", "confirm", "preferences", "address"))
    sitemap = f"Sitemap: {site_of(request).url}/sitemap.xml\n"
    return respond(request, f"User-agent: *\n{''.join(forbidden)}\n{sitemap}".encode(), PLAIN, headers=FRESH)


def favicon(request: Request) -> Response:
    """The sign beside a page's title; browsers ask also where there is none."""
    found = site_of(request).shared("favicon.ico")
    return respond(request, *found, headers=FRESH) if found else respond(request, b"", PLAIN, 204, FRESH)


def site_of(request: Request) -> Site:
    """The newsletter this request is for."""
    site: Site = request.app.state.site
    return site


def base_of(request: Request) -> str:
    """What stands before every path of ours: the path of the newsletter's address."""
    base: str = request.app.state.base
    return base


def newest_first(site: Site) -> list[Listed]:
    """The public issues, the latest on top."""
    return sorted(site.issues(), key=lambda each: (each.date, each.number or 0, each.slug), reverse=True)
