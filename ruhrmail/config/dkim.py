"""What the settings say of DKIM (RFC 6376): selectors, and where their keys come from."""

import re
from collections.abc import Mapping

from ruhrmail.model.written import wrong

LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
SELECTOR = re.compile(rf"{LABEL}(?:\.{LABEL}){{0,7}}")
PREFIX = "RUHRMAIL_DKIM_"


def read_selector(text: str) -> str:
    """A selector: the labels of a host name (RFC 6376 section 3.1), which also names the key's file."""
    if not SELECTOR.fullmatch(text):
        raise wrong(
            "config/dkim", "{value} cannot be a DKIM selector", "letters, digits and hyphens, such as ruhr-2026",
            value=text,
        )  # fmt: skip
    return text


def key_variable(selector: str) -> str:
    """The variable of the environment that may hold a selector's key: RUHRMAIL_DKIM_SELECTOR."""
    return PREFIX + re.sub("[-.]", "_", selector).upper()


def keys_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The keys that the environment holds, by variable: PEM, whose line ends may be written as \\n."""
    return {
        name: text.strip().replace("\\n", "\n")
        for name, text in environ.items()
        if name.startswith(PREFIX) and text.strip()
    }


def are_aligned(domain: str, other: str) -> bool:
    """True for the same domain or one above or below it, which DMARC takes for one owner's (RFC 7489 section 3.1)."""
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")
