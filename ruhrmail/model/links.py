"""Addresses that a text may lead to."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from ruhrmail.model.written import Line, Written, wrong

SCHEMES = ("https:", "http:", "mailto:", "tel:")
SLIPPED = re.compile(r"https?[;.,]?/{1,3}(?=[^/])", re.IGNORECASE)
"""A scheme whose colon went missing, as in `https//`."""


def read_url(url: str) -> str:
    """An absolute link with a scheme that mail clients open."""
    if url.lower().startswith(SCHEMES):
        scheme, _, rest = url.partition(":")
        empty = not host_of(url) if scheme.lower().startswith("http") else not rest
        if empty or not has_port(url) or re.search(r"\s", re.sub(r"\{\{.*?\}\}", "", url)):
            raise wrong("link/broken", "this is no complete address: {value}", "copy it from the browser", value=url)
        return url
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
        raise wrong("link/scheme", "mail clients do not open {value}", "use https:, mailto: or tel:", value=url)
    slip = SLIPPED.match(url)
    hint = "did you mean {word}?" if slip else "write it with https:// in front"
    word = f"https://{url[slip.end() :]}" if slip else ""
    raise wrong("link/relative", "the link is not complete: {value}", hint, value=url, word=word)


def has_port(url: str) -> bool:
    """False for a web address whose port is no number from 1 to 65535; most name none."""
    match = re.match(r"https?://(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:\[]*):([^/?#@]+)(?:[/?#]|$)", url, re.IGNORECASE)
    return not match or (match[1].isdecimal() and match[1].isascii() and 0 < int(match[1][:6]) < 65536)


def host_of(url: str) -> str:
    """The host of a web address, without user and port; empty where it has none."""
    match = re.match(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", url, re.IGNORECASE)
    return match[1] if match else ""


Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(read_url)]


class Link(Written):
    """Where a text leads."""

    url: Url
    label: Line | None = None
