"""Templates and bytes to responses, with the headers that every response carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.i18n import LANGUAGES, Translator, translator
from ruhrmail.model.phrase import Phrase
from ruhrmail.policy import page_policy
from ruhrmail.web.site import Site

NOWHERE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
NOTHING = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no page of ours ever asks a browser for."""
HTML = "text/html; charset=utf-8"
OK, NOT_MODIFIED = 200, 304
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
    """The Content-Security-Policy of a page, which nobody may frame."""
    return f"{page_policy(page)}; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page of ours: its HTML, and the policy that lets its styles work."""

    content: bytes
    policy: str


def respond(
    request: Request,
    content: bytes,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response that no browser guesses about, frames or keeps (unless `headers` says otherwise)."""
    allowed = policy(content) if media_type == HTML else NOWHERE
    return answer(request, content, media_type, status, {**fixed_headers(request, allowed), **(headers or {})})


def fixed_headers(request: Request, allowed: str) -> dict[str, str]:
    """What every response says; `allowed` is its Content-Security-Policy."""
    fixed = {
        "Content-Security-Policy": allowed,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Permissions-Policy": NOTHING,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if request.scope["scheme"] == "https" and secure_site(request):
        fixed["Strict-Transport-Security"] = f"max-age={YEAR}"
    return fixed


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


def path_to(site: Site, path: str, language: str) -> str:
    """The path of a page of ours as links name it, in a language."""
    own = language == site.language
    return urlsplit(site.url).path.rstrip("/") + quote(path) + ("" if own else f"?lang={language}")


def show(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    language: str = "",
    **values: object,
) -> Response:
    """One of our own pages in the site's colours and a language, by default the one that the address asks for.

    Then it offers itself in the other language too.
    """
    site: Site = request.app.state.site
    here = request.scope["path"] if status == 200 and not language else ""
    page = make_page(site, template, language or language_of(request), **{"here": here, **values})
    return send_page(request, page, status, headers)


def make_page(site: Site, template: str, language: str, **values: object) -> Page:
    """One of our own pages in the site's colours and a language. `here`, if given, is its path."""

    def long_date(day: date) -> str:
        return format_date(day, "long", locale=language)

    def to(path: str, wanted: str = language) -> str:
        return path_to(site, path, wanted)

    common = {
        "site": site,
        "t": whole_addresses(translator(language)),
        "long_date": long_date,
        "to": to,
        "language": language,
    }
    base, page = urlsplit(site.url).path.rstrip("/"), templates().get_template(template)
    html = page.render({"here": "", **values}, base=base, **common).encode()
    return Page(html, policy(html))


def whole_addresses(translate: Translator) -> Callable[..., str]:
    """A translator whose hidden addresses (`l…@newsletter.example`) no browser breaks after the dots."""

    def told(text: Phrase | str, /, **values: object) -> str:
        return translate(text, **values).replace("…@", "…\u2060@")

    return told


def send_page(request: Request, page: Page, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A finished page as the answer to a request."""
    return answer(request, page.content, HTML, status, {**fixed_headers(request, page.policy), **(headers or {})})


def answer(request: Request, content: bytes, media_type: str, status: int, headers: Mapping[str, str]) -> Response:
    """What everybody may keep has a name made from its content (ETag), and whoever holds it already is told so: 304
    without the content (RFC 9110 section 13.1.2)."""
    if status != OK or not headers["Cache-Control"].startswith("public"):
        return Response(content, status, headers, media_type)
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    if holds(request.headers.get("if-none-match", ""), tag):
        return Response(b"", NOT_MODIFIED, {**headers, "ETag": tag})
    return Response(content, status, {**headers, "ETag": tag}, media_type)


def holds(asked: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag; a proxy that packs answers makes it a weak one (`W/"…"`)."""
    return asked.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in asked.split(","))
