"""A build in memory, served to the browser; everything else is refused and noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Route

POLICY = "script-src 'none'; object-src 'none'; worker-src 'none'"
"""No script of a page runs (CSP level 3); what the tool itself evaluates does."""
PICTURE = "image"


@dataclass(frozen=True, slots=True)
class Served:
    """What is at an address."""

    content: bytes
    media_type: str


@dataclass  # without slots: Playwright notes things on the object whose method it is given
class Server:
    """Answers for a page's requests: `files` by address, `page` the HTML at `address`. `refused` notes the others.

    Without `pictures` none is shown, as where a mail program blocks them.
    """

    address: str
    files: Mapping[str, Served]
    page: str = ""
    pictures: bool = True
    refused: list[str] = field(default_factory=list)

    async def answer(self, route: "Route") -> None:
        """Playwright's interface: one request."""
        url = route.request.url.partition("#")[0]
        headers = {"content-security-policy": POLICY}
        if url == self.address:
            await route.fulfill(body=self.page, content_type="text/html; charset=utf-8", headers=headers)
        elif url not in self.files:
            self.refused.append(url)
            await route.abort()
        elif self.pictures or route.request.resource_type != PICTURE:
            await route.fulfill(body=self.files[url].content, content_type=self.files[url].media_type, headers=headers)
        else:
            await route.abort()
