"""Templates and bytes to responses, with the headers that every response carries."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.i18n import LANGUAGES, translator
from ruhrmail.web.site import Site

STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
NOWHERE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
NOTHING = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no page of ours ever asks a browser for."""
HTML = "text/html; charset=utf-8"
YEAR = 365 * 24 * 3600


@cache
def templates() -> Environment:
    """The packaged pages; whatever is not known while rendering is an error."""
    return Environment(
        loader=PackageLoader("ruhrmail.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def policy(page: bytes) -> str:
    """The Content-Security-Policy of a page: its own style elements by their hash, pictures and forms of this site.

    Browsers hash a style after they have turned its line ends into LF (HTML, "preprocessing the input stream").
    """
    styles = (match.replace(b"\r\n", b"\n").replace(b"\r", b"\n") for match in STYLE.findall(page))
    hashes = sorted({f"'sha256-{b64encode(sha256(style).digest()).decode()}'" for style in styles})
    allowed = [f"style-src {' '.join(hashes)}"] if hashes else []
    return "; ".join([NOWHERE, *allowed, "img-src 'self'", "form-action 'self'"])


def respond(
    request: Request,
    content: bytes,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response that no browser guesses about, frames or keeps (unless `headers` says otherwise)."""
    fixed = {
        "Content-Security-Policy": policy(content) if media_type == HTML else NOWHERE,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Permissions-Policy": NOTHING,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if request.url.scheme == "https" and secure_site(request):
        fixed["Strict-Transport-Security"] = f"max-age={YEAR}"
    return Response(content, status, fixed | dict(headers or {}), media_type)


def secure_site(request: Request) -> bool:
    """Whether the newsletter's own address is an https one: only then may browsers be bound to it."""
    site: Site = request.app.state.site
    return urlsplit(site.url).scheme == "https"


def language_of(request: Request, otherwise: str = "") -> str:
    """The language of a page: what the address asks for (`?lang=en`), else the reader's where it is known, else the
    newsletter's."""
    site: Site = request.app.state.site
    asked = request.query_params.get("lang", "")
    return next((one for one in (asked, otherwise) if one in LANGUAGES), site.language)


def path_to(request: Request, path: str, language: str = "") -> str:
    """The path of a page of ours as links name it, in the language of this page or in another."""
    site: Site = request.app.state.site
    chosen = language or language_of(request)
    return urlsplit(site.url).path.rstrip("/") + quote(path) + ("" if chosen == site.language else f"?lang={chosen}")


def show(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    language: str = "",
    **values: object,
) -> Response:
    """One of our own pages in the site's colours and in the given language, else in that of the request."""
    site: Site = request.app.state.site
    chosen = language or language_of(request)

    def long_date(day: date) -> str:
        return format_date(day, "long", locale=chosen)

    def to(path: str, wanted: str = chosen) -> str:
        return path_to(request, path, wanted)

    page = templates().get_template(template)
    common = {"site": site, "t": translator(chosen), "long_date": long_date, "to": to, "language": chosen}
    here = request.scope["path"] if status == 200 else ""
    html = page.render(base=urlsplit(site.url).path.rstrip("/"), here=here, **common, **values)
    return respond(request, html.encode(), HTML, status, {"Content-Language": chosen, **(headers or {})})
