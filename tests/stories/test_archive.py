"""The archive as readers meet it: on a plain web space and from `serve`, in a real browser."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from lxml import etree
from lxml import html as lxml_html

from ruhrmail.archive import Masthead, make_site
from ruhrmail.config.settings import Colors
from ruhrmail.model.archive import About, Leaf
from ruhrmail.model.imprint import ImprintLine
from tests.node import axe_source
from tests.render.chromium import open_browser
from tests.stories.project import Project, sample_project
from tests.stories.test_killed import wait_until

LISTS = ["", "archive/", "years/2026/", "topics/", "topics/standort/", "search/", "404.html"]
ISSUES = ["archive/2026-11/", "archive/2026-11/maschinenhalle.html", "archive/2026-10/"]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIST_BYTES, LIST_REQUESTS = 40_000, 3
ISSUE_BYTES, ISSUE_REQUESTS = 1_500_000, 25
FORMS = ("/subscribe",)
"""What only `serve` answers."""


@dataclass(frozen=True)
class Web:
    """A published site, and where a plain web server delivers it."""

    project: Project
    address: str

    @property
    def folder(self) -> Path:
        return self.project.folder / "public"


class Quiet(SimpleHTTPRequestHandler):
    """The plainest of web servers, without its log."""

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    project = sample_project(tmp_path_factory.mktemp("site"))
    for issue in project.folder.glob("issues/*/issue.yaml"):
        issue.write_text(f"published: true\n{issue.read_text(encoding='utf-8')}", encoding="utf-8")
    folder = project.folder / "public"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        done = project.run("publish", RUHRMAIL_URL=address)
        assert 0 == done.returncode, done.stderr
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Web(project, address)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as found:
        yield found


def links_of(content: str) -> Iterator[str]:
    """What a page links to and loads."""
    for one in lxml_html.document_fromstring(content).iter("a", "img", "link", "script", "meta"):
        yield from (str(one.get(name)) for name in ("href", "src") if one.get(name))
        if one.get("property") in ("og:image", "og:url"):
            yield str(one.get("content"))


def crawl(address: str, client: httpx.Client) -> dict[str, httpx.Response]:
    """Every file of a site that its start page leads to, by address."""
    found: dict[str, httpx.Response] = {}
    waiting = [f"{address}/", f"{address}/sitemap.xml", f"{address}/404.html"]
    while waiting and len(found) < 500:
        url = waiting.pop()
        if url in found or not url.startswith(f"{address}/") or url.removeprefix(address) in FORMS:
            continue
        found[url] = answer = client.get(url)
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [urldefrag(urljoin(url, link))[0] for link in links_of(answer.text)]
        if url.endswith("sitemap.xml"):
            waiting += [str(one.text) for one in etree.fromstring(answer.content).iter("{*}loc")]
    return found


def test_every_link_of_the_site_leads_somewhere(web: Web) -> None:
    with httpx.Client(trust_env=False, timeout=60) as client:
        found = crawl(web.address, client)
    assert {} == {url: one.status_code for url, one in found.items() if one.status_code != 200}
    paths = {url.removeprefix(f"{web.address}/") for url in found}
    assert {*LISTS, *ISSUES, "feed.xml", "calendar.ics", "og/2026-11.png"} <= paths
    reached = {path + ("index.html" if path.endswith("/") or not path else "") for path in paths}
    pages = {path.relative_to(web.folder).as_posix() for path in web.folder.rglob("*.html")}
    assert set() == pages - reached


def test_every_anchor_is_there(web: Web) -> None:
    for page in web.folder.rglob("*.html"):
        for link in links_of(page.read_text(encoding="utf-8")):
            file, anchor = urldefrag(link)
            target = (page.parent / file) if file else page
            if anchor and ":" not in link:
                target = target / "index.html" if target.is_dir() else target
                assert anchor in lxml_html.document_fromstring(target.read_text(encoding="utf-8")).xpath("//@id"), link


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*LISTS, *ISSUES])
def test_a_page_is_accessible_small_and_asks_nobody_else(web: Web, browser: Any, path: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    complaints: list[str] = []
    sizes: dict[str, int] = {}
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(f"{web.address}/{path}", wait_until="networkidle")
    assert 320 == page.evaluate("document.documentElement.scrollWidth")
    page.evaluate(axe_source())
    found = page.evaluate("options => axe.run(document, options)", {"runOnly": {"type": "tag", "values": STANDARD}})
    page.close()
    assert [] == [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]
    assert [] == complaints
    assert all(url.startswith(web.address) for url in sizes)
    most, requests = (ISSUE_BYTES, ISSUE_REQUESTS) if path in ISSUES else (LIST_BYTES, LIST_REQUESTS)
    assert sum(sizes.values()) <= most and len(sizes) <= requests


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("schwungrad", "Elf Betriebe und ein Schwungrad"),
        ("Fruehschicht", "Mit dem Rad zur Frühschicht"),
        ("FRÜHSCHICHT", "Mit dem Rad zur Frühschicht"),
        ("schwungr", "Elf Betriebe und ein Schwungrad"),
        ("rad frühschicht", "Mit dem Rad zur Frühschicht"),
    ],
)
def test_the_search_finds_as_people_type(web: Web, browser: Any, words: str, first: str) -> None:
    page = browser.new_page()
    page.goto(f"{web.address}/search/")
    page.get_by_role("searchbox").fill(words)
    page.locator("#found li a").first.wait_for()
    assert first == page.locator("#found li a").first.inner_text()
    assert page.locator("#all").is_hidden()
    page.locator("#found li a").first.click()
    page.wait_for_url("**/archive/**")
    page.close()


def test_the_search_finds_parts_of_compounds_where_no_word_begins_so(web: Web, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{web.address}/search/?q=schwemme")
    page.get_by_text("Nichts gefunden.").wait_for()
    page.get_by_role("searchbox").fill("schicht")
    page.locator("#found li a").first.wait_for()
    assert "Mit dem Rad zur Frühschicht" == page.locator("#found li a").first.inner_text()
    page.close()


def test_the_search_works_in_a_folder_on_disk(web: Web, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{(web.folder / 'search' / 'index.html').as_uri()}?q=werkstatt")
    page.locator("#found li a").first.click()
    page.wait_for_url("file://**/archive/2026-11/*.html")
    assert "Ruhrblick" in page.title()
    page.close()


def test_a_search_begun_with_an_old_list_goes_on_with_the_new_one(web: Web, browser: Any) -> None:
    """As after a new issue: the browser kept the list, whose pieces are gone."""
    page = browser.new_page()
    old = 'foundInArchive("documents",{"documents":[],"pieces":{"s":"s-000000000000"}});'
    page.route("**/documents.js", lambda route: route.fulfill(body=old, content_type="text/javascript"))
    page.goto(f"{web.address}/search/?q=schwungrad")
    page.locator("#found li a").first.wait_for()
    page.close()


def test_the_search_says_that_it_found_nothing_and_keeps_its_words(web: Web, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{web.address}/search/?q=xylophon")
    page.get_by_text("Nichts gefunden.").wait_for()
    assert "xylophon" == page.get_by_role("searchbox").input_value()
    page.get_by_role("searchbox").fill("")
    page.locator("#all").wait_for()
    assert f"{web.address}/search/" == page.url
    page.close()


def test_without_javascript_the_search_lists_all_issues(web: Web, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web.address}/search/")
    assert 2 == page.locator("#all li a").count()
    assert page.locator("form").is_hidden()
    context.close()


WORDS = [
    "Größe",
    "GRÖẞE",
    "Café",
    "Akteur*innen",
    "E-Mail-Adresse",
    "Ærø",
    "Łódź",
    "naïve",
    "1.400",
    "d’accord",
    "İzmir",
]


def test_the_index_and_its_reader_fold_words_in_the_same_way(browser: Any) -> None:
    """Each word, typed as it is written, is found by the page's own script."""
    imprint = [ImprintLine("Post")]
    masthead = Masthead("Post", "de", "http://post.example", Colors(), "Post", imprint, "post@post.example")
    leaf = Leaf("eins", date(2026, 11, 6), 1, About(title="Eins"), {"": " ".join(WORDS)})
    site = make_site(masthead, [leaf])

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/")
        kind = (
            "text/javascript" if path.endswith(".js") else "application/json" if path.endswith(".json") else "text/html"
        )
        name = f"{path}index.html" if path.endswith("/") else path
        route.fulfill(body=site.get(name, b""), content_type=f"{kind}; charset=utf-8")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://post.example/search/")
    for word in WORDS:
        page.get_by_role("searchbox").fill("xyxy")
        page.get_by_text("Nichts gefunden.").wait_for()
        page.get_by_role("searchbox").fill(word)
        page.get_by_text("Eine Seite gefunden.").wait_for()
    page.close()


def test_paper_carries_the_text_alone(web: Web, browser: Any) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(f"{web.address}/archive/")
    assert page.locator("header nav").is_hidden() and page.locator(".invitation").is_hidden()
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
    page.close()


@pytest.mark.parametrize("base", ["", "/news"])
def test_serve_offers_the_same(web: Web, base: str) -> None:
    """Every file of the site but the page for what is missing, byte by byte; who has it already is told so.

    Only links to the form differ: the service's own is on the host that was asked, whatever it is called.
    """
    environ = {"RUHRMAIL_URL": f"https://ruhrblick.example{base}"}
    site = web.project.folder / f"same{len(base)}"
    assert 0 == web.project.run("publish", "--out", str(site), **environ).returncode
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}
    with (
        web.project.service("serve", "--port", "0", ready=r"http://\S+", **environ) as address,
        httpx.Client(base_url=f"{address}{base}", trust_env=False, timeout=60) as client,
    ):
        wait_until(lambda: client.get("/feed.xml").content == files["feed.xml"])  # issues are rendered some at a time
        for path in sorted(files.keys() - {"404.html", ".ruhrmail-site.json"}):
            place = "/" + path.removesuffix("index.html")
            answer = client.get(place)
            elsewhere, here = (f'href="{host}{base}/subscribe"'.encode() for host in ("https://ruhrblick.example", ""))
            got, expected = (content.replace(elsewhere, here) for content in (answer.content, files[path]))
            assert (200, expected) == (answer.status_code, got), path
            again = client.get(place, headers={"If-None-Match": f'"old", W/{answer.headers["etag"]}'})
            assert (304, b"") == (again.status_code, again.content), path
            assert answer.headers["cache-control"] == again.headers["cache-control"]


def test_every_page_has_one_address(web: Web) -> None:
    environ = {"RUHRMAIL_URL": "https://ruhrblick.example/news"}
    with (
        web.project.service("serve", "--port", "0", ready=r"http://\S+", **environ) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        moves = {
            "/news": "/news/",
            "/news/index.html": "/news/",
            "/news/archive/index.html": "/news/archive/",
            "/news/topics": "/news/topics/",
            "/news/years/2026/index.html": "/news/years/2026/",
        }
        for old, new in moves.items():
            answer = client.get(old)
            assert (301, new) == (answer.status_code, answer.headers["location"])
        for path in ("/news/years/1999/", "/news/index.html/", "/news/search/index/", "/news/.ruhrmail-site.json"):
            assert 404 == client.get(path).status_code


def test_serve_speaks_english_on_demand(web: Web) -> None:
    with web.project.service("serve", "--port", "0", ready=r"http://\S+") as address:
        page = httpx.get(f"{address}/archive/?lang=en", trust_env=False, timeout=60).text
    assert '<html lang="en">' in page and "In der Maschinenhalle ist es wieder warm" in page


def test_an_old_name_leads_on_everywhere(web: Web, tmp_path: Path) -> None:
    project = sample_project(tmp_path)
    issue = tmp_path / "issues" / "2026-10" / "issue.yaml"
    issue.write_text(f"published: true\n{issue.read_text(encoding='utf-8')}", encoding="utf-8")
    with (tmp_path / "ruhrmail.yaml").open("a", encoding="utf-8") as settings:
        settings.write("redirects: {oktober: 2026-10}\n")
    with project.service("serve", "--port", "0", ready=r"http://\S+") as address:
        moved = httpx.get(f"{address}/archive/oktober/termine.ics", trust_env=False, timeout=60)
        assert (301, "/archive/2026-10/termine.ics") == (moved.status_code, moved.headers["location"])
        assert 301 == httpx.get(f"{address}/archive/oktober/", trust_env=False, timeout=60).status_code
