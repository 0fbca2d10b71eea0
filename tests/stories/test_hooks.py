"""Web hooks at the real service: what is proven takes people off the list, sent again it changes nothing."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ruhrmail.config import load_config
from ruhrmail.store import open_store, read_record, suppression
from tests.hooks.senders import (
    MAILGUN_KEY,
    POSTMARK_LOGIN,
    SENDGRID_KEY,
    mailgun_body,
    mailgun_failure,
    postmark_bounce,
    postmark_login,
    sendgrid_event,
    sendgrid_headers,
)
from tests.stories.project import Project
from tests.stories.test_bounces import mail

KEYS = {"RUHRMAIL_HOOK_MAILGUN": MAILGUN_KEY, "RUHRMAIL_HOOK_POSTMARK": POSTMARK_LOGIN,
        "RUHRMAIL_HOOK_SENDGRID": SENDGRID_KEY}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """The real service of a project that mailed p0 to p4."""

    project: Project
    client: httpx.Client

    def post(self, service: str, body: bytes, **headers: str) -> int:
        return self.client.post(f"/hooks/{service}", content=body, headers=headers).status_code

    def reason(self, number: int) -> str:
        with self.store() as store:
            found = suppression(store, address(number))
        return found.reason.value if found else ""

    def bounces(self, number: int) -> int:
        with self.store() as store:
            return len(read_record(store, address(number)).bounces)

    def store(self):
        config = load_config(self.project.folder, {})
        return open_store(config.store, now=datetime.now(UTC), randomness=os.urandom)


def address(number: int) -> str:
    return f"p{number}@example.org"


def now() -> int:
    return int(datetime.now(UTC).timestamp())


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    project = mail(tmp_path / "project", 5).project
    project.environ.update(KEYS)
    with (
        project.service("serve", "--port", "0", ready=r"http://127\.0\.0\.1:\d+") as url,
        httpx.Client(base_url=url, timeout=60, trust_env=False) as client,
    ):
        yield Service(project, client)


def test_services_take_people_off_the_list_and_repeats_change_nothing(service):
    events = json.dumps([sendgrid_event(address(2), event="spamreport"), sendgrid_event(address(3), sg_event_id="2")])
    for _ in range(2):
        assert 200 == service.post("mailgun", mailgun_body(mailgun_failure(address(0)), now()))
        assert 200 == service.post("postmark", postmark_bounce(address(1)), authorization=postmark_login())
        assert 200 == service.post("sendgrid", events.encode(), **sendgrid_headers(events.encode(), now()))
    assert ["bounced", "bounced", "complained", "bounced", ""] == [service.reason(number) for number in range(5)]
    assert [1, 1, 1, 1, 0] == [service.bounces(number) for number in range(5)]


def test_our_message_id_must_be_the_recipients(service):
    theirs = "<geopod-1234@ismtpd-5.example>"
    first = mailgun_failure(address(0), message_id="0" * 32 + "@kurzbrief.example")
    assert 200 == service.post("mailgun", mailgun_body(first, now()))
    assert "" == service.reason(0)
    assert 200 == service.post("mailgun", mailgun_body(mailgun_failure(address(1), theirs, id="2"), now()))
    assert "bounced" == service.reason(1)


def test_what_is_not_proven_changes_nothing(service):
    assert 403 == service.post(
        "mailgun", mailgun_body(mailgun_failure(address(0)), now(), key="ein-anderer-schluessel")
    )
    assert 403 == service.post("postmark", postmark_bounce(address(0)), authorization="Basic x")
    assert 403 == service.post("sendgrid", b"[]")
    assert [404, 404] == [service.post(name, b"{}") for name in ("ses", "sparkpost")]
    assert 400 == service.post("mailgun", b"{")
    assert 413 == service.post("sendgrid", b" " * (1024 * 1024 + 1))
    assert 405 == service.client.get("/hooks/mailgun").status_code
    assert "" == service.reason(0)


def test_while_the_store_is_away_the_service_is_asked_to_come_again(service):
    state = service.project.folder / ".ruhrmail" / "state.db"
    state.rename(state.with_name("away"))
    body = mailgun_body(mailgun_failure(address(0)), now())
    assert 503 == service.post("mailgun", body)
    state.with_name("away").rename(state)
    assert (200, "bounced") == (service.post("mailgun", body), service.reason(0))


def test_a_key_that_is_none_is_told_at_the_start(tmp_path):
    project = mail(tmp_path / "project", 1).project
    done = project.run("serve", "--port", "0", RUHRMAIL_HOOK_SENDGRID="MAow")
    assert (1, True) == (done.returncode, "RUHRMAIL_HOOK_SENDGRID" in done.stderr)
