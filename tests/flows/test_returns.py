"""Returned mail acts upon the list and the ledger: only with a genuine token, only once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ruhrmail.bounce import read_returned
from ruhrmail.config import Config, load_config
from ruhrmail.errors import StoreError
from ruhrmail.flows.joining import Request, ask_to_join
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.plan import Wish
from ruhrmail.flows.reputation import find_complaints, last_look
from ruhrmail.flows.returns import take_in_all, take_in_event
from ruhrmail.flows.send import rehearse_sending, send_issue
from ruhrmail.model.bounce import Kind, ReturnEvent, Share, Taken, Verdict
from ruhrmail.model.consent import Reason
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    begin_mailing,
    enrol,
    figures,
    forget,
    message_id,
    open_store,
    read_domain_shares,
    read_record,
    suppress,
    suppression,
    sync_roster,
    unsuppress_by_hand,
)
from ruhrmail.tokens import Keyring, Purpose, load_keyring
from tests.bounce.letters import KEYRING, NOW, complaint, dsn, return_path, token_of
from tests.bounce.letters import SECRET as LETTER_SECRET
from tests.flows.taking import take_in
from tests.store.samples import MESSAGE, counting, new_mailing, person, result
from tests.stories.project import SECRET, read_maildir, small_project

DAY = timedelta(days=1)


@dataclass
class Desk:
    """A list of five people, and what comes back from them; `at` is what time it is."""

    config: Config
    store: Store
    at: datetime = NOW
    sent: dict[str, Mailing] = field(default_factory=dict)

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.at)

    def send(self, issue: str, outcome: Outcome = Outcome.SENT) -> Mailing:
        """An issue to everybody."""
        mailing = begin_mailing(self.store, new_mailing(issue), {"": MESSAGE}, self.at)
        enrol(self.store, mailing, self.at)
        ledger = Ledger(self.store, mailing)
        claims = ledger.claim(100, self.at)
        ledger.record((), claims, self.at)
        ledger.record([result(claim, outcome, self.at) for claim in claims], (), self.at)
        self.sent[issue] = mailing
        return mailing

    def address(self, name: str, mailing: Mailing) -> str:
        return return_path(self.store, self.token_id(name), mailing.id)

    def token_id(self, name: str) -> bytes:
        with self.store.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT token_id FROM subscribers WHERE key = ?", (f"{name}@example.org",)
            )
            return found.scalar_one()

    def take(self, message: bytes) -> Taken:
        return take_in(self.config, self.store, KEYRING, self.machine, message, "test")

    def hear(self, event: ReturnEvent) -> Taken:
        return take_in_event(self.config, self.store, KEYRING, self.machine, event)

    def reason(self, name: str) -> Reason | None:
        found = suppression(self.store, f"{name}@example.org")
        return found.reason if found else None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = small_project(tmp_path / "project").folder
    config = load_config(folder, {"RUHRMAIL_SECRET": SECRET})
    with open_store(config.store, now=NOW, randomness=counting()) as store:
        sync_roster(store, [person(name) for name in ("ada", "ben", "cem", "dana", "eva")], "sha", NOW)
        yield Desk(config, store)


def test_a_hard_bounce_suppresses_at_once_with_its_evidence(desk):
    mailing = desk.send("2026-11")
    taken = desk.take(dsn(desk.address("ada", mailing)))
    assert (Kind.HARD, True, Verdict.SUPPRESSED) == (taken.kind, taken.known, taken.verdict)
    found = suppression(desk.store, "ada@example.org")
    assert (Reason.BOUNCED, "hard, 5.1.1, 550 5.1.1 User unknown, 2026-11") == (found.reason, found.evidence)
    assert None is desk.reason("ben")


def together(desk: Desk, *readings):
    return take_in_all(desk.config, desk.store, KEYRING, desk.machine, readings, "test")


def test_of_several_at_once_one_that_cannot_be_stored_changes_nothing_and_the_others_count_once(desk):
    mailing = desk.send("2026-11")
    ada, ben = (read_returned(dsn(desk.address(name, mailing), name=name)) for name in ("ada", "ben"))
    odd = replace(ben, digest="odd", bounce=replace(ben.bounce, text="\udcff"))
    first, trouble, second, again = together(desk, ada, odd, ben, ada)
    assert [Verdict.SUPPRESSED, Verdict.SUPPRESSED, Verdict.AGAIN] == [one.verdict for one in (first, second, again)]
    assert isinstance(trouble, UnicodeEncodeError)
    assert {"ada": 1, "ben": 1} == {
        name: len(read_record(desk.store, f"{name}@example.org").bounces) for name in ("ada", "ben")
    }


def test_of_several_at_once_none_counts_when_the_disk_is_full(desk):
    mailing = desk.send("2026-11")
    readings = [
        replace(read_returned(dsn(desk.address("ada", mailing), "4.2.2")), digest=f"{number}" * 5000)
        for number in range(9)
    ]
    with desk.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(StoreError) as caught:
        together(desk, *readings)
    assert "the disk with the store is full" == str(caught.value)
    assert () == read_record(desk.store, "ada@example.org").bounces


def test_read_again_nothing_counts_twice(desk):
    message = dsn(desk.address("ada", desk.send("2026-11")))
    desk.take(message)
    again = desk.take(b"Received: by elsewhere\r\n" + message.replace(b"\n", b"\r\n"))
    assert Verdict.AGAIN is again.verdict
    assert 1 == len(read_record(desk.store, "ada@example.org").bounces)


@pytest.mark.parametrize("place", ["Delivered-To", "x-original-to", "Envelope-To", "TO"])
def test_the_token_counts_in_each_place_and_in_any_letter_case(desk, place):
    address = desk.address("ada", desk.send("2026-11"))
    assert Verdict.SUPPRESSED is desk.take(dsn(address.upper(), place=place)).verdict


def test_the_surest_place_says_who(desk):
    mailing = desk.send("2026-11")
    message = f"Delivered-To: {desk.address('ben', mailing)}\n".encode() + dsn(desk.address("ada", mailing))
    desk.take(message)
    assert (None, Reason.BOUNCED) == (desk.reason("ada"), desk.reason("ben"))


def test_without_a_genuine_token_a_bounce_is_only_reported(desk):
    mailing = desk.send("2026-11")
    genuine = desk.address("ada", mailing)
    foreign = Keyring((b"another secret, long enough to be one",)).return_address(
        token_of(desk.store, desk.token_id("ada"), mailing.id), "kurzbrief.example"
    )
    token = token_of(desk.store, desk.token_id("ada"), mailing.id)
    other_list = KEYRING.return_address(replace(token, list=b"xyz"), "kurzbrief.example")
    other_purpose = KEYRING.return_address(replace(token, purpose=Purpose.UNSUBSCRIBE), "kurzbrief.example")
    flipped = genuine.replace(genuine[30], "a" if genuine[30] != "a" else "b", 1)
    for address in ("ada@example.org", foreign, other_list, other_purpose, flipped, genuine[:40] + "@x.example"):
        taken = desk.take(dsn(address, original=f"Return-Path: <{genuine}>"))
        assert (False, Verdict.UNKNOWN) == (taken.known, taken.verdict)
    assert (None, ()) == (desk.reason("ada"), read_record(desk.store, "ada@example.org").bounces)


def test_a_token_of_somebody_who_did_not_get_that_mailing_changes_nothing(desk):
    mailing = desk.send("2026-11")
    sync_roster(desk.store, [person("ada"), person("neu")], "sha2", NOW)
    assert Verdict.UNKNOWN is desk.take(dsn(desk.address("neu", mailing))).verdict
    token = KEYRING.return_address(token_of(desk.store, desk.token_id("ada"), mailing.id + 7), "kurzbrief.example")
    assert Verdict.UNKNOWN is desk.take(dsn(token)).verdict


def test_an_old_secret_still_says_who(desk):
    address = desk.address("ada", desk.send("2026-11"))
    rotated = Keyring((b"a newer secret, long enough to be one", LETTER_SECRET))
    taken = take_in(desk.config, desk.store, rotated, desk.machine, dsn(address), "test")
    assert Verdict.SUPPRESSED is taken.verdict


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_left_alone_and_not_stored(desk, action):
    taken = desk.take(dsn(desk.address("ada", desk.send("2026-11")), action=action))
    assert (Kind.DELAYED, Verdict.LEFT, ()) == (
        taken.kind,
        taken.verdict,
        read_record(desk.store, "ada@example.org").bounces,
    )


def test_refusals_for_policy_alert_and_never_suppress(desk):
    alarms = []
    for number in range(1, 7):
        mailing = desk.send(f"2026-{number}")
        desk.at += 10 * DAY
        taken = desk.take(dsn(desk.address("ada", mailing), "5.7.26", "smtp; 550 5.7.26 unauthenticated", at=desk.at))
        alarms.append(str(taken.alarm))
    assert None is desk.reason("ada")
    assert (
        "mailing 2026-1: refused for policy 1 times, last by example.org: 5.7.26 550 5.7.26 unauthenticated"
        == alarms[0]
    )


def test_an_alarm_names_nobody(desk):
    text = "smtp; 550 5.7.1 ADA: <ada@example.org> (ada) rejected"
    alarm = desk.take(dsn(desk.address("ada", desk.send("2026-11")), "5.7.1", text)).alarm
    assert "refused for policy 1 times, last by example.org: 5.7.1 550 5.7.1 rejected" in str(alarm)


def test_five_soft_bounces_of_three_mailings_over_fourteen_days_suppress(desk):
    verdicts = []
    for number in range(5):
        mailing = desk.send(f"2026-{number}")
        verdicts.append(desk.take(soft(desk, "ada", mailing, str(number))).verdict)
        desk.at += 4 * DAY
    assert [Verdict.COUNTED] * 4 + [Verdict.SUPPRESSED] == verdicts
    assert Reason.BOUNCED is desk.reason("ada")


def soft(desk: Desk, name: str, mailing: Mailing, message: str) -> bytes:
    return dsn(desk.address(name, mailing), "5.2.2", "smtp; 552 5.2.2 Mailbox full", at=desk.at, name=message)


def test_soft_bounces_read_all_at_once_count_by_their_own_dates(desk):
    messages = []
    for number in range(5):
        mailing = desk.send(f"2026-{number}")
        messages.append(soft(desk, "ada", mailing, str(number)))
        desk.at += 4 * DAY
    desk.at += 90 * DAY
    assert Verdict.SUPPRESSED is [desk.take(message).verdict for message in messages][-1]


def test_a_date_that_cannot_be_does_not_make_it_long(desk):
    mailings = [desk.send(f"2026-{number}") for number in range(5)]
    for number, mailing in enumerate(mailings):
        at = NOW + timedelta(days=400 * (number - 2))
        desk.take(dsn(desk.address("ada", mailing), "5.2.2", "smtp; 552 full", at=at, name=str(number)))
    assert None is desk.reason("ada")


def test_a_mail_that_arrived_begins_the_count_anew(desk):
    for number in range(8):
        mailing = desk.send(f"2026-{number}")
        if number != 3:
            desk.take(soft(desk, "ada", mailing, str(number)))
        desk.at += 8 * DAY
    assert None is desk.reason("ada")
    assert {Verdict.COUNTED} == {one.verdict for one in read_record(desk.store, "ada@example.org").bounces}


def test_many_soft_bounces_of_one_mailing_do_not_suppress(desk):
    mailing = desk.send("2026-11")
    for number in range(9):
        desk.take(soft(desk, "ada", mailing, str(number)))
        desk.at += 5 * DAY
    assert None is desk.reason("ada")


@pytest.mark.parametrize("place", ["mail-from", "return-path", "link", "mailto"])
def test_a_complaint_suppresses_for_good_wherever_the_token_stands(desk, place):
    mailing = desk.send("2026-11")
    message = complaint_of(desk, "ada", mailing, place)
    taken = desk.take(message)
    assert (Kind.COMPLAINT, Verdict.SUPPRESSED, Reason.COMPLAINED) == (taken.kind, taken.verdict, desk.reason("ada"))
    assert Verdict.AGAIN is desk.take(message).verdict


def complaint_of(desk: Desk, who: str, mailing: Mailing, place: str = "return-path", **fields: str) -> bytes:
    path = desk.address(who, mailing)
    leave = token_of(desk.store, desk.token_id(who), mailing.id, Purpose.UNSUBSCRIBE)
    link = f"<https://kurzbrief.example/u/{KEYRING.sign_link(leave)}>"
    mailto = f"<mailto:l+{KEYRING.sign_return(leave)}@kurzbrief.example>"
    header = {"mail-from": "Subject: Licht", "return-path": f"Return-Path: <{path}>",
              "link": f"List-Unsubscribe: {link}", "mailto": f"List-Unsubscribe: {mailto}"}[place]  # fmt: skip
    return complaint(header, fields=f"Original-Mail-From: <{path}>\n" if place == "mail-from" else "", **fields)


def test_a_redacted_complaint_is_understood_by_message_id_and_address(desk):
    mailing = desk.send("2026-11")
    number = message_id(desk.store.id, mailing.id, desk.token_id("ada"), mailing.domain)
    report = complaint(f"Message-ID: {number}", fields="Original-Rcpt-To: Ada@Example.ORG\n")
    assert Verdict.SUPPRESSED is desk.take(report).verdict
    guessed = complaint("Message-ID: <0123@n.example>", fields="Original-Rcpt-To: ben@example.org\n", name="2")
    assert (Verdict.UNKNOWN, None) == (desk.take(guessed).verdict, desk.reason("ben"))


@pytest.mark.parametrize(
    "fields", ["", "Original-Rcpt-To: redacted@example.org\n", "Original-Rcpt-To: ben@example.org\n"]
)
def test_a_complaint_without_the_readers_address_is_understood_by_message_id(desk, fields):
    desk.send("2026-10")
    mailing = desk.send("2026-11")
    number = message_id(desk.store.id, mailing.id, desk.token_id("ada"), mailing.domain)
    taken = desk.take(complaint(f"Message-ID:\n {number.upper()}\nTo: undisclosed-recipients:;", fields=fields))
    assert (Verdict.SUPPRESSED, Reason.COMPLAINED) == (taken.verdict, desk.reason("ada"))
    assert ["2026-11"] == [one.mailing for one in read_record(desk.store, "ada@example.org").bounces]
    assert None is desk.reason("ben")


@pytest.mark.parametrize("type_", ["not-spam", "fraud", "virus", "opt-out", "auth-failure", "other", ""])
def test_feedback_of_another_type_never_suppresses(desk, type_):
    taken = desk.take(complaint_of(desk, "ada", desk.send("2026-11"), type_=type_))
    assert (Kind.FEEDBACK, Verdict.NOTED, None) == (taken.kind, taken.verdict, desk.reason("ada"))


def test_a_mail_to_the_unsubscribe_address_takes_its_owner_off_the_list(desk):
    mailing = desk.send("2026-11", Outcome.IN_DOUBT)
    leave = token_of(desk.store, desk.token_id("ada"), mailing.id, Purpose.UNSUBSCRIBE)
    message = f"To: L+{KEYRING.sign_return(leave).upper()}@kurzbrief.example\nSubject: unsubscribe\n\n".encode()
    assert [Verdict.SUPPRESSED, Verdict.AGAIN] == [desk.take(message).verdict for _ in range(2)]
    assert (Reason.UNSUBSCRIBED, "sent") == (desk.reason("ada"), state_of(desk, "ada"))


def test_an_unsubscription_by_mail_that_is_read_again_leaves_alone_who_came_back(desk):
    mailing = desk.send("2026-11")
    leave = token_of(desk.store, desk.token_id("ada"), mailing.id, Purpose.UNSUBSCRIBE)
    first, second = (
        f"To: l+{KEYRING.sign_return(leave)}@kurzbrief.example\nMessage-ID: <{n}@x>\n\n".encode() for n in (1, 2)
    )
    desk.take(first)
    unsuppress_by_hand(desk.store, "ada@example.org", "wieder dabei", NOW + DAY)
    desk.at = NOW + 2 * DAY
    assert (Verdict.AGAIN, None) == (desk.take(first).verdict, desk.reason("ada"))
    assert (Verdict.SUPPRESSED, Reason.UNSUBSCRIBED) == (desk.take(second).verdict, desk.reason("ada"))


def test_a_bounce_at_the_unsubscribe_address_changes_nothing(desk):
    mailing = desk.send("2026-11")
    leave = token_of(desk.store, desk.token_id("ada"), mailing.id, Purpose.UNSUBSCRIBE)
    taken = desk.take(dsn(f"l+{KEYRING.sign_return(leave)}@kurzbrief.example"))
    assert (Verdict.UNKNOWN, None) == (taken.verdict, desk.reason("ada"))


def state_of(desk: Desk, name: str) -> str:
    return read_record(desk.store, f"{name}@example.org").received[-1].delivery.state.value


@pytest.mark.parametrize(
    "message",
    [
        dsn,
        lambda to: dsn(to, action="delayed"),
        lambda to: f"To: {to}\nSubject: Abwesenheit\nAuto-Submitted: auto-replied\n\nUrlaub".encode(),
    ],
)
def test_whatever_comes_back_settles_a_doubt_as_sent(desk, message):
    mailing = desk.send("2026-11", Outcome.IN_DOUBT)
    assert "in_doubt" == state_of(desk, "ada")
    desk.take(message(desk.address("ada", mailing)))
    assert ("sent", "in_doubt") == (state_of(desk, "ada"), state_of(desk, "ben"))


def test_an_unsubscribed_person_stays_so_and_the_bounce_is_on_record(desk):
    mailing = desk.send("2026-11")
    suppress(desk.store, "ada@example.org", Reason.UNSUBSCRIBED, NOW)
    assert Verdict.NOTED is desk.take(dsn(desk.address("ada", mailing))).verdict
    assert Reason.UNSUBSCRIBED is desk.reason("ada")
    assert Verdict.SUPPRESSED is desk.take(complaint_of(desk, "ada", mailing)).verdict
    assert Reason.COMPLAINED is desk.reason("ada")


def test_an_old_bounce_does_not_undo_a_later_opt_in_or_a_lifted_suppression(desk):
    mailing = desk.send("2026-11")
    address = desk.address("ada", mailing)
    desk.take(dsn(address))
    unsuppress_by_hand(desk.store, "ada@example.org", "Tippfehler behoben", NOW + DAY)
    desk.at = NOW + 2 * DAY
    assert (Verdict.NOTED, None) == (desk.take(dsn(address, name="2")).verdict, desk.reason("ada"))
    later = desk.send("2026-12")
    assert Verdict.SUPPRESSED is desk.take(dsn(desk.address("ada", later), name="3")).verdict


def test_of_somebody_forgotten_nothing_is_stored_again_and_figures_stay_true(desk):
    mailing = desk.send("2026-11")
    early, late = desk.address("ada", mailing), desk.address("ben", mailing)
    desk.take(dsn(early))
    for name in ("ada", "ben"):
        forget(desk.store, f"{name}@example.org", NOW)
    taken = desk.take(dsn(late, diagnostic="smtp; 550 5.1.1 <ben@example.org> unknown", name="2"))
    assert (False, Verdict.NOTED) == (taken.known, taken.verdict)
    assert 2 == figures(desk.store, "2026-11").bounced
    folder = desk.config.state_folder
    assert not [file for file in folder.iterdir() if b"ben@example.org" in file.read_bytes()]


def test_replayed_complaints_of_somebody_forgotten_count_once(desk):
    mailing = desk.send("2026-11")
    reports = [complaint_of(desk, "ada", mailing, name=str(number)) for number in range(9)]
    forget(desk.store, "ada@example.org", NOW)
    assert [Verdict.NOTED] + [Verdict.AGAIN] * 8 == [desk.take(report).verdict for report in reports]
    assert 1 == figures(desk.store, "2026-11").complained


def test_figures_count_each_person_once(desk):
    mailing = desk.send("2026-11")
    for number in range(3):
        desk.take(soft(desk, "ada", mailing, str(number)))
    desk.take(dsn(desk.address("ben", mailing)))
    desk.take(complaint_of(desk, "cem", mailing))
    found = figures(desk.store, "2026-11")
    assert (2, 1, 5) == (found.bounced, found.complained, found.recipients)
    assert [Share(5, 2, 1, "example.org")] == list(read_domain_shares(desk.store, mailing.id))


def test_addresses_and_levers_of_a_log_stay_out_of_its_line(desk):
    mailing = desk.send("2026-11")
    taken = desk.take(dsn(desk.address("ada", mailing), diagnostic="smtp; 550 5.1.1 <ada@example.org>\x1b[2J gone"))
    assert "hard bounce 5.1.1, mailing 2026-11: the address gets nothing any more" == str(taken.line)
    assert "\x1b" not in read_record(desk.store, "ada@example.org").bounces[0].text


def crowd_of(desk: Desk, count: int) -> Mailing:
    """A mailing to many, sent."""
    sync_roster(desk.store, [person(f"p{number}") for number in range(count)], "many", NOW)
    mailing = begin_mailing(desk.store, new_mailing("2026-11"), {"": MESSAGE}, desk.at)
    enrol(desk.store, mailing, desk.at)
    with desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sent', at = enrolled_at")
    return mailing


def test_too_many_complaints_stop_a_mailing_and_speak_against_the_next(desk):
    mailing = crowd_of(desk, 1500)
    alarms = [desk.take(complaint_of(desk, f"p{number}", mailing, name=str(number))).alarm for number in range(5)]
    assert [False, True, False, False, True] == [alarm is not None for alarm in alarms]
    assert "the mailing 2026-11 was stopped: 5 complaints about 1500 mails (0.33 %)" == str(alarms[-1])
    assert "stopped" == figures(desk.store, "2026-11").state
    assert "5 complaints about 1500 mails (0.33 %) in the last 30 days" in str(find_complaints(desk.store, NOW)[0])
    assert () == find_complaints(desk.store, NOW + 40 * DAY)


def test_the_share_of_complaints_is_looked_at_ever_more_rarely():
    looks = {count: last_look(count) for count in range(1, 301) if last_look(count) is not None}
    assert [*range(1, 10), *range(10, 100, 10), 100, 200, 300] == list(looks)
    assert {1: 0, 2: 1, 10: 9, 20: 10, 100: 90, 200: 100, 300: 200}.items() <= looks.items()


def test_one_complaint_does_not_stop_a_small_list(desk):
    mailing = desk.send("2026-11")
    assert None is desk.take(complaint_of(desk, "ada", mailing)).alarm
    assert () == find_complaints(desk.store, NOW)


def test_events_without_an_id_are_told_apart_by_whom_they_are_about(desk):
    mailing = desk.send("2026-11")
    events = [ReturnEvent("sendgrid", "", Kind.HARD, return_address=desk.address(n, mailing)) for n in ("ada", "ben")]
    taken = [take_in_event(desk.config, desk.store, KEYRING, desk.machine, one).verdict for one in (*events, *events)]
    assert [Verdict.SUPPRESSED] * 2 + [Verdict.AGAIN] * 2 == taken


def test_events_of_services_find_their_person(desk):
    mailing = desk.send("2026-11")
    by_token = ReturnEvent("ses", "1", Kind.HARD, return_address=desk.address("ada", mailing))
    link = KEYRING.sign_link(token_of(desk.store, desk.token_id("ben"), mailing.id, Purpose.UNSUBSCRIBE))
    by_link = ReturnEvent("ses", "2", Kind.COMPLAINT, link_token=link)
    name = message_id(desk.store.id, mailing.id, desk.token_id("cem"), mailing.domain)
    by_id = ReturnEvent("ses", "3", Kind.HARD, address="CEM@example.org", message_id=name.strip("<>"))
    by_address = ReturnEvent("ses", "4", Kind.UNSUBSCRIBE, address="dana@example.org")
    foreign = ReturnEvent("ses", "5", Kind.HARD, address="eva@example.org", message_id="<fremd@anders.example>")
    forged = ReturnEvent("ses", "6", Kind.HARD, address="eva@example.org", return_address=f"u+{'a' * 53}@x.example")
    events = (by_token, by_link, by_id, by_address, foreign, forged)
    verdicts = [desk.hear(event).verdict for event in events]
    assert [Verdict.SUPPRESSED] * 4 + [Verdict.UNKNOWN] * 2 == verdicts
    found = [desk.reason(name) for name in ("ada", "ben", "cem", "dana", "eva")]
    assert [Reason.BOUNCED, Reason.COMPLAINED, Reason.BOUNCED, Reason.UNSUBSCRIBED, None] == found
    assert {Verdict.AGAIN} == {desk.hear(event).verdict for event in events[:4]}


def test_a_hard_bounce_of_a_confirmation_mail_is_written_down_and_suppresses_nobody(desk):
    ask_to_join(
        desk.config,
        desk.store,
        KEYRING,
        desk.machine,
        Request("neu@example.org", "https://kurzbrief.example/subscribe"),
    )
    address = return_path(desk.store, desk.token_id("neu"), 0)
    assert (Verdict.NOTED, None) == (desk.take(dsn(address)).verdict, desk.reason("neu"))
    assert Kind.HARD is read_record(desk.store, "neu@example.org").bounces[0].kind


def test_too_many_complaints_are_an_objection_to_the_next_issue_that_anyway_overrules(desk):
    mailing = crowd_of(desk, 1500)
    for number in range(5):
        desk.take(complaint_of(desk, f"p{number}", mailing, name=str(number)))
    config = load_config(desk.config.project, {"RUHRMAIL_SECRET": SECRET, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9"})
    plans = [rehearse_sending(config, "kurz", Wish(anyway=anyway), desk.machine) for anyway in (False, True)]
    assert [1, 0] == [len(plan.objections) for plan in plans]


def test_the_header_names_an_address_for_leaving_only_where_returned_mail_is_read(tmp_path):
    for settings, named in (("", False), ("bounces: [{source: Maildir}]\n", True)):
        folder = small_project(tmp_path / f"named-{named}").folder
        with (folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
            file.write(settings)
        config = load_config(folder, {"RUHRMAIL_SECRET": SECRET, "RUHRMAIL_RELAY": "maildir:sent"})
        with open_store(config.store, now=NOW, randomness=counting()) as store:
            send_issue(config, "kurz", Wish(), this_machine(), lambda _: True, lambda _: None)
            header = str(read_maildir(folder / "sent")[0]["List-Unsubscribe"])
            assert named is ("mailto:l+" in header), header
            if named:
                take_and_leave(config, store, header)


def take_and_leave(config: Config, store: Store, header: str) -> None:
    """Whoever writes to the address of a real mail is off the list."""
    to = header.partition("<mailto:")[2].partition("?")[0]
    ring = load_keyring(config.secrets, config.state_folder, counting())
    taken = take_in(config, store, ring, this_machine(), f"To: {to}\nSubject: unsubscribe\n\n".encode(), "test")
    assert (Kind.UNSUBSCRIBE, Verdict.SUPPRESSED) == (taken.kind, taken.verdict)
    assert len(to.partition("@")[0]) <= 64
