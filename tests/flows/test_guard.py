"""The guard before a mailing: asked when it is planned, and again when it begins."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from ruhrmail.config import load_config
from ruhrmail.errors import ServiceError
from ruhrmail.flows.guard import check_service, leaves_machine
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.plan import Wish
from ruhrmail.flows.send import send_issue
from ruhrmail.store import find_mailing, open_store
from ruhrmail.tokens import load_keyring
from tests.servers.web import WebServer
from tests.stories.project import small_project

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FAR = "smtp://relay.newsletter.example"


@pytest.fixture
def web():
    with WebServer().running() as server:
        yield server


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project", 2)


def configured(project, url, relay=FAR):
    return load_config(project.folder, {**project.environ, "RUHRMAIL_RELAY": relay, "RUHRMAIL_URL": url})


def right_url(project, web):
    """Where the project's own store and key are named."""
    config = configured(project, "https://kurzbrief.example")
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        said = {"store": store.id, "keys": load_keyring(config.secrets, config.state_folder, os.urandom).key_ids}
    return f"http://127.0.0.1:{web.port}/text/{quote(json.dumps(said), safe='')}"


def test_a_mailing_for_later_asks_when_it_is_planned_and_when_it_begins(project, web):
    """Its time comes, and the service is gone meanwhile: nobody is mailed, and it stays scheduled."""
    config, clock, at = configured(project, right_url(project, web)), [NOW], NOW + timedelta(hours=2)
    asked = []

    def yes(plan):
        asked.append(len(web.asked))
        clock[0] = at + timedelta(seconds=1)
        return True

    machine = replace(this_machine(), now=lambda: clock[0])
    web.closes_after = 1
    with pytest.raises(ServiceError):
        send_issue(config, "kurz", Wish(at=at), machine, yes, lambda _: None)
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        mailing = find_mailing(store, "kurz")
    assert ([1], at, None) == (asked, mailing.scheduled_for, mailing.prepared_at)


def test_the_right_service_lets_it_begin(project, web):
    config = configured(project, right_url(project, web))
    keyring = load_keyring(config.secrets, config.state_folder, os.urandom)
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        check_service(config, store.id, keyring)
        with pytest.raises(ServiceError) as caught:
            check_service(config, "0" * 16, keyring)
    assert "keeps another list" in str(caught.value)


@pytest.mark.parametrize(
    ("relay", "leaves"),
    [
        (FAR, True), ("smtps://192.0.2.7", True), ("smtp://127.0.0.1", False), ("smtp://[::1]", False),
        ("smtp://localhost:2525", False), ("maildir:out", False), (f"smtp://127.0.0.1 {FAR}", True), ("", False),
    ],
)  # fmt: skip
def test_only_mail_that_leaves_the_machine_needs_the_service(project, relay, leaves):
    assert leaves is leaves_machine(configured(project, "https://kurzbrief.example", relay))
