"""Three readers with different tags get three mails, late-comers theirs; the page shows what is for everybody."""

import re
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest

from tests.stories.project import Project, read_maildir, small_project

ISSUE = """\
date: 2026-11-06
subject: Für jede etwas
preheader: Drei Fassungen
content:
  - {type: text, text: Das lesen alle.}
  - {type: text, text: "Die Oper probt, {{ company }}.", only_for: Kultur}
  - {type: text, text: Die Kammer tagt., only_for: wirtschaft}
  - {type: text, text: Ohne Kultur., not_for: kultur}
  - {type: events, events: [{title: Empfang, start: 2026-11-21T10:00, place: Essen}], only_for: kultur}
"""
PEOPLE = "email,tags,company\na@x.example,KULTUR,\nb@x.example,wirtschaft|ruhr,Werk\nc@x.example,,\n"
PARTS = ("Das lesen alle.", "Die Oper probt", "Die Kammer tagt.", "Ohne Kultur.")
SEEN = {
    "a@x.example": ["Das lesen alle.", "Die Oper probt"],
    "b@x.example": ["Das lesen alle.", "Die Kammer tagt.", "Ohne Kultur."],
    "c@x.example": ["Das lesen alle.", "Ohne Kultur."],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = small_project(tmp_path / "project")
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    (project.folder / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    return project


def seen(message: EmailMessage) -> list[str]:
    """What a message shows, the same in both parts."""
    plain, html = (part.get_content() for part in message.iter_parts())
    found = [part for part in PARTS if part in plain]
    assert found == [part for part in PARTS if part in html]
    return found


def by_address(folder: Path) -> dict[str, list[str]]:
    return {message["To"].addresses[0].addr_spec: seen(message) for message in read_maildir(folder)}


def send(project: Project, inbox: Path, *arguments: str, code: int = 0) -> str:
    with project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay:
        done = project.run("send", "kurz", *arguments, RUHRMAIL_RELAY=relay)
    assert code == done.returncode, done.stderr
    return done.stdout + done.stderr


def test_each_reader_gets_the_mail_of_their_tags(project: Project, tmp_path: Path) -> None:
    plan = project.run("send", "kurz", "--dry-run").stderr
    assert "variants:   wirtschaft 1, kultur 1, (rest) 1" in plan
    assert "1 subscribers have no company" in plan, "only the reader of the culture mail finds a gap"
    send(project, tmp_path / "inbox", "--yes")
    assert SEEN == by_address(tmp_path / "inbox")


def test_who_joins_later_is_sorted_by_the_rule_the_mailing_began_with(project: Project, tmp_path: Path) -> None:
    send(project, tmp_path / "inbox", "--yes")
    late = PEOPLE + "d@x.example,kultur|wirtschaft,Haus\ne@x.example,Wirtschaft,Haus\n"
    (project.folder / "subscribers.csv").write_text(late, encoding="utf-8")
    assert "variants:   kultur+wirtschaft 1, wirtschaft 1\n" in send(project, tmp_path / "inbox", "--yes")
    both = ["Das lesen alle.", "Die Oper probt", "Die Kammer tagt."]
    assert {**SEEN, "d@x.example": both, "e@x.example": SEEN["b@x.example"]} == by_address(tmp_path / "inbox")


def test_build_writes_every_variant_and_a_page_for_everybody(project: Project) -> None:
    assert 0 == project.run("build").returncode
    folder = project.folder / "build" / "kurz"
    variants = ["", ".kultur", ".kultur+wirtschaft", ".wirtschaft"]
    names = {f"mail{variant}.{form}" for variant in variants for form in ("html", "txt", "eml")}
    [calendar] = [path.name for path in folder.glob("*.ics")]
    assert names | {"index.html", calendar, ".ruhrmail-build.json"} == {one.name for one in folder.glob("*.*")}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert ["Das lesen alle."] == [part for part in PARTS if part in page]
    assert calendar not in page
    mail = (folder / "mail.kultur.txt").read_text(encoding="utf-8")
    assert re.search(rf"In den Kalender:\s+https://kurzbrief\.example/archive/kurz/{calendar}\n", mail)
    [event] = icalendar.Calendar.from_ical((folder / calendar).read_bytes()).walk("VEVENT")
    assert ("Empfang", "Essen") == (str(event["SUMMARY"]), str(event["LOCATION"]))


def test_build_takes_away_the_variants_and_calendars_of_earlier_builds(project: Project) -> None:
    project.run("build")
    folder = project.folder / "build" / "kurz"
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    plain = "date: 2026-11-06\nsubject: S\ncontent:\n  - {type: text, text: Hallo}\n"
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text(plain, encoding="utf-8")
    assert 0 == project.run("build").returncode
    assert {"mail.html", "mail.txt", "mail.eml", "index.html", "notes.txt"} == {
        one.name for one in folder.glob("[!.]*")
    }


def test_a_test_mail_shows_every_variant(project: Project, tmp_path: Path) -> None:
    told = send(project, tmp_path / "inbox", "--test", "ich@x.example")
    received = read_maildir(tmp_path / "inbox")
    assert 4 == len(received) == len({message["Message-ID"] for message in received})
    assert 4 == len({tuple(seen(message)) for message in received})
    assert ["ich@x.example", "ich@x.example [kultur]"] == re.findall(r"^(.*): sent", told, re.MULTILINE)[:2]


def test_too_many_variants_are_one_finding(project: Project) -> None:
    blocks = "".join(f"  - {{type: text, text: A, only_for: t{number}}}\n" for number in range(40))
    text = "date: 2026-11-06\nsubject: S\npreheader: P\ncontent:\n  - {type: text, text: Hallo}\n" + blocks
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text(text, encoding="utf-8")
    done = project.run("check", "kurz")
    assert 1 == done.returncode
    assert "issues/kurz/issue.yaml:4:1: " in done.stdout and "schema/variants" in done.stdout
