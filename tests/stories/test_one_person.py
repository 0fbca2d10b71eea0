"""One person's way through the newsletter: in, choosing, reading, out, asking, forgotten, and not brought back."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.servers.one_click import read_offer
from tests.stories.project import Project, read_maildir, small_project

HOST = "kurzbrief.example"
RENATE = "Renate.Zechenkind@grubenlicht.example"
OWN_LINK = re.compile(rf"https://{re.escape(HOST)}(/(?:confirm|preferences|u)/[A-Za-z0-9_-]{{44}})")
FIELD = re.compile(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"')
TOPICS = """
topics: {kultur: Kultur im Revier, wirtschaft: Wirtschaft}
"""
FOR_CULTURE = """\
  - type: text
    text: Nur wer Kultur mag, liest diese Zeile.
    only_for: [kultur]
"""
PATIENCE = 20


@dataclass(frozen=True)
class Reader:
    """Renate with her browser and her inbox."""

    web: httpx.Client
    inbox: Path

    def next_mail(self, known: int) -> EmailMessage:
        """The mail that comes after so many others."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            mails = self.mails()
            if len(mails) > known:
                return mails[known]
            time.sleep(0.1)
        raise AssertionError("no mail came")

    def mails(self) -> list[EmailMessage]:
        """Hers, the oldest first."""
        mine = [one for one in read_maildir(self.inbox) if RENATE.lower() in str(one["To"]).lower()]
        return sorted(mine, key=lambda one: one["Date"].datetime)

    def link(self, text: str, page: str) -> str:
        """The path of a link of her own in a text."""
        found = [path for path in OWN_LINK.findall(unescape(text)) if path.startswith(f"/{page}/")]
        assert found, text
        return found[0]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = small_project(tmp_path / "project", 1)
    with (found.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write(TOPICS)
    with (found.folder / "issues" / "kurz" / "issue.yaml").open("a", encoding="utf-8") as file:
        file.write(FOR_CULTURE)
    return found


@contextmanager
def living(project: Project, inbox: Path) -> Iterator[tuple[Reader, tuple[str, int]]]:
    """The newsletter's service and a mail server; gives Renate, and where the service is."""
    with project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        with (
            project.service("serve", "--port", "0", ready=r"http://\S+") as address,
            httpx.Client(base_url=address, timeout=60, trust_env=False, follow_redirects=True) as web,
        ):
            host, _, port = address.removeprefix("http://").partition(":")
            yield Reader(web, inbox), (host, int(port))


def run(project: Project, *arguments: str, code: int = 0) -> str:
    done = project.run(*arguments)
    assert code == done.returncode, done.stderr
    return done.stdout


def traces(project: Project) -> set[str]:
    """The files of the state folder that hold a byte of her."""
    files = [file for file in (project.folder / ".ruhrmail").rglob("*") if file.is_file()]
    return {
        file.name for file in files if any(word in file.read_bytes().lower() for word in (b"zechenkind", b"renate"))
    }


def subscribe(reader: Reader) -> None:
    """Fills in the form, slowly enough for a person."""
    form = reader.web.get("/subscribe").text
    fields = {name: unescape(value) for name, value in FIELD.findall(form)}
    time.sleep(3.2)
    answer = reader.web.post("/subscribe", data={**fields, "email": RENATE})
    assert (200, "/subscribe/sent") == (answer.status_code, answer.url.path)


def confirm(reader: Reader) -> str:
    """Uses the link of the mail; gives the path where she can choose."""
    link = reader.link(reader.next_mail(0).get_body(("plain",)).get_content(), "confirm")
    assert "<button" in reader.web.get(link).text
    welcome = reader.web.post(link)
    assert 200 == welcome.status_code
    [path] = re.findall(r'href="(/preferences/[A-Za-z0-9_-]{44})"', welcome.text)
    return path


def test_one_person_from_the_form_to_oblivion(project: Project, tmp_path: Path) -> None:
    with living(project, tmp_path / "inbox") as (reader, at):
        subscribe(reader)
        choices = confirm(reader)

        proof = run(project, "subscribers", "prove", RENATE)
        assert f"https://{HOST}/subscribe" in proof and RENATE in proof

        saved = reader.web.post(choices, data={"form": "choices", "topic.kultur": "yes", "language": "de"})
        assert 200 == saved.status_code
        run(project, "send", "kurz", "--yes")
        issue = reader.next_mail(1)
        assert "Nur wer Kultur mag" in issue.get_body(("plain",)).get_content()
        assert 1 == sum("Nur wer Kultur mag" in one.as_string() for one in read_maildir(tmp_path / "inbox"))

        read_offer(issue.as_bytes()).accept("urlencoded", {HOST: at})
        way_out = reader.link(str(issue["List-Unsubscribe"]), "u")
        assert "<button" not in reader.web.get(way_out).text

        known = json.loads(run(project, "subscribers", "show", RENATE, "--format", "json"))
        assert ("suppressed", "unsubscribed") == (known["state"], known["suppression"]["reason"])
        assert ["asked", "confirmed", "withdrawn"] == [one["kind"] for one in known["records"]]
        assert [("kurz", "sent")] == [(one["mailing"], one["state"]) for one in known["mailings"]]
        assert ["kultur"] == known["preferences"]["topics"]

        assert traces(project)
        run(project, "subscribers", "forget", RENATE, "--yes")
        assert set() == traces(project)
        run(project, "subscribers", "show", RENATE, "--format", "json", code=1)
        assert 200 == reader.web.get(way_out).status_code == reader.web.post(way_out).status_code
        assert 404 == reader.web.get(choices).status_code

        (project.folder / "messe.csv").write_text(f"email,first_name\n{RENATE},Renate\n", encoding="utf-8")
        brought = run(project, "subscribers", "import", str(project.folder / "messe.csv"), "--basis", "Messe 2026")
        assert "added 0" in brought and "suppressed 1" in brought
        assert set() == traces(project)
        (project.folder / "issues" / "kurz").rename(project.folder / "issues" / "neu")
        run(project, "send", "neu", "--yes")
        assert 2 == len(reader.mails())
