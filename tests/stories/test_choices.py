"""Readers choose for themselves: by the links of real mails, in a real browser, over real SMTP."""

import json
import re
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.render.chromium import open_browser
from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_killed import wait_until

ADA, BEN, NEW = "ada@halde.example", "ben@halde.example", "neu@stollen.example"
TOPICS = "topics: {kultur: {de: Kultur, en: Culture}, wirtschaft: Wirtschaft}\n"
BLOCKS = """\
  - {type: text, only_for: kultur, text: Im Theater ist Licht.}
  - {type: text, only_for: wirtschaft, text: In der Halle ist Betrieb.}
"""
ROWS = f"email,first_name,tags,language\n{ADA},Ada,kultur vip,de\n{BEN},Ben,,en\n"


@dataclass
class Newsroom:
    """A newsletter with topics, its inbox and its web service."""

    project: Project
    inbox: Path
    web: str

    def send(self, slug: str) -> None:
        if slug != "kurz":
            shutil.copytree(self.project.folder / "issues" / "kurz", self.project.folder / "issues" / slug)
        done = self.project.run("send", slug, "--yes")
        assert 0 == done.returncode, done.stderr

    def mails(self, address: str) -> list[EmailMessage]:
        """What lies in the inbox for an address, in the order of arrival."""
        found = [one for one in read_maildir(self.inbox) if one["To"].addresses[0].addr_spec == address]
        return sorted(found, key=lambda one: (one["Date"].datetime, str(one["Subject"])))

    def wait_for(self, address: str, subject: str) -> EmailMessage:
        """The mail with that in its subject, once the service has sent it."""
        for _ in range(150):
            for one in self.mails(address):
                if subject in str(one["Subject"]):
                    return one
            time.sleep(0.1)
        raise AssertionError(
            f"no mail to {address} about {subject}: {[str(one['Subject']) for one in self.mails(address)]}"
        )

    def link(self, mail: EmailMessage, path: str) -> str:
        """The address of a link in the text part of a mail, at the service as it runs here."""
        text = mail.get_body(("plain",)).get_content()
        return self.web + re.search(rf"https://kurzbrief\.example(/{path}/\S+)", text)[1]

    def text(self, address: str) -> str:
        """The text part of the issue that came last."""
        issues = [one for one in self.mails(address) if one["List-ID"]]
        return issues[-1].get_body(("plain",)).get_content()

    def is_quiet(self) -> bool:
        """Whether no mail is on its way."""
        with closing(sqlite3.connect(f"file:{self.project.folder}/.ruhrmail/state.db?mode=ro", uri=True)) as store:
            return [(0,)] == list(store.execute("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"))

    def dump(self) -> list[str]:
        """The whole store."""
        with closing(sqlite3.connect(f"file:{self.project.folder}/.ruhrmail/state.db?mode=ro", uri=True)) as store:
            return list(store.iterdump())


@pytest.fixture
def newsroom(tmp_path):
    project = small_project(tmp_path / "project", 0)
    (project.folder / "subscribers.csv").write_text(ROWS, encoding="utf-8")
    for name, more in (("ruhrmail.yaml", TOPICS), ("issues/kurz/issue.yaml", BLOCKS)):
        with (project.folder / name).open("a", encoding="utf-8") as file:
            file.write(more)
    inbox = tmp_path / "inbox"
    with project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
            yield Newsroom(project, inbox, web)


@pytest.fixture
def page():
    with open_browser() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
        yield context.new_page()
        assert [] == context.cookies()


def test_a_reader_chooses_topics_and_another_address_by_the_links_of_their_mails(newsroom, page):
    newsroom.send("kurz")
    assert ("Theater" in newsroom.text(ADA), "Halle" in newsroom.text(ADA)) == (True, False)
    before = newsroom.dump()
    page.goto(newsroom.link(newsroom.mails(ADA)[0], "preferences"))
    assert before == newsroom.dump()
    page.get_by_label("Kultur").uncheck()
    page.get_by_label("Wirtschaft").check()
    page.get_by_label("English").check()
    page.get_by_role("button", name="Speichern").click()
    assert "Saved." in page.get_by_role("status").text_content()
    assert (False, True) == (page.get_by_label("Culture").is_checked(), page.get_by_label("Wirtschaft").is_checked())
    newsroom.send("zwei")
    assert ("Theater" in newsroom.text(ADA), "Halle" in newsroom.text(ADA)) == (False, True)

    page.get_by_label("Your new e-mail address").fill(NEW)
    page.get_by_role("button", name="Send the link there").click()
    assert "check the inbox" in page.get_by_role("status").text_content()
    confirming = newsroom.wait_for(NEW, "Please confirm")
    wait_until(newsroom.is_quiet)  # it lies in the inbox before the service has its answer, and writes that down
    before = newsroom.dump()
    page.goto(newsroom.link(confirming, "address"))
    assert before == newsroom.dump()
    page.get_by_role("button").click()
    assert "Your new address is in use" in page.content()
    assert "no longer to this address" in newsroom.wait_for(ADA, "was changed").get_content()
    old = len(newsroom.mails(ADA))
    newsroom.send("drei")
    assert (old, True) == (len(newsroom.mails(ADA)), "Halle" in newsroom.text(NEW))

    told = newsroom.project.run("check", "drei")
    assert (0, True) == (told.returncode, "subscribers.csv:2:1: " in told.stdout and "csv/superseded" in told.stdout)
    sent = newsroom.project.run("send", "drei", "--yes")
    assert (0, True) == (sent.returncode, "subscribers.csv:2:1: the owner of this address has" in sent.stderr)
    shown = json.loads(newsroom.project.run("subscribers", "show", ADA, "--format", "json").stdout)
    assert ("suppressed", "unsubscribed", NEW) == (shown["state"], shown["suppression"]["reason"], shown["moved_to"])
    found = json.loads(newsroom.project.run("subscribers", "show", NEW, "--format", "json").stdout)
    assert (["wirtschaft"], "en", ADA) == (
        found["preferences"]["topics"], found["preferences"]["language"], found["addresses"][0]["former"],
    )  # fmt: skip
    assert [f"{ADA} → {NEW}"] == [one["procedure"] for one in found["records"] if one["kind"] == "changed"]
    page.goto(newsroom.link(newsroom.mails(ADA)[0], "u"))
    page.get_by_role("button").click()
    had = {address: len(newsroom.mails(address)) for address in (ADA, BEN, NEW)}
    newsroom.send("vier")
    assert had | {BEN: had[BEN] + 1} == {address: len(newsroom.mails(address)) for address in had}
