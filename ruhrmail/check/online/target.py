"""An address of the web as it is asked for: ASCII, without login and fragment."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
PLAIN_HOST = re.compile(r"[A-Za-z0-9_.-]+")
KEPT = "/%:@!$&'()*+,;=~?[]|"
MOST = 4000
"""Characters of an address; browsers take more, but nobody writes them."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; `path` begins with a slash and holds the query; `host` is ASCII, IPv6 without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address: printable ASCII."""
        return f"{self.scheme}://{self.authority}{self.path}"


def read_target(url: str) -> Target:
    """A complete address. Raises ValueError for what is none, or none of the web."""
    parts = urlsplit(url)
    port = parts.port
    host = ascii_name(parts.hostname or "")
    if parts.scheme not in PORTS or not host or len(url) > MOST or port == 0:
        raise ValueError(url[:80])
    path = quote(parts.path or "/", safe=KEPT) + (f"?{quote(parts.query, safe=KEPT)}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def follow(target: Target, location: str) -> Target:
    """Where a redirect leads from a target (RFC 9110 section 10.2.2). Raises ValueError for what is not on the web."""
    return read_target(urljoin(target.url, location))


def ascii_name(host: str) -> str:
    """A host as it is asked for (RFC 5891), in small letters and without the dot of an absolute name, which is in no
    certificate. Raises ValueError for what is none."""
    plain = ":" in host or PLAIN_HOST.fullmatch(host)
    name = host if plain else idna.encode(host, uts46=True).decode("ascii")
    return name.lower().removesuffix(".")
