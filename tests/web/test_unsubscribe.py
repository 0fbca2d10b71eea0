"""The way out: RFC 8058 clients, readers with a browser, and link scanners."""

import json
import re
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest

ONE_CLICK = "List-Unsubscribe=One-Click"


def chunks():
    yield b"List-Unsubscribe="
    yield b"One-Click"


POSTS = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "empty": {},
    "no content type": {"content": ONE_CLICK.encode()},
    "chunked": {"content": chunks},
    "garbage": {"content": b"\xff\x00%%%&&==", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "broken multipart": {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
    "five megabytes": {"content": b"a" * 5_000_000, "headers": {"Content-Type": "text/plain"}},
}


@pytest.mark.parametrize("kind", POSTS)
def test_any_post_takes_the_reader_off_at_once(service, kind):
    """A one-click POST of any shape: 200 without a redirect, and the store knows before the answer."""
    post = {key: value() if callable(value) else value for key, value in POSTS[kind].items()}
    with service.client() as client:
        answer = client.post("/u/lea", **post)
    assert 200 == answer.status_code
    assert {"lea"} == service.gone()
    assert "set-cookie" not in answer.headers


def test_the_connection_goes_on_after_a_big_body(service):
    """What nobody reads of a body is thrown away; the next request on the same connection is answered."""
    with service.client() as client:
        client.post("/u/lea", content=b"a" * 5_000_000)
        assert 200 == client.get("/u/lea").status_code


def memory_of(process):
    """Bytes that a process holds at this moment."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status)[1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ten_megabytes_in_any_wrapping_are_thrown_away_and_not_kept(service):
    """Announced and chunked, one after the other on a connection: answered, and no memory grows."""
    piece = b"a" * 100_000
    with service.client() as client:
        client.post("/u/lea", content=piece)
        before = memory_of(service.process)
        for number in range(10):
            body = piece * 100 if number % 2 else (piece for _ in range(100))
            assert 200 == client.post("/u/lea", content=body).status_code
        assert memory_of(service.process) < before + 8_000_000


def test_an_unfinished_body_does_not_hold_up_the_withdrawal(service):
    """A client that announces a body and sends none is answered, and the reader is off the list."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"POST /u/lea HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert {"lea"} == service.gone()


def test_leaving_twice_is_fine(service):
    """A second POST answers the same, and the page then says that it is done."""
    with service.client() as client:
        first, second, page = client.post("/u/lea"), client.post("/u/lea"), client.get("/u/lea")
    assert (200, 200, 200) == (first.status_code, second.status_code, page.status_code)
    assert first.text == second.text
    assert "<form" not in page.text


class Links(HTMLParser):
    """What a link scanner finds on a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src", "action") and value]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_scanner_unsubscribes_nobody(service, method):
    """Opening the link and every link behind it changes nothing."""
    with service.client(follow_redirects=True) as client:
        waiting, seen = ["/u/lea"], set()
        while waiting:
            link = waiting.pop()
            seen.add(link)
            page = client.get(link).text
            assert client.request(method, link).status_code in (200, 204)
            waiting += [found for found in Links(page).found if found.startswith("/") and found not in seen]
    assert {"/u/lea", "/", "/archive/", "/archive/2026-10/", "/archive/2026-11/"} <= seen
    assert set() == service.gone()


def test_other_methods_change_nothing(service):
    """Only GET, HEAD and POST are understood, and OPTIONS says so."""
    with service.client() as client:
        for method, status in {"PUT": 405, "DELETE": 405, "PATCH": 405, "OPTIONS": 204}.items():
            answer = client.request(method, "/u/lea")
            assert status == answer.status_code
            assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.headers["allow"].split(", "))
    assert set() == service.gone()


def test_the_page_shows_one_button_and_hides_the_address(service):
    """One form that posts to the page itself; the masked address; nothing for search engines or caches."""
    with service.client() as client:
        answer = client.get("/u/lea")
    assert 1 == answer.text.count("<button")
    assert 1 == answer.text.count('<form method="post">')
    assert "l…\u2060@newsletter.example" in answer.text
    assert "no-store" == answer.headers["cache-control"]
    assert "noindex, nofollow" == answer.headers["x-robots-tag"]


@pytest.mark.parametrize("token", ["wrong", "le", "LEA", "lea%00", "lea'--", "x" * 5000, "%F0%9F%90%88", "lea%0d"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_wrong_token_opens_nothing(service, method, token):
    """404 for everything that is not a token of ours, and nobody leaves."""
    with service.client() as client:
        answer = client.request(method, f"{service.address}/u/{token}")
    assert 404 == answer.status_code
    assert set() == service.gone()


def test_a_store_that_is_away_asks_to_come_again(service):
    """503 with Retry-After: mail providers try again, and nobody is told that it worked."""
    with service.client() as client:
        answer = client.post("/u/unlucky")
    assert (503, "30") == (answer.status_code, answer.headers["retry-after"])
    assert "redaktion@newsletter.example" in answer.text


def test_many_leave_at_once(service):
    """Forty POSTs side by side, two for each reader: all are answered, all are off the list."""
    tokens = [f"crowd{number % 20}" for number in range(40)]
    with service.client() as client, ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda token: client.post(f"/u/{token}", content=ONE_CLICK).status_code, tokens))
    assert [200] * 40 == codes
    assert set(tokens) == service.gone()


def test_a_prefix_in_the_address_is_dropped(start_service):
    """With a path in newsletter.url, links carry it and requests work with and without it."""
    with start_service(url="https://newsletter.example/brief") as service, service.client() as client:
        assert "/brief/" == client.get("/brief").headers["location"]
        assert 200 == client.get("/brief/").status_code
        assert 404 == client.get("/briefe/").status_code
        assert "/brief/archive/2026-11/" == client.get("/brief/archive/2026-11").headers["location"]
        assert "/brief/archive/2026-11/" == client.get("/archive/2026-11").headers["location"]
        links = [link for link in Links(client.get("/brief/archive/").text).found if link.startswith("/")]
        assert all(link.startswith("/brief/") for link in links)
        assert "Disallow: /brief/u/" in client.get("/robots.txt").text
        assert 200 == client.post("/brief/u/lea").status_code
        assert {"lea"} == service.gone()


def test_every_word_on_the_pages_has_a_german_translation():
    """The German pages have no English gaps."""
    package = Path(__file__).parents[2] / "ruhrmail"
    known = {}
    for file in (package / "locales").glob("de*.json"):
        known |= json.loads(file.read_text(encoding="utf-8"))
    pages = "".join(page.read_text(encoding="utf-8") for page in (package / "web" / "templates").glob("*.j2"))
    assert set() == set(re.findall(r'\bt\("([^"]+)"', pages)) - set(known)


def test_waiting_for_100_continue_is_answered(service):
    """A client that asks before it sends its body is not left waiting."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"POST /u/lea HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100).startswith((b"HTTP/1.1 100", b"HTTP/1.1 200"))


def test_http_1_0_clients_are_served(service):
    """A one-click request over HTTP/1.0 works as well."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"POST /u/lea HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        assert b"200" == connection.recv(100).split()[1]
