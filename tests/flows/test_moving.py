"""A new address: told to both, proven by a link, and the same person as before."""

import os
from dataclasses import replace

import pytest

from ruhrmail.flows.forgetting import forget_address
from ruhrmail.flows.joining import Request, ask_to_join, confirm_joining
from ruhrmail.flows.leaving import leave
from ruhrmail.flows.people import portrait_of
from ruhrmail.flows.refresh import refresh_roster
from ruhrmail.flows.roster import roster_findings
from ruhrmail.model.consent import Kind, NewImport, Reason
from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome
from ruhrmail.model.preferences import Chosen, Stage
from ruhrmail.model.public import Step
from ruhrmail.store import (
    Ledger,
    back_up,
    begin_mailing,
    choose,
    enrol,
    forget,
    granted_keys,
    import_people,
    list_size,
    people,
    purge_unconfirmed,
    read_deliveries,
    restore,
    superseded_keys,
    suppress,
    suppression,
)
from ruhrmail.tokens import Keyring, Purpose
from tests.flows.choosing import ADA, BEN, DAY, person, text_of
from tests.store.samples import MESSAGE, new_mailing, result

NEW = "Neu@stollen.example"


def addresses(desk):
    return {one.person.email for one in people(desk.store)}


def begin(desk, issue="kurz"):
    mailing = begin_mailing(desk.store, new_mailing(issue), {"": MESSAGE}, desk.now)
    enrol(desk.store, mailing, desk.now)
    return Ledger(desk.store, mailing)


def states(desk, ledger):
    return {one.email: one.state for one in read_deliveries(desk.store, ledger.mailing)}


def test_from_the_page_to_the_new_address_with_word_to_the_former_one(choosing):
    choose(choosing.store, choosing.token_id(ADA), ("kultur", "sport"), Chosen(("sport",)), choosing.now)
    assert choosing.ask(NEW) is None
    [(to, subject, text)] = choosing.post()
    assert (NEW, "Bitte bestätigen: neue Adresse für Kurzbrief") == (to, subject)
    link = choosing.link_in(text, "address")
    assert ("N…@stollen.example", Stage.OPEN) == (choosing.look_moving(link).address, choosing.look_moving(link).stage)
    assert {ADA, BEN} == addresses(choosing)
    choosing.now += DAY
    assert Stage.DONE == choosing.move(link).stage
    assert {NEW, BEN} == addresses(choosing)
    [(to, subject, text)] = choosing.post()
    assert (ADA, "Ihre Adresse für Kurzbrief wurde geändert") == (to, subject)
    assert ("N…@stollen.example" in text, NEW in text) == (True, False)
    found = choosing.record(NEW)
    assert ("Ada", ("vip", "sport"), "web") == (found.person.first_name, found.person.tags, found.joined)
    [told] = [one for one in found.consents if one.kind is Kind.CHANGED]
    assert (f"{ADA} → {NEW}", choosing.now, True) == (told.procedure, told.at, link in text_of(told.mail))
    assert leave(choosing.store, choosing.keyring, choosing.machine, choosing.link_in(text, "u"))
    assert {BEN} == addresses(choosing)


def test_a_link_works_once_and_says_so_afterwards(choosing):
    choosing.ask(NEW)
    link = choosing.link_in(choosing.post()[0][2], "address")
    assert [Stage.DONE, Stage.DONE, Stage.DONE] == [
        choosing.move(link).stage, choosing.move(link).stage, choosing.look_moving(link).stage,
    ]  # fmt: skip
    assert 1 == len(choosing.post())
    assert [Kind.CHANGED] == [one.kind for one in choosing.record(NEW).consents]


def test_the_file_does_not_bring_the_former_address_back(choosing):
    choosing.change(NEW)
    rows = [person(ADA, tags=("kultur",), first_name="Ada"), person(BEN)]
    choosing.read_list(rows, "2")
    import_people(choosing.store, rows, NewImport("x.csv", "0" * 64, frozenset({"email"}), "Messe"), choosing.now)
    assert {NEW, BEN} == addresses(choosing)
    assert ("unsubscribed", "the person's mail goes to another address") == (
        choosing.record(ADA).suppression.reason, choosing.record(ADA).suppression.evidence,
    )  # fmt: skip
    assert (NEW, frozenset({ADA.lower()})) == (choosing.record(ADA).moved_to, superseded_keys(choosing.store))


def test_a_row_of_the_file_with_the_new_address_is_the_same_person(choosing):
    choosing.save(choosing.link(ADA), "sport")
    choosing.change(NEW)
    choosing.read_list([person(NEW, tags=("kultur",), first_name="Adele")], "2")
    found = choosing.record(NEW)
    assert ("Adele", ("sport",), True) == (found.person.first_name, found.person.tags, found.on_roster)
    assert 1 == list_size(choosing.store)


def test_open_deliveries_go_on_to_the_new_address_and_nobody_gets_one_twice(choosing):
    ledger = begin(choosing)
    claims = ledger.claim(2, choosing.now)
    ada = next(one for one in claims if one.recipient.person.email == ADA)
    choosing.change(NEW)
    assert {"lost"} == {one.value for one in ledger.intend([ada], choosing.now).values()}
    again = ledger.claim(2, choosing.now)
    assert [NEW] == [one.recipient.person.email for one in again]
    ledger.intend([*again, *(one for one in claims if one is not ada)], choosing.now)
    ledger.settle([result(one, Outcome.SENT) for one in (*again, *(one for one in claims if one is not ada))])
    assert {NEW: State.SENT, BEN: State.SENT} == states(choosing, ledger)
    assert 0 == enrol(choosing.store, ledger.mailing, choosing.now)


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.IN_DOUBT])
def test_who_got_an_issue_at_the_former_address_does_not_get_it_at_the_new_one(choosing, outcome):
    ledger = begin(choosing)
    claims = ledger.claim(2, choosing.now)
    ledger.intend(claims, choosing.now)
    ledger.settle([result(one, outcome) for one in claims])
    choosing.change(NEW)
    choosing.read_list([person(ADA), person(NEW), person(BEN)], "2")
    assert (0, []) == (enrol(choosing.store, ledger.mailing, choosing.now), ledger.claim(5, choosing.now))


def test_the_page_says_the_same_of_every_address(choosing):
    suppress(choosing.store, "nein@stollen.example", Reason.COMPLAINED, choosing.now)
    suppress(choosing.store, "hand@stollen.example", Reason.MANUAL, choosing.now)
    said = []
    for new in (NEW, BEN, ADA, "nein@stollen.example", "hand@stollen.example"):
        said.append(choosing.ask(new))
        choosing.now += 2 * DAY
    assert [None] * 5 == said
    assert choosing.ask("kein Postfach") is not None


def test_a_known_address_is_told_the_truth_and_nothing_changes(choosing):
    choosing.ask(BEN)
    [(to, subject, text)] = choosing.post()
    assert (BEN, "Ihre neue Adresse für Kurzbrief") == (to, subject)
    assert ("/subscribe" in text, "/address/" in text) == (True, False)
    assert {ADA, BEN} == addresses(choosing)


def test_an_address_that_left_is_told_to_join_by_itself(choosing):
    leave(choosing.store, choosing.keyring, choosing.machine, choosing.link(BEN, Purpose.UNSUBSCRIBE))
    choosing.ask(BEN)
    assert ["Ihre neue Adresse für Kurzbrief"] == [subject for _, subject, _ in choosing.post()]


@pytest.mark.parametrize("reason", list(Reason))
def test_which_suppressions_of_a_new_address_a_change_lifts(choosing, reason):
    if reason is Reason.FORGOTTEN:
        forget(choosing.store, NEW.lower(), choosing.now)
    else:
        suppress(choosing.store, NEW.lower(), reason, choosing.now)
    choosing.ask(NEW)
    mails = choosing.post()
    barred = reason in (Reason.COMPLAINED, Reason.MANUAL)
    assert (0 if barred else 1) == len(mails)
    if not barred:
        assert Stage.DONE == choosing.move(choosing.link_in(mails[0][2], "address")).stage
        assert (None, True) == (suppression(choosing.store, NEW.lower()), NEW in addresses(choosing))


def test_one_mail_a_day_for_each_person_and_each_new_address(choosing):
    for new in (NEW, "zwei@stollen.example", NEW):
        choosing.ask(new)
    choosing.ask(NEW, BEN)
    assert [NEW] == [to for to, _, _ in choosing.post()]
    choosing.now += DAY * 1.01
    choosing.ask(NEW, BEN)
    choosing.ask("zwei@stollen.example")
    assert {NEW, "zwei@stollen.example"} == {to for to, _, _ in choosing.post()}


def test_silence_counts_as_the_days_mail_so_that_nobody_learns_who_is_suppressed(choosing):
    suppress(choosing.store, NEW.lower(), Reason.MANUAL, choosing.now)
    choosing.ask(NEW)
    choosing.ask("zwei@stollen.example")
    assert [] == choosing.post()


def test_an_address_that_asked_to_join_today_gets_no_second_mail(choosing):
    ask_to_join(choosing.config, choosing.store, choosing.keyring, choosing.machine, Request(NEW, "https://x"))
    assert 1 == len(choosing.post())
    choosing.ask(NEW)
    assert [] == choosing.post()


def test_an_address_that_was_given_as_a_new_one_today_gets_no_second_mail(choosing):
    choosing.ask(NEW)
    ask_to_join(choosing.config, choosing.store, choosing.keyring, choosing.machine, Request(NEW, "https://x"))
    assert [NEW] == [to for to, _, _ in choosing.post()]


def test_a_request_to_join_that_nobody_confirmed_makes_way(choosing):
    ask_to_join(choosing.config, choosing.store, choosing.keyring, choosing.machine, Request(NEW, "https://x"))
    join = choosing.link_in(choosing.post()[0][2].replace("/confirm/", "/address/"), "address")
    choosing.now += 2 * DAY
    choosing.change(NEW)
    assert {NEW, BEN} == addresses(choosing)
    late = confirm_joining(choosing.config, choosing.store, choosing.keyring, choosing.machine, join)
    assert late is not None and Step.LATE == late.step
    assert "Ada" == choosing.record(NEW).person.first_name


def test_an_address_that_joined_meanwhile_stays_as_it_is(choosing):
    choosing.ask(NEW)
    link = choosing.link_in(choosing.post()[0][2], "address")
    choosing.read_list([person(ADA), person(BEN), person(NEW)], "2")
    assert [Stage.TAKEN, Stage.TAKEN] == [choosing.look_moving(link).stage, choosing.move(link).stage]
    assert {ADA, BEN, NEW} == addresses(choosing)


@pytest.mark.parametrize("why", ["too old", "replaced", "left", "complained"])
def test_a_link_that_came_too_late_changes_nothing(choosing, why):
    choosing.ask(NEW)
    link = choosing.link_in(choosing.post()[0][2], "address")
    if why == "too old":
        choosing.now += 15 * DAY
    elif why == "replaced":
        choosing.now += 2 * DAY
        choosing.ask("zwei@stollen.example")
    elif why == "left":
        leave(choosing.store, choosing.keyring, choosing.machine, choosing.link(ADA, Purpose.UNSUBSCRIBE))
    else:
        suppress(choosing.store, NEW.lower(), Reason.COMPLAINED, choosing.now)
    assert [Stage.LATE, Stage.LATE] == [choosing.look_moving(link).stage, choosing.move(link).stage]
    assert NEW not in addresses(choosing)


def test_only_a_link_of_this_purpose_key_list_and_person_changes_an_address(choosing):
    choosing.ask(NEW)
    good = choosing.keyring.verify_link(choosing.link_in(choosing.post()[0][2], "address"), Purpose.CHANGE)
    others = [
        replace(good, purpose=Purpose.PREFERENCES), replace(good, list=b"xyz"), replace(good, mailing=good.mailing + 1),
        replace(good, subscriber=choosing.token_id(BEN)), replace(good, subscriber=b"somebody"),
    ]  # fmt: skip
    links = [choosing.keyring.sign_link(one) for one in others] + [Keyring((b"y" * 32,)).sign_link(good)]
    assert [(None, None)] * len(links) == [(choosing.look_moving(one), choosing.move(one)) for one in links]
    assert {ADA, BEN} == addresses(choosing)


def test_back_to_the_former_address_and_on_to_a_third(choosing):
    choosing.change(NEW)
    choosing.now += 2 * DAY
    choosing.change(ADA, NEW)
    assert {ADA, BEN} == addresses(choosing)
    assert frozenset({NEW.lower()}) == superseded_keys(choosing.store)
    choosing.now += 2 * DAY
    choosing.change("drei@stollen.example", ADA)
    choosing.read_list([person(ADA), person(NEW), person(BEN)], "2")
    assert {"drei@stollen.example", BEN} == addresses(choosing)


@pytest.mark.parametrize("by", [ADA, NEW])
def test_forgetting_by_either_address_leaves_no_byte_of_both(choosing, by):
    choosing.change(NEW)
    assert forget(choosing.store, by.lower(), choosing.now)
    folder = choosing.config.project / ".ruhrmail"
    left = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    assert (False, False) == (b"ada@halde" in left, b"neu@stollen" in left)
    choosing.read_list([person(ADA), person(NEW), person(BEN)], "2")
    assert {BEN} == addresses(choosing)


def test_forgetting_leaves_no_byte_of_an_address_that_others_gave_or_had(choosing):
    choosing.ask(NEW)
    choosing.post()
    forget(choosing.store, NEW.lower(), choosing.now)
    choosing.change("zwei@stollen.example", BEN)
    choosing.read_list([person(ADA), person("zwei@stollen.example")], "2")
    choosing.now += 2 * DAY
    ask_to_join(choosing.config, choosing.store, choosing.keyring, choosing.machine, Request(BEN, "https://x"))
    forget(choosing.store, BEN.lower(), choosing.now)
    folder = choosing.config.project / ".ruhrmail"
    left = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    assert (False, False, True) == (b"ben@halde" in left, b"neu@stollen" in left, b"zwei@stollen" in left)
    assert {ADA, "zwei@stollen.example"} == addresses(choosing)


def test_forgetting_leaves_alone_who_has_the_former_address_by_now(choosing):
    choosing.change(NEW, BEN)
    choosing.now += 2 * DAY
    choosing.change(BEN, ADA)
    assert forget(choosing.store, NEW.lower(), choosing.now)
    assert None is suppression(choosing.store, BEN.lower())
    assert {BEN} == addresses(choosing)


def test_a_new_address_that_nobody_confirmed_is_deleted_in_time(choosing):
    choosing.ask(NEW)
    choosing.post()
    choosing.now += 15 * DAY
    assert 0 == purge_unconfirmed(choosing.store, choosing.now - 14 * DAY)
    assert ((), ()) == (choosing.record(ADA).changes, choosing.record(ADA).posts)
    assert {ADA, BEN} == addresses(choosing)


def test_a_change_is_no_consent_and_ends_none(choosing):
    import_people(
        choosing.store, [person(ADA)], NewImport("x.csv", "0" * 64, frozenset({"email"}), "Messe"), choosing.now
    )
    choosing.change(NEW)
    portrait = portrait_of(NEW, choosing.record(NEW))
    assert ("subscribed", "declared", "Messe", None) == (
        portrait.standing, portrait.proof.kind, portrait.proof.basis, portrait.proof.withdrawn_at,
    )  # fmt: skip
    assert [NEW.lower()] == list(granted_keys(choosing.store))


def test_what_somebody_claimed_before_a_crash_is_not_lost(choosing):
    ledger = begin(choosing)
    ledger.claim(2, choosing.now)
    choosing.change(NEW)
    ledger.recover(choosing.now)
    assert {NEW, BEN} == {one.recipient.person.email for one in ledger.claim(5, choosing.now)}


def test_rows_of_a_former_address_are_pointed_out_and_need_no_proof(choosing):
    choosing.change(NEW)
    config = choosing.config
    roster = config.project / "subscribers.csv"
    roster.write_text(f"email,first_name\n{BEN},Ben\n ADA@halde.example ,Ada\n{NEW},Ada\n", encoding="utf-8")
    place = [(one.rule, one.severity, one.at.line) for one in roster_findings(config) if one.rule != "csv/duplicate"]
    assert [("csv/superseded", "info", 3)] == place
    found = refresh_roster(config, choosing.store, choosing.now)
    assert [("csv/superseded", 3)] == [(one.rule, one.at.line) for one in found]
    assert (NEW, True) == (choosing.record(ADA).moved_to, choosing.record(NEW).on_roster)


def test_forgetting_names_the_rows_of_every_address(choosing):
    choosing.change(NEW)
    (choosing.config.project / "subscribers.csv").write_text(f"email\n{ADA}\n{BEN}\n{NEW}\n", encoding="utf-8")
    assert [2, 4] == [one.at.line for one in forget_address(choosing.config, NEW, choosing.machine).rows]


def test_a_restored_store_knows_what_people_decided_since_the_backup(choosing, tmp_path):
    choosing.save(choosing.link(BEN), "kultur", language="de")
    back_up(choosing.config.store, tmp_path / "backup.db", choosing.now)
    choosing.now += DAY
    choosing.save(choosing.link(ADA), "sport", language="en")
    choosing.save(choosing.link(BEN), "wirtschaft", language="en")
    choosing.change(NEW)
    restore(choosing.config.store, tmp_path / "backup.db", choosing.now, os.urandom)
    choosing.read_list([person(ADA, tags=("kultur",)), person(BEN, tags=("kultur",))], "2")
    assert {NEW, BEN} == addresses(choosing)
    ada, ben = choosing.record(NEW), choosing.record(BEN)
    assert [("vip", "sport"), ("wirtschaft",), "en", "en"] == [
        ada.person.tags, ben.person.tags, ada.person.language, ben.person.language,
    ]  # fmt: skip
    assert ([f"{ADA} → {NEW}"], ADA.lower()) == ([one.procedure for one in ada.consents], ada.changes[-1].former)
