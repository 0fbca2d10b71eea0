"""Builds the documentation site into build/docs and looks whether every link in it leads somewhere.

A warning of the generator, a link to a page or anchor that is not there, and anything that a page would fetch from a
foreign host end it with 1. Addresses elsewhere are judged by their form only; nothing here asks the network.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

ROOT = Path(__file__).parents[1]
FETCHED = (("img", "src"), ("script", "src"), ("link", "href"), ("source", "srcset"), ("iframe", "src"))
NOT_FETCHED = {"next", "prev", "canonical", "search", "index"}
"""Relations of `link` that only tell where something is."""
STYLE_FETCH = re.compile(r"""(?:url\(\s*|@import\s+)['"]?(?:https?:)?//""", re.IGNORECASE)
ELSEWHERE = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(?:[/?#][^\s]*)?|mailto:[^@\s]+@[^@\s]+", re.IGNORECASE)


def main() -> int:
    """Builds and looks; gives the exit code."""
    target = ROOT / "build" / "docs"
    if code := build_site(target):
        return code
    wrong = list(find_wrong(target))
    print(*wrong, sep="\n", file=sys.stderr)
    print(
        f"{target.relative_to(ROOT)}/index.html: {len(list(target.rglob('*.html')))} pages, wrong links: {len(wrong)}"
    )
    return 1 if wrong else 0


def build_site(target: Path) -> int:
    """Writes the site; a warning counts as an error. Gives the generator's exit code."""
    doctrees = target.with_name(f"{target.name}-cache")
    program = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "sphinx"]
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(doctrees)]
    return subprocess.run([*program, *options, str(ROOT / "docs"), str(target)], check=False).returncode


def find_wrong(site: Path) -> Iterator[str]:
    """What leads nowhere or would fetch something from elsewhere, a line each."""
    pages = {path: html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}
    anchors = {path: set(page.xpath("//@id | //a/@name")) for path, page in pages.items()}
    for path, page in pages.items():
        name = path.relative_to(site)
        yield from (f"{name}: fetches {one}" for one in fetched(page) if urlsplit(one).netloc)
        yield from (f"{name}: {one}" for one in page.xpath("//a/@href") if not leads_somewhere(path, one, anchors))
    for path in sorted(site.rglob("*.css")):
        if STYLE_FETCH.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)}: fetches from elsewhere"


def fetched(page: html.HtmlElement) -> Iterator[str]:
    """The addresses that a browser asks for by itself."""
    for tag, attribute in FETCHED:
        for element in page.iter(tag):
            if element.get("rel") not in NOT_FETCHED and element.get(attribute):
                yield element.get(attribute)
    yield from (one for one in page.xpath("//style/text()") if STYLE_FETCH.search(one))


def leads_somewhere(page: Path, link: str, anchors: dict[Path, set[str]]) -> bool:
    """Whether the page or file and its anchor are there; of an address elsewhere, whether it can be one."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return bool(ELSEWHERE.fullmatch(link))
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return target.is_file() and (not parts.fragment or unquote(parts.fragment) in anchors.get(target, ()))


if __name__ == "__main__":
    sys.exit(main())
