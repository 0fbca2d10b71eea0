"""A link scanner, as mail gateways have them: opens every link of a mail and every link behind it, several levels deep.

It asks with GET and HEAD, as various browsers and programs, with and without the headers of a prefetch; it follows
links, pictures, frames, redirects and even where forms would lead to. It never posts.
"""

import http.client
import re
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
POINTERS = {"href", "src", "action", "formaction", "data", "poster", "background", "cite"}
GUISES: tuple[dict[str, str], ...] = (
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"},
    {"User-Agent": "GatewayLinkCheck/4.2 (+https://filter.example/bot)", "Accept": "*/*"},
    {"User-Agent": "", "Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"},
    {"User-Agent": "curl/8.9", "Range": "bytes=0-1023", "Cookie": "a=b", "X-HTTP-Method-Override": "POST"},
)


class Pointers(HTMLParser):
    """Every address that a page names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if name in POINTERS and value]


@dataclass
class Scanner:
    """`host` is the only one it may visit, found at `at` (address and port); `visited` is where it has been."""

    host: str
    at: tuple[str, int]
    visited: set[str] = field(default_factory=set)

    def scan(self, message: EmailMessage, depth: int = 3) -> dict[str, int]:
        """Visits every link of a mail, and those behind; what the first visit of each was answered."""
        answers: dict[str, int] = {}
        level = links_of(message)
        for _ in range(depth):
            fresh = sorted({one for one in map(self.ours, level) if one} - set(answers))
            level = []
            for target in fresh:
                answers[target], found = self.visit(target)
                level += found
        self.visited |= set(answers)
        return answers

    def ours(self, link: str) -> str | None:
        """The path of a link to the host, None for every other."""
        parts = urlsplit(link)
        if parts.scheme not in ("http", "https") or parts.hostname != self.host:
            return None
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def visit(self, target: str) -> tuple[int, list[str]]:
        """Opens a page in every guise; the first answer, and where all of them lead."""
        statuses: list[int] = []
        found: list[str] = []
        for guise in GUISES:
            for method in ("HEAD", "GET"):
                connection = http.client.HTTPConnection(*self.at, timeout=60)
                connection.request(method, target, headers={"Host": self.host, **guise})
                answer = connection.getresponse()
                page = answer.read().decode("utf-8", "replace")
                connection.close()
                statuses.append(answer.status)
                found += [answer.getheader("Location", ""), *Pointers(page).found, *ADDRESS.findall(page)]
        return statuses[1], [urljoin(f"https://{self.host}{target}", one) for one in found if one]


def read_mail(raw: bytes) -> EmailMessage:
    found = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(found, EmailMessage)
    return found


def links_of(message: EmailMessage) -> list[str]:
    """Every address in headers, text and HTML."""
    found = [link for _, value in message.items() for link in ADDRESS.findall(str(value))]
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        text = part.get_content()
        found += ADDRESS.findall(text)
        if part.get_content_subtype() == "html":
            found += Pointers(text).found
    return found
