"""The stories behind the teasers: written by build, served by serve, reachable from everywhere."""

import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from lxml import html as lxml_html

from tests.stories.project import Project, sample_project

SLUG = "2026-11"
PAGES = ["kanalradweg.html", "maschinenhalle.html"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The sample newsletter, its newest issue public before it is sent."""
    project = sample_project(tmp_path)
    issue = tmp_path / "issues" / SLUG / "issue.yaml"
    issue.write_text(f"published: true\n{issue.read_text(encoding='utf-8')}", encoding="utf-8")
    return project


def build(project: Project) -> Path:
    done = project.run("build", SLUG)
    assert 0 == done.returncode, done.stderr
    return project.folder / "build" / SLUG


def written(folder: Path) -> list[str]:
    """The files beside mails and calendars."""
    names = [path.name for path in folder.iterdir() if path.is_file()]
    return sorted(name for name in names if not name.startswith("mail.") and not name.endswith(".ics"))


def links_of(page: str) -> set[str]:
    """What a page links to and loads."""
    tree = lxml_html.document_fromstring(page)
    return {str(one.get(name)) for one in tree.iter("a", "img") for name in ("href", "src") if one.get(name)}


def test_every_relative_link_of_a_build_leads_to_a_file_and_an_anchor(project: Project) -> None:
    folder = build(project)
    assert [".ruhrmail-build.json", "index.html", *PAGES] == written(folder)
    for name in ("index.html", *PAGES):
        for link in links_of((folder / name).read_text(encoding="utf-8")):
            file, anchor = urldefrag(link)
            if ":" in link:
                continue
            target = folder / (file or name)
            assert target.is_file(), link
            if anchor:
                ids = lxml_html.document_fromstring(target.read_text(encoding="utf-8")).xpath("//@id")
                assert anchor in ids, link


def test_two_builds_are_the_same_to_the_byte(project: Project) -> None:
    first = {path: path.read_bytes() for path in build(project).rglob("*") if path.is_file()}
    assert 0 == project.run("build", SLUG, "--out", str(project.folder / "again")).returncode
    again = project.folder / "again" / SLUG
    for path, content in first.items():
        assert content == (again / path.relative_to(project.folder / "build" / SLUG)).read_bytes()


def test_a_page_whose_article_is_gone_is_deleted_and_nothing_else(project: Project) -> None:
    folder = build(project)
    for name in ("notiz.html", "termin.ics"):
        (folder / name).write_text("von Hand", encoding="utf-8")
    issue = project.folder / "issues" / SLUG / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace("id: kanalradweg", "id: uferweg"), encoding="utf-8")
    assert [
        ".ruhrmail-build.json",
        "index.html",
        "maschinenhalle.html",
        "notiz.html",
        "uferweg.html",
    ] == written(build(project))
    assert "von Hand" == (folder / "termin.ics").read_text(encoding="utf-8")


@pytest.mark.parametrize("manifest", ["", "{}", '["../../subscribers.csv", "/etc/hosts", ".hidden.html", 7]', "\xff"])
def test_a_strange_manifest_deletes_nothing(project: Project, manifest: str) -> None:
    folder = build(project)
    (folder / ".ruhrmail-build.json").write_bytes(manifest.encode("latin-1"))
    (folder / ".hidden.html").touch()
    build(project)
    assert (project.folder / "subscribers.csv").is_file() and (folder / ".hidden.html").is_file()


def test_the_mail_leads_to_pages_that_serve_delivers(project: Project) -> None:
    with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
        project.environ["RUHRMAIL_URL"] = web
        folder = build(project)
        home = f"{web}/archive/{SLUG}/"
        for name in ("mail.html", "mail.txt"):
            mail = (folder / name).read_text(encoding="utf-8")
            assert all(f"{home}{page}" in mail for page in PAGES)
        seen: set[str] = set()
        waiting = [home]
        while waiting:
            address = waiting.pop()
            seen.add(address)
            content, headers = fetch(address)
            if headers["Content-Type"] != "text/html; charset=utf-8":
                continue
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            found = {urldefrag(urljoin(address, link))[0] for link in links_of(content.decode())}
            waiting += [one for one in found if one.startswith(home) and one not in seen and one not in waiting]
    assert {f"{home}{page}" for page in PAGES} <= seen


def fetch(address: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert 200 == answer.status
        return answer.read(), {name.title(): value for name, value in answer.headers.items()}


def test_only_pages_of_public_issues_are_served(project: Project) -> None:
    with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
        for path in ("2026-11/nichts.html", "2026-11/mail.html", "2026-10/hafen.html", "2026-11/..%2fx.html"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                fetch(f"{web}/archive/{path}")
            assert 404 == caught.value.code
            caught.value.close()
