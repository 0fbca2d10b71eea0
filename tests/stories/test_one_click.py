"""From a signed mail in a real inbox off the list, by a mail program that knows nothing but RFC 8058."""

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

import pytest

from tests.servers.one_click import read_offer
from tests.stories.project import Project, read_maildir, small_project

DOMAIN = "kurzbrief.example"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four readers; mail is signed; the way out lies behind https, as it does for the world."""
    found = small_project(tmp_path / "project", 4)
    with (found.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write(f"dkim: [{{domain: {DOMAIN}, selector: ruhr}}]\n")
    issue = (found.folder / "issues" / "kurz" / "issue.yaml").read_text(encoding="utf-8")
    (found.folder / "issues" / "lang.yaml").write_text(issue.replace("Kurz und", "Lang und"), encoding="utf-8")
    return found


def zone_of(project: Project) -> dict[bytes, bytes]:
    """The record that `keys dkim` says to publish."""
    name, *strings = project.run("keys", "dkim", "ruhr").stdout.splitlines()
    return {name.split()[0].encode(): "".join(one.strip(' "()') for one in strings).encode()}


def show(project: Project, address: str) -> dict:
    return json.loads(project.run("subscribers", "show", address, "--format", "json").stdout)


def received(inbox: Path) -> dict[str, bytes]:
    """Who got a mail, and the mail as it came."""
    files = [file.read_bytes() for file in (inbox / "new").iterdir()]
    return {parseaddr(str(message_from_bytes(each)["To"]))[1]: each for each in files}


def test_mail_programs_leave_by_one_click_and_the_next_issue_leaves_them_out(project: Project, tmp_path: Path) -> None:
    zone, inbox = zone_of(project), tmp_path / "inbox"
    with (
        project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay,
        project.service("serve", "--port", "0", ready=r"http://\S+") as web,
    ):
        project.environ["RUHRMAIL_RELAY"] = relay
        host, _, port = web.removeprefix("http://").partition(":")
        assert 0 == project.run("send", "kurz", "--yes").returncode
        mails = received(inbox)
        assert 4 == len(mails)
        offers = {to: read_offer(raw, zone.get) for to, raw in mails.items()}
        assert {True} == {one.signed and one.url.startswith(f"https://{DOMAIN}/u/") for one in offers.values()}
        assert not any(address.partition("@")[0] in one.url for address, one in offers.items())
        leavers = sorted(offers)[:2]
        before = datetime.now(UTC).replace(microsecond=0)
        for address, form in zip(leavers, ("multipart", "urlencoded"), strict=True):
            offers[address].accept(form, {DOMAIN: (host, int(port))})
            offers[address].accept(form, {DOMAIN: (host, int(port))})
        after = datetime.now(UTC)
        assert 0 == project.run("send", "lang", "--yes").returncode
    for address in leavers:
        found = show(project, address)
        assert ("suppressed", "unsubscribed", "unsubscribe link of mailing 1") == (
            found["state"], *(found["suppression"][name] for name in ("reason", "evidence")),
        )  # fmt: skip
        assert before <= datetime.fromisoformat(found["suppression"]["at"]) <= after
        assert [("withdrawn", "unsubscribe link of mailing 1")] == [
            (one["kind"], one["procedure"]) for one in found["records"]
        ]  # fmt: skip
    last = [parseaddr(str(one["To"]))[1] for one in read_maildir(inbox) if "Lang" in str(one["Subject"])]
    assert sorted(set(offers) - set(leavers)) == sorted(last)
