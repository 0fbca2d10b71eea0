"""The published site behind a real nginx with the example that we ship, renamed issues included."""

from collections.abc import Iterator

import httpx
import pytest

from tests.servers.nginx import nginx
from tests.stories.project import sample_project

REDIRECTS = "redirects: {oktober: 2026-10, 2026-11/alt.html: 2026-11/maschinenhalle.html}\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    project = sample_project(tmp_path_factory.mktemp("static"))
    for issue in project.folder.glob("issues/*/issue.yaml"):
        issue.write_text(f"published: true\n{issue.read_text(encoding='utf-8')}", encoding="utf-8")
    with (project.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as settings:
        settings.write(REDIRECTS)
    done = project.run("publish")
    assert 0 == done.returncode, done.stderr
    with (
        nginx(tmp_path_factory.mktemp("nginx"), project.folder / "public") as found,
        httpx.Client(base_url=f"http://127.0.0.1:{found.http}", trust_env=False, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/archive/2026-11/", 200, "text/html; charset=utf-8"),
        ("/archive/2026-11/maschinenhalle.html", 200, "text/html; charset=utf-8"),
        ("/archive/2026-10/termine.ics", 200, "text/calendar; charset=utf-8"),
        ("/feed.xml", 200, "application/atom+xml"),
        ("/feed.json", 200, "application/feed+json"),
        ("/search/search.js", 200, "text/javascript; charset=utf-8"),
        ("/og/2026-11.png", 200, "image/png"),
        ("/og/", 404, "text/html; charset=utf-8"),
        ("/archive/2026-11/nichts.html", 404, "text/html; charset=utf-8"),
        ("/.ruhrmail-site.json", 404, "text/html; charset=utf-8"),
    ],
)
def test_every_file_has_its_type_and_what_is_missing_a_page(
    client: httpx.Client, path: str, status: int, media_type: str
) -> None:
    answer = client.get(path)
    assert (status, media_type) == (answer.status_code, answer.headers["content-type"])
    assert status == 200 or "<h1>Seite nicht gefunden</h1>" in answer.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/archive/2026-11", "/archive/2026-11/"),
        ("/topics", "/topics/"),
        ("/archive/oktober/", "/archive/2026-10/"),
        ("/archive/oktober/termine.ics", "/archive/2026-10/termine.ics"),
        ("/archive/2026-11/alt.html", "/archive/2026-11/maschinenhalle.html"),
    ],
)
def test_old_and_unfinished_addresses_lead_on(client: httpx.Client, old: str, new: str) -> None:
    answer = client.get(old)
    assert (301, new) == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize("tail", ["a%0d%0aX-Evil:%201", "a%0d", "a%0a", "%0d%0aX-Evil: 1", "%C3%A4"])
def test_nothing_that_a_visitor_writes_becomes_a_header(client: httpx.Client, tail: str) -> None:
    answer = client.get(f"/archive/oktober/{tail}")
    assert 404 == answer.status_code and "x-evil" not in answer.headers
