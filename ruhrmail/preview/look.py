"""Bytes and values to responses, with the headers that every response carries."""

import json
from collections.abc import Mapping

from starlette.responses import Response

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json"
DESK = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FRAME = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)
"""Mails and pages: nothing in them runs, whatever stands in YAML or templates."""
NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"
FIXED = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",
}


def respond(
    content: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None, policy: str = NOTHING
) -> Response:
    """A response that no browser guesses about, keeps or lets other sites use."""
    return Response(content, status, {**FIXED, "Content-Security-Policy": policy, **(headers or {})}, media_type)


def respond_json(value: object, status: int = 200) -> Response:
    """A value as JSON."""
    return respond(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), JSON, status)


def respond_frame(html: str) -> Response:
    """A mail or page for a frame: scripts never run, links open in a window of their own."""
    return respond(html.encode("utf-8", "replace"), HTML, policy=FRAME)


def respond_text(text: str) -> Response:
    """Plain text."""
    return respond(text.encode("utf-8", "replace"), PLAIN)


def respond_download(content: bytes, media_type: str, name: str) -> Response:
    """A file to be kept; `name` is plain ASCII."""
    return respond(content, media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
