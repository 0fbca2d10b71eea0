"""The static site: what is on it, what never is, and what a second run touches."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from ruhrmail.config import load_config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.publish import pages_last, publish_site
from ruhrmail.flows.publishing import press_lock
from tests.stories.project import small_project

ISSUE = """\
published: true
date: 2026-11-06
subject: Hallo {{ first_name or "zusammen" }}
content:
  - {type: article, title: Für alle, kicker: Stadt, text: Sichtbar, body: Langer Text für alle}
  - {type: article, title: Geheimtreffen, kicker: Verschwiegen, text: Nur intern, body: Ganz geheim, only_for: [intern]}
  - {type: article, title: Außenseite, text: Nicht für Interne, not_for: [intern]}
  - {type: events, events: [{title: Hallenfest, start: 2026-12-03, place: Bochum}]}
  - {type: events, events: [{title: Klausur, start: 2026-12-04}], only_for: [intern]}
"""
SECRETS = ("geheim", "intern", "verschwiegen", "klausur", "außenseite", "aussenseite")


@pytest.fixture
def project(tmp_path):
    """A newsletter with a draft and a public issue; its folder."""
    folder = small_project(tmp_path).folder
    (folder / "issues" / "offen").mkdir()
    (folder / "issues" / "offen" / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    return folder


def publish(project: Path, out: str = "public"):
    return publish_site(load_config(project, {}), project / out)


def files(project: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of the site with its bytes and when it was written."""
    public = project / "public"
    found = (path for path in sorted(public.rglob("*")) if path.is_file())
    return {path.relative_to(public).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def write(project: Path, text: str, slug: str = "offen") -> None:
    (project / "issues" / slug / "issue.yaml").write_text(text, encoding="utf-8")


def test_a_draft_is_nowhere_on_the_site(project):
    assert ("offen",) == publish(project).issues
    assert not [path for path, (content, _) in files(project).items() if "kurz" in path or b"Kurz und gut" in content]


def test_what_is_for_some_readers_is_nowhere_on_the_site(project):
    publish(project)
    for path, (content, _) in files(project).items():
        text = f"{path} {content.decode('utf-8', 'replace')}".casefold()
        assert [] == [word for word in SECRETS if word in text], path


def test_everybody_reads_the_neutral_form(project):
    publish(project)
    feed = json.loads((project / "public" / "feed.json").read_text(encoding="utf-8"))
    assert ["Hallo zusammen"] == [one["title"] for one in feed["items"]]


def test_feeds_tell_when_and_where_something_happens(project):
    publish(project)
    feed = json.loads((project / "public" / "feed.json").read_text(encoding="utf-8"))
    assert "<li>Hallenfest, Donnerstag, 3.\u00a0Dezember 2026, Bochum</li>" in feed["items"][0]["content_html"]


def test_a_second_run_writes_nothing(project):
    publish(project)
    before = files(project)
    assert (0, 0) == (publish(project).written, publish(project).removed)
    assert before == files(project)


def test_two_sites_are_the_same_to_the_byte(project):
    publish(project)
    first = {path: content for path, (content, _) in files(project).items() if not path.startswith(".")}
    shutil.rmtree(project / "public")
    publish(project)
    assert first == {path: content for path, (content, _) in files(project).items() if not path.startswith(".")}


def test_a_change_touches_the_issue_and_the_lists_alone(project):
    publish(project)
    write(project, ISSUE.replace("Sichtbar", "Sichtbarer"))
    before = files(project)
    publish(project)
    after = files(project)
    changed = {path for path in after if after[path] != before.get(path)}
    assert "archive/offen/index.html" in changed and any(path.startswith("search/index/s-") for path in changed)
    assert not {"robots.txt", "404.html", "og/offen.png", "calendar.ics", "search/search.js"} & changed


def test_a_broken_issue_keeps_its_pages(project):
    publish(project)
    before = files(project)
    write(project, "date: heute\n")
    done = publish(project)
    assert (("offen",), True) == (done.kept, any(one.severity == "error" for one in done.findings))
    assert before == files(project)


@pytest.mark.parametrize("text", ["published: true\ndate: heute\n", 'published:  yes\nsubject: "offen\n'])
def test_an_issue_that_is_broken_and_wants_to_be_public_is_told(project, text):
    write(project, text)
    done = publish(project)
    assert ((), ("offen",)) == (done.issues, done.kept)
    assert [one.severity for one in done.findings].count("error") >= 1


@pytest.mark.parametrize("picture", ["issues/bilder/kran.jpg", "bilder/logo.jpg"])
def test_a_picture_that_lies_elsewhere_is_seen_to_change(project, picture):
    settings = project / "ruhrmail.yaml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}theme: {{logo: bilder/logo.jpg}}\n", encoding="utf-8")
    for name, colour in (("issues/bilder/kran.jpg", "red"), ("bilder/logo.jpg", "red"), (picture, "blue")):
        (project / name).parent.mkdir(exist_ok=True)
        if colour == "blue":
            text = "published: true\ndate: 2026-11-06\nsubject: Flach\ncontent:\n"
            text += "  - {type: image, src: bilder/kran.jpg, alt: Kran}\n"
            (project / "issues" / "flach.yaml").write_text(text, encoding="utf-8")
            publish(project)
        Image.new("RGB", (640, 320), colour).save(project / name, quality=91 if colour == "blue" else 90)
    assert 0 < publish(project).written


def test_a_site_whose_ledger_is_gone_is_taken_up_again(project):
    publish(project)
    before = files(project)
    (project / "public" / ".ruhrmail-site.json").unlink()
    assert 0 == publish(project).written
    assert before.keys() == files(project).keys()


def test_a_ledger_that_cannot_be_read_is_told(project):
    (project / "public" / ".ruhrmail-site.json").mkdir(parents=True)
    with pytest.raises(RuhrmailError, match="cannot be read"):
        publish(project)


def test_what_a_killed_run_left_half_written_goes_and_no_file_of_others(project):
    publish(project)
    folder = project / "public" / "archive" / "offen"
    left, mine = folder / ".fuer-alle.html.4711-4712.new", folder / ".mine.html.4711-4712.new"
    for draft in (left, mine, project / "public" / "..ruhrmail-site.json.1-2.new"):
        draft.write_text("half")
    publish(project)
    assert [mine] == list((project / "public").rglob(".*.new"))


def test_a_run_that_is_killed_leaves_no_link_to_nothing(project):
    """Pictures come first, then issues, then whatever leads to them."""
    names = ["index.html", "archive/index.html", "archive/a/index.html", "archive/a/assets/x.jpg", "og/a.png"]
    names += ["feed.xml", "search/documents.js", "search/index/a-1.js", "years/2026/index.html"]
    order = list(pages_last(names))
    assert ["archive/a/assets/x.jpg", "og/a.png", "search/index/a-1.js", "archive/a/index.html"] == order[:4]


def test_an_issue_taken_back_leaves_nothing_behind(project):
    publish(project)
    write(project, ISSUE.replace("published: true", "published: false"))
    done = publish(project)
    assert ((), ("offen",)) == (done.issues, done.withdrawn)
    assert not [path for path in files(project) if "offen" in path]
    assert not (project / "public" / "archive" / "offen").exists()


def test_files_of_others_stay_and_stop_it_where_they_are_in_the_way(project):
    (project / "public").mkdir()
    (project / "public" / "CNAME").write_text("kurzbrief.example")
    publish(project)
    assert "CNAME" in files(project)
    (project / "other").mkdir()
    (project / "other" / "index.html").write_text("mine")
    with pytest.raises(RuhrmailError, match="is in the way"):
        publish(project, "other")
    assert ["index.html"] == [path.name for path in (project / "other").iterdir()]


def test_a_file_where_a_folder_of_the_site_is_to_be_is_in_the_way(project):
    (project / "public").mkdir()
    (project / "public" / "archive").write_text("mine")
    with pytest.raises(RuhrmailError, match=r"public/archive is in the way"):
        publish(project)
    assert ["archive"] == [path.name for path in (project / "public").iterdir()]


def test_runs_at_once_wait_for_each_other(project):
    publish(project)
    write(project, ISSUE.replace("Hallenfest", "Lichterfest"))
    with ThreadPoolExecutor(3) as runs:
        done = list(runs.map(lambda _: publish(project), range(3)))
    assert [0, 0] == sorted(one.written for one in done)[:2]
    assert 0 == publish(project).written
    assert not [path for path in files(project) if path.endswith((".lock", ".new"))]


def test_a_run_that_another_keeps_from_writing_too_long_says_so(tmp_path):
    late = press_lock(tmp_path, patience=0.01)
    with press_lock(tmp_path), pytest.raises(RuhrmailError, match="another `ruhrmail publish` is writing"):
        late.__enter__()


def test_a_damaged_file_is_written_anew(project):
    publish(project)
    page = project / "public" / "archive" / "offen" / "index.html"
    whole = page.read_bytes()
    page.write_bytes(b"")
    publish(project)
    assert whole == page.read_bytes()


def test_a_ledger_that_leads_outside_deletes_nothing_there(project):
    publish(project)
    ledger = project / "public" / ".ruhrmail-site.json"
    found = json.loads(ledger.read_text(encoding="utf-8"))
    found["shared"]["../ruhrmail.yaml"] = ""
    ledger.write_text(json.dumps(found), encoding="utf-8")
    publish(project)
    assert (project / "ruhrmail.yaml").is_file()


def test_a_renamed_issue_is_found_at_its_old_address(project):
    settings = project / "ruhrmail.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "redirects: {frueher: offen}\n", encoding="utf-8")
    publish(project)
    page = (project / "public" / "archive" / "frueher" / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=https://kurzbrief.example/archive/offen/"' in page
    assert (project / "public" / "archive" / "frueher" / "hallenfest.ics").is_file()

    line = "~^/archive/frueher/([A-Za-z0-9._/-]*)\\z /archive/offen/$1;\n"
    assert line == (project / "public" / "redirects.map").read_text(encoding="utf-8")


def test_an_issue_that_is_renamed_is_not_withdrawn(project):
    publish(project)
    (project / "issues" / "offen").rename(project / "issues" / "jetzt")
    settings = project / "ruhrmail.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "redirects: {offen: jetzt}\n", encoding="utf-8")
    done = publish(project)
    assert (("jetzt",), ()) == (done.issues, done.withdrawn)


def test_a_page_that_lost_its_address_is_told_until_something_leads_on(project):
    publish(project)
    write(project, ISSUE.replace("title: Für alle", "title: Für jeden"))
    assert ("offen/fuer-alle.html",) == publish(project).lost
    write(project, ISSUE.replace("title: Für alle", "title: Für jede und jeden"))
    settings = project / "ruhrmail.yaml"
    moves = "redirects: {offen/fuer-jeden.html: offen/fuer-jede-und-jeden.html}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + moves, encoding="utf-8")
    assert () == publish(project).lost


def test_without_a_store_it_makes_none(project):
    assert not publish(project).has_store
    assert not (project / ".ruhrmail" / "state.db").exists()
