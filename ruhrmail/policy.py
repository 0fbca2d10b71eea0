"""What a page of ours lets the browser do (Content Security Policy level 3)."""

import re
from base64 import b64encode
from hashlib import sha256

STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
SCRIPT = re.compile(rb"<script defer src=")
NOTHING = "default-src 'none'; base-uri 'none'"
SCRIPTED = ("script-src 'self'",)


def page_policy(page: bytes) -> str:
    """The policy of an HTML page: its own style elements by their hash, pictures and forms of this site, and scripts of
    this site where it names one.

    Browsers hash a style after they have turned its line ends into LF (HTML, "preprocessing the input stream").
    """
    styles = (match.replace(b"\r\n", b"\n").replace(b"\r", b"\n") for match in STYLE.findall(page))
    hashes = sorted({f"'sha256-{b64encode(sha256(style).digest()).decode()}'" for style in styles})
    allowed = [f"style-src {' '.join(hashes)}"] if hashes else []
    scripts = SCRIPTED if SCRIPT.search(page) else ()
    return "; ".join([NOTHING, *allowed, *scripts, "img-src 'self'", "form-action 'self'"])
