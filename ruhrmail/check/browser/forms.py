"""A mail's HTML in the ways that mail programs show it."""

import re
from typing import Literal

Form = Literal["plain", "images-off", "styles-off", "forced-dark"]

STYLES = re.compile(r"<style\b.*?</style\s*>|<link\b[^>]*\brel=[\"']?stylesheet[^>]*>", re.IGNORECASE | re.DOTALL)
METAS = re.compile(r"<meta\b[^>]*\bname=[\"']?(?:supported-)?color-schemes?\b[^>]*>", re.IGNORECASE)
DECLARATIONS = re.compile(r"(?<![\w-])(?:supported-)?color-schemes?\s*:[^;}\"']*;?", re.IGNORECASE)
CONTENT_ID = re.compile(r"cid:([^\"'\s)]+)@picture")


def without_styles(html: str) -> str:
    """As GMX, WEB.DE and others show it, who drop style sheets and keep what stands at the elements."""
    return STYLES.sub("", html)


def without_schemes(html: str) -> str:
    """As mail programs see it that ask no mail whether it has dark colours of its own, and darken it themselves."""
    return STYLES.sub(lambda match: DECLARATIONS.sub("", match[0]), METAS.sub("", html))


def with_pictures(html: str, assets: str) -> str:
    """A mail that carries its pictures, with addresses in their place; `assets` ends in a slash."""
    return CONTENT_ID.sub(rf"{assets}\1", html)
