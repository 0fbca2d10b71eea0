"""The archive, the headers of every response, and who may ask."""

import socket

import pytest

from ruhrmail import __version__
from ruhrmail.i18n import translator

ROUTES = {
    "/": 200,
    "/archive": 301,
    "/subscribe": 200,
    "/subscribe?lang=en": 200,
    "/subscribe/sent": 200,
    "/confirm/open": 200,
    "/confirm/late": 410,
    "/confirm/wrong": 404,
    "/archive/": 200,
    "/archive/2026-11": 301,
    "/archive/2026-11/": 200,
    "/archive/2026-11/assets/0f3a.png": 200,
    "/archive/2026-11/radweg.html": 200,
    "/archive/2026-11/radtour.ics": 200,
    "/archive/2026-11/index.html": 301,
    "/archive/2026-11/nichts.html": 404,
    "/archive/2026-11/Radweg.HTML": 404,
    "/archive/2026-11/radweg.txt": 404,
    "/archive/2026-11/..%2fradweg.html": 404,
    "/archive/2026-09/radweg.html": 404,
    "/archive/2026-09/": 404,
    "/u/lea": 200,
    "/u/wrong": 404,
    "/healthz": 200,
    "/robots.txt": 200,
    "/favicon.ico": 204,
    "/nowhere": 404,
    "/u/": 404,
    "/archive/defect/": 500,
}


def raw(service, request):
    """Sends bytes as they are and returns the first line of the answer."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request)
        return connection.recv(4096).split(b"\r\n")[0].decode()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("path", ROUTES)
def test_every_response_is_locked_down(service, method, path):
    """No scripts, frames, foreign hosts, cookies or guessing, whatever is asked, and no word about our insides."""
    with service.client() as client:
        answer = client.request(method, path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "no-referrer" == answer.headers["referrer-policy"]
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "same-origin" == answer.headers["cross-origin-opener-policy"]
    shown_in_mails = "/assets/" in path and answer.status_code == 200
    assert ("cross-origin" if shown_in_mails else "same-origin") == answer.headers["cross-origin-resource-policy"]
    assert "camera=()" in answer.headers["permissions-policy"]
    assert not {"set-cookie", "server", "strict-transport-security"} & set(answer.headers)
    assert "Traceback" not in answer.text
    assert "secret detail" not in answer.text
    assert "<script" not in answer.text
    if method in ("GET", "HEAD"):
        assert ROUTES[path] == answer.status_code


def test_errors_are_pages_in_the_same_look(service):
    """404, 405 and 500 answer in the newsletter's language, with name and imprint."""
    t = translator("de")
    with service.client() as client:
        answers = [client.get("/nowhere"), client.post("/archive/"), client.get("/archive/defect/")]
    assert [404, 405, 500] == [answer.status_code for answer in answers]
    titles = (t("Page not found"), t("That does not work here"), t("Something went wrong"))
    for answer, title in zip(answers, titles, strict=True):
        assert f"<h1>{title}</h1>" in answer.text
        assert '<html lang="de">' in answer.text
        assert "44787 Bochum" in answer.text
    assert {"GET", "HEAD"} == set(answers[1].headers["allow"].split(", "))


def test_the_archive_lists_the_newest_issue_first(service):
    """Titles with links, numbers and dates in the newsletter's language."""
    with service.client() as client:
        page = client.get("/archive/").text
    assert page.index("Licht in der Maschinenhalle") < page.index("Ältere Ausgabe")
    assert 'href="/archive/2026-11/"' in page
    assert "6. November 2026" in page


def test_english_newsletters_have_english_pages(start_service):
    """Words, dates and the language of the page follow the newsletter."""
    with start_service(language="en") as service, service.client() as client:
        page = client.get("/archive/").text
    assert '<html lang="en">' in page
    assert "November 6, 2026" in page
    assert "<h1>Archive</h1>" in page


def test_the_name_is_escaped(service):
    """What the config says about the newsletter never becomes markup."""
    with service.client() as client:
        assert "<title>Ruhrblick &lt;&amp; Umland&gt;</title>" in client.get("/").text


def test_pictures_may_be_kept_for_good(service):
    """Their names are made from their content."""
    with service.client() as client:
        answer = client.get("/archive/2026-11/assets/0f3a.png")
    assert "image/png" == answer.headers["content-type"]
    assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
    assert answer.content.startswith(b"\x89PNG")


def test_pages_and_calendars_of_an_issue_have_their_types(service):
    """An article's page may use its own styles; a calendar may use nothing. Both are asked for again soon."""
    with service.client() as client:
        page, calendar = client.get("/archive/2026-11/radweg.html"), client.get("/archive/2026-11/radtour.ics")
    assert "text/html; charset=utf-8" == page.headers["content-type"]
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert "text/calendar; charset=utf-8" == calendar.headers["content-type"]
    assert "style-src" not in calendar.headers["content-security-policy"]
    assert {"public, max-age=300"} == {one.headers["cache-control"] for one in (page, calendar)}


def test_an_articles_way_back_leads_to_the_issues_own_address(service):
    """`index.html` is its name in a folder; on the web the issue has one address."""
    with service.client() as client:
        assert "/archive/2026-11/" == client.get("/archive/2026-11/index.html").headers["location"]


def test_health_names_store_keys_and_version(service):
    """What `send` compares before it mails."""
    with service.client() as client:
        answer = client.get("/healthz")
    assert {"status": "ok", "store": "store-1", "keys": ["k1", "k2"], "version": __version__} == answer.json()


def test_health_tells_when_the_store_is_away(start_service):
    """503, still naming store and keys."""
    with start_service() as service, service.client() as client:
        service.database.unlink()
        answer = client.get("/healthz")
    assert (503, "store-1") == (answer.status_code, answer.json()["store"])


PASSING = ["localhost", "localhost:1", "127.0.0.1:8000", "[::1]:8000", "newsletter.example", "NEWSLETTER.example:443"]
FOREIGN = [
    "evil.example",
    "newsletter.example.evil.example",
    "newsletter.example@evil.example",
    "localhost:x",
    "[::1",
    "1",
]


@pytest.mark.parametrize("host", [*PASSING, "newsletter.example.", "newsletter.example:"])
def test_our_own_hosts_are_answered(service, host):
    """The newsletter's host and loopback, on any port."""
    assert "HTTP/1.1 200 OK" == raw(service, f"GET /archive/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())


def test_two_hosts_are_none(service):
    """RFC 9112 section 3.2: the proxy in front may have gone by the other one."""
    request = b"GET /archive/ HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"
    assert "HTTP/1.1 400 Bad Request" == raw(service, request)


@pytest.mark.parametrize("host", [*FOREIGN, ""])
def test_foreign_hosts_are_refused(service, host):
    """400, whatever X-Forwarded-Host says; nobody leaves the list that way."""
    request = f"POST /u/lea HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: localhost\r\nContent-Length: 0\r\n\r\n"
    assert "HTTP/1.1 400 Bad Request" == raw(service, request.encode())
    assert set() == service.gone()


@pytest.mark.parametrize("head", ["GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "nonsense\r\n\r\n"])
def test_requests_without_a_host_are_refused(service, head):
    """400, and the service lives on."""
    assert raw(service, head.encode()).split()[1] == "400"


@pytest.mark.parametrize(
    "path",
    [
        "/archive/../../etc/passwd",
        "/archive/%2e%2e/",
        "/archive/..%2f..%2fetc%2fpasswd",
        "/archive/2026-11/assets/..%2f..%2fpeople.db",
        "/archive/2026-11/assets/%2e%2e",
        "/archive/2026-11/assets/.hidden",
        "/archive/2026-11/assets/0f3a.png%00",
        "/archive//2026-11/",
        "//evil.example/archive/2026-11",
        "/archive/%0d%0aSet-Cookie:a=b",
        "/archive/" + "a" * 500,
        "http://evil.example/archive/2026-11",
    ],
)
def test_nothing_but_slugs_and_names_is_looked_for(service, path):
    """Traversal, control characters and foreign addresses in the path end at 404."""
    line = raw(service, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert "HTTP/1.1 404 Not Found" == line


def test_browsers_are_bound_to_https_only_over_https(service, start_service):
    """The proxy on loopback says how the request came; HSTS only then, and only when our own address is https."""
    secure = {"X-Forwarded-Proto": "https"}
    with service.client() as client:
        assert "max-age=31536000" == client.get("/", headers=secure).headers["strict-transport-security"]
        assert "strict-transport-security" not in client.get("/").headers
    with start_service(url="http://newsletter.example") as plain, plain.client() as client:
        assert "strict-transport-security" not in client.get("/", headers=secure).headers
