"""The way onto the list: one mail a day, one click, and records that prove it."""

import email
import hashlib
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.config import Config, load_config
from ruhrmail.errors import RelayError
from ruhrmail.flows.joining import (
    Request,
    ask_to_join,
    confirm_joining,
    look_up_confirming,
    wording_of,
)
from ruhrmail.flows.leaving import leave
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.outbox import Round, send_due
from ruhrmail.flows.people import portrait_of
from ruhrmail.model.consent import Reason
from ruhrmail.model.public import Confirming, Step
from ruhrmail.store import (
    Store,
    count_posts,
    forget,
    list_size,
    open_store,
    purge_unconfirmed,
    read_record,
    suppress,
    suppression,
    take_posts,
)
from ruhrmail.tokens import Keyring, Purpose, Token
from tests.stories.project import read_maildir, small_project

DAY = timedelta(days=1)
ADA = "Ada@halde.example"
KEY = "ada@halde.example"
PAGE = "https://kurzbrief.example/subscribe"
LINK = re.compile(r"https://kurzbrief\.example/(confirm|u)/([A-Za-z0-9_-]{44})")


@dataclass
class Desk:
    """All that the flows need, with a clock that the test sets."""

    config: Config
    store: Store
    keyring: Keyring
    now: datetime

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.now)

    def ask(self, address: str = ADA, language: str = "de"):
        return ask_to_join(
            self.config, self.store, self.keyring, self.machine, Request(address, PAGE, language, "192.0.2.7")
        )

    def post(self) -> int:
        return send_due(Round(self.config, self.store, self.keyring, self.machine))

    def mails(self) -> list:
        return read_maildir(self.config.project / "out")

    def link(self, number: int = -1) -> str:
        mails = sorted(self.mails(), key=lambda one: one["Date"].datetime)
        return LINK.search(mails[number].get_content())[2]

    def confirm(self, link: str | None = None):
        """Where the link's owner stands once it was used; None for no link of ours."""
        found = confirm_joining(self.config, self.store, self.keyring, self.machine, link or self.link())
        return found.step if found else None

    def record(self):
        return read_record(self.store, KEY)


@pytest.fixture
def desk(tmp_path: Path):
    project = small_project(tmp_path / "project", 0)
    config = load_config(project.folder, {"RUHRMAIL_RELAY": f"maildir:{project.folder}/out"})
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    with open_store(config.store, now=now, randomness=os.urandom) as store:
        yield Desk(config, store, Keyring((b"x" * 32,)), now)


def test_from_the_form_to_the_list_with_everything_on_record(desk):
    assert desk.ask() is None
    assert (0, 1) == (list_size(desk.store), count_posts(desk.store)["pending"])
    assert 1 == desk.post()
    [mail] = desk.mails()
    assert (ADA, "Bitte bestätigen: Kurzbrief") == (mail["To"].addresses[0].addr_spec, mail["Subject"])
    shown = look_up_confirming(desk.config, desk.store, desk.keyring, desk.machine, desk.link())
    assert Confirming(Step.OPEN, "A…@halde.example", "de") == shown
    assert 0 == list_size(desk.store)
    desk.now += DAY
    assert Step.CONFIRMED == desk.confirm()
    assert 1 == list_size(desk.store)
    proof = portrait_of(ADA, desk.record()).proof
    text = wording_of(desk.config, "de").text
    assert ("2026-11-22T09:00:00+00:00", "2026-11-23T09:00:00+00:00", PAGE, text) == (
        proof.asked_at, proof.confirmed_at, proof.page, proof.wording,
    )  # fmt: skip
    assert hashlib.sha256(text.encode()).hexdigest() == proof.sha256
    asked = desk.record().consents[0]
    sent = email.message_from_string(asked.mail, policy=policy.default)
    assert (mail["Message-ID"], mail.get_content()) == (sent["Message-ID"], sent.get_content().replace("\r\n", "\n"))
    assert "" == asked.origin


def test_a_link_works_once_and_to_use_it_again_changes_nothing(desk):
    desk.ask()
    desk.post()
    assert [Step.CONFIRMED, Step.DONE] == [desk.confirm(), desk.confirm()]
    assert ["asked", "confirmed"] == [one.kind for one in desk.record().consents]


def test_a_link_expires_and_then_nothing_is_left(desk):
    desk.ask()
    desk.post()
    link = desk.link()
    desk.now += 15 * DAY
    assert Step.LATE == desk.confirm(link)
    assert 1 == purge_unconfirmed(desk.store, desk.now - 14 * DAY)
    assert (None, Step.LATE) == (desk.record().person, desk.confirm(link))


def test_an_address_gets_one_mail_a_day_however_often_it_is_entered(desk):
    for _ in range(5):
        desk.ask()
    assert (1, 1) == (desk.post(), len(desk.record().consents))
    desk.now += DAY + timedelta(minutes=1)
    desk.ask()
    assert (1, 2) == (desk.post(), len(desk.record().consents))
    assert Step.CONFIRMED == desk.confirm(desk.link(0))


def test_who_left_by_mistake_comes_back_on_the_same_day(desk):
    """Only strangers are to be kept from filling a mailbox; a step that needs the link in a mail is not theirs."""
    for turn in range(2):
        desk.ask()
        assert 1 == desk.post(), turn
        desk.now += timedelta(minutes=5)
        assert Step.CONFIRMED == desk.confirm()
        for wanted in (1, 0):
            desk.now += timedelta(minutes=5)
            desk.ask()
            assert wanted == desk.post()
        newest = max(desk.mails(), key=lambda one: one["Date"].datetime)
        assert "Schon angemeldet: Kurzbrief" == newest["Subject"]
        desk.now += timedelta(minutes=5)
        assert leave(desk.store, desk.keyring, desk.machine, LINK.search(newest.get_content())[2])
    assert (0, Reason.UNSUBSCRIBED) == (list_size(desk.store), suppression(desk.store, KEY).reason)


def test_who_is_on_the_list_is_told_so_and_can_leave_from_there(desk):
    desk.ask()
    desk.post()
    desk.confirm()
    desk.now += 2 * DAY
    desk.ask(language="en")
    desk.post()
    mail = max(desk.mails(), key=lambda one: one["Date"].datetime)
    assert "Already signed up: Kurzbrief" == mail["Subject"]
    assert leave(desk.store, desk.keyring, desk.machine, LINK.search(mail.get_content())[2])
    assert (0, "withdrawn") == (list_size(desk.store), desk.record().consents[-1].kind)


def test_a_changed_wording_is_agreed_to_anew(desk):
    desk.ask()
    desk.post()
    desk.confirm()
    changed = desk.config.settings.consent.wording.model_copy(update={"de": "Ja, auch die Sonderausgaben"})
    consent = desk.config.settings.consent.model_copy(update={"wording": changed})
    desk.config = replace(desk.config, settings=desk.config.settings.model_copy(update={"consent": consent}))
    desk.now += 2 * DAY
    desk.ask()
    desk.post()
    assert Step.CONFIRMED == desk.confirm()
    assert "Ja, auch die Sonderausgaben" == portrait_of(ADA, desk.record()).proof.wording


@pytest.mark.parametrize("reason", list(Reason))
def test_what_an_opt_in_lifts(desk, reason):
    if reason is Reason.FORGOTTEN:
        forget(desk.store, KEY, desk.now)
    else:
        suppress(desk.store, KEY, reason, desk.now)
    desk.ask()
    lifted = reason in (Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.FORGOTTEN)
    assert int(lifted) == desk.post()
    if lifted:
        assert suppression(desk.store, KEY) is not None
        assert Step.CONFIRMED == desk.confirm()
        assert (None, 1) == (suppression(desk.store, KEY), list_size(desk.store))


def test_a_complaint_between_request_and_click_holds(desk):
    desk.ask()
    desk.post()
    suppress(desk.store, KEY, Reason.COMPLAINED, desk.now)
    assert Step.BARRED == desk.confirm()
    assert ["asked"] == [one.kind for one in desk.record().consents]


def test_a_link_of_before_leaving_does_not_bring_back(desk):
    desk.ask()
    desk.post()
    link = desk.link()
    desk.confirm(link)
    token = Token(Purpose.UNSUBSCRIBE, desk.keyring.verify_link(link, Purpose.CONFIRM).subscriber, 0,
                  bytes.fromhex(desk.store.id)[:3])  # fmt: skip
    leave(desk.store, desk.keyring, desk.machine, desk.keyring.sign_link(token))
    assert Step.LATE == desk.confirm(link)
    assert 0 == list_size(desk.store)


def test_no_other_token_confirms(desk):
    desk.ask()
    desk.post()
    good = desk.keyring.verify_link(desk.link(), Purpose.CONFIRM)
    for other in (
        replace(good, purpose=Purpose.UNSUBSCRIBE),
        replace(good, list=b"xyz"),
    ):
        assert desk.confirm(desk.keyring.sign_link(other)) is None
    for other in (replace(good, subscriber=b"somebody"), replace(good, mailing=good.mailing + 1)):
        assert Step.LATE == desk.confirm(desk.keyring.sign_link(other))
    assert desk.confirm(Keyring((b"y" * 32,)).sign_link(good)) is None
    assert 0 == list_size(desk.store)


def test_what_is_no_address_is_said_and_nothing_is_stored(desk):
    assert desk.ask("ada@halde") is not None
    assert {} == count_posts(desk.store)


def test_a_mail_waits_while_no_relay_works_and_is_given_up_in_time(desk):
    desk.ask()
    broken = load_config(desk.config.project, {"RUHRMAIL_RELAY": "smtp://127.0.0.1:1"})
    desk.config, working = broken, desk.config
    for _ in range(3):
        with pytest.raises(RelayError):
            desk.post()
    assert {"pending": 1} == count_posts(desk.store)
    desk.config = working
    assert 1 == desk.post()
    desk.config = broken
    desk.now += 2 * DAY
    desk.ask()
    desk.now += timedelta(seconds=21)
    with pytest.raises(RelayError):
        desk.post()
    assert {"sent": 1, "failed": 1} == count_posts(desk.store)


def test_a_mail_whose_sender_died_goes_out_later(desk):
    desk.ask()
    assert 1 == len(take_posts(desk.store, 10, desk.now))
    assert [] == take_posts(desk.store, 10, desk.now)
    desk.now += timedelta(minutes=16)
    assert 1 == desk.post()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30) | st.emails().map(lambda text: text + "\r\nBcc: x@y.example"))
def test_whatever_is_entered_makes_no_second_header(desk, text):
    desk.ask(text)
    desk.post()
    for mail in desk.mails():
        assert 1 == len(mail.get_all("To"))
        assert "Bcc" not in mail
