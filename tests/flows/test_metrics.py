"""The service counts now and then, whoever asks how often."""

from prometheus_client.parser import text_string_to_metric_families

from ruhrmail.flows.machine import Machine
from ruhrmail.flows.metrics import LedgerMetrics
from ruhrmail.model.bounce import Kind, Verdict
from ruhrmail.model.fleet import Activity, Hindrance
from ruhrmail.model.phrase import phrase
from ruhrmail.store import (
    NewReturn,
    beat,
    begin_mailing,
    enqueue_slots,
    enrol,
    find_sending_to,
    open_store,
    prepare_engine,
    record_return,
    sign_on,
    sync_roster,
)
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing


def test_figures_are_kept_for_ten_seconds(tmp_path):
    now = [100.0]
    machine = Machine(lambda: NOW, counting(), "n.example", 1)
    with open_store(f"sqlite:///{tmp_path}/state.db", now=NOW, randomness=counting()) as store:
        metrics = LedgerMetrics(store, machine, clock=lambda: now[0])
        empty = metrics()
        sync_roster(store, crowd(5), "sha", NOW)
        enrol(store, begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW), NOW)
        now[0] += 9.9
        assert empty == metrics()
        now[0] += 0.2
        found = read(metrics())
    assert (0, 5) == (read(empty)["ruhrmail_list_size",], found["ruhrmail_list_size",])
    assert (5, 0) == (
        found["ruhrmail_recipients", "2026-11", "pending"],
        found["ruhrmail_recipients", "2026-11", "sent"],
    )
    assert NOW.timestamp() == found["ruhrmail_mailing_started_timestamp_seconds", "2026-11"]


def test_mails_that_wait_are_counted_with_the_age_of_the_oldest(tmp_path):
    from datetime import timedelta

    from ruhrmail.model.consent import Consent
    from ruhrmail.model.consent import Kind as Step
    from ruhrmail.model.people import Person
    from ruhrmail.model.post import PostKind
    from ruhrmail.store import Letter, record_request

    machine = Machine(lambda: NOW + timedelta(minutes=3), counting(), "n.example", 1)
    with open_store(f"sqlite:///{tmp_path}/state.db", now=NOW, randomness=counting()) as store:
        asked = Consent(0, Step.ASKED, NOW, "page", "wording")
        letter = Letter(PostKind.CONFIRM, "<1@n.example>", "text")
        person = Person("lea@halde.example", "lea@halde.example")
        record_request(store, person, asked, lambda *_: PostKind.CONFIRM, lambda *_: letter, NOW)
        found = read(LedgerMetrics(store, machine)())
    assert (1, 0, 180) == (
        found["ruhrmail_outbox", "pending"],
        found["ruhrmail_outbox", "failed"],
        found["ruhrmail_outbox_oldest_age_seconds",],
    )


def test_what_came_back_is_counted_by_kind_and_decision(tmp_path):
    machine = Machine(lambda: NOW, counting(), "n.example", 1)
    with open_store(f"sqlite:///{tmp_path}/state.db", now=NOW, randomness=counting()) as store:
        sync_roster(store, crowd(3), "sha", NOW)
        mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
        enrol(store, mailing, NOW)
        for number, verdict in ((1, Verdict.SUPPRESSED), (2, Verdict.SUPPRESSED), (3, Verdict.COUNTED)):
            sending = find_sending_to(store, number, mailing.id)
            kind = Kind.SOFT if verdict is Verdict.COUNTED else Kind.HARD
            record_return(store, NewReturn(str(number), sending, kind, NOW), lambda *_, verdict=verdict: verdict)
        found = read(LedgerMetrics(store, machine)())
    returned = {key[1:]: value for key, value in found.items() if key[0] == "ruhrmail_returned"}
    assert {("hard", "suppressed"): 2, ("soft", "counted"): 1} == returned


def read(text):
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_the_fleet_is_counted_where_workers_send(database):
    machine = Machine(lambda: NOW, counting(), "n.example", 1)
    with open_store(database, now=NOW, randomness=counting()) as store:
        prepare_engine(store)
        sync_roster(store, crowd(2), "sha", NOW)
        mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, NOW)
        enqueue_slots(store, mailing.id, 4)
        away = Hindrance("main", NOW, phrase("it is away"))
        beat(store, sign_on(store, "mail1", 11), Activity("2026-11", (0, 1), 4, 120, 2.5, (away,)))
        found, without = read(LedgerMetrics(store, machine, fleet=True)()), LedgerMetrics(store, machine)()
    assert (1, 0, 4, 2) == (
        found["ruhrmail_workers", "alive"],
        found["ruhrmail_workers", "silent"],
        found["ruhrmail_slots",],
        found["ruhrmail_slots_held",],
    )
    assert (120, 2.5, 1) == (
        found["ruhrmail_worker_sent_total", "mail1", "11"],
        found["ruhrmail_worker_messages_per_second", "mail1", "11"],
        found["ruhrmail_worker_hindrances", "mail1", "11"],
    )
    assert (4, 0) == (found["ruhrmail_jobs_waiting", "slots"], found["ruhrmail_jobs_waiting", "duties"])
    assert "ruhrmail_workers" not in without
