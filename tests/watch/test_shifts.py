"""A worker's runs, one after the other and side by side, make figures that add up."""

import json
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from ruhrmail.deliver import Progress, Tried, Working
from ruhrmail.exposition import expose
from ruhrmail.flows.events import Sending
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.watch.log import logging_to
from ruhrmail.watch.shifts import SILENT, Shifts
from tests.deliver.book import make_claim

NOON = datetime(2026, 11, 6, 12, tzinfo=UTC)
TAKEN = Tried(make_claim(1), Attempt(Outcome.SENT, "main", Reply(250, "ok")), NOON, 0.01)


def begun(mailing):
    return Sending(mailing, lambda claim: f"<{mailing}@n.example>")


def read(shifts):
    found = text_string_to_metric_families(expose(shifts.families()))
    return {(one.name, one.labels["mailing"]): one.value for family in found for one in family.samples}


def test_a_mailings_figures_go_on_when_another_run_of_it_begins():
    now, heard = [100.0], []
    shifts = Shifts(lambda: now[0], heard.append)
    for _ in range(2):
        hear = shifts.listener(begun("2026-11"))
        hear(Progress(sent=3, deferred=1))
        hear(TAKEN)
    assert Progress(sent=6, deferred=2) == shifts.tallies["2026-11"].progress
    assert 2 == read(shifts)["ruhrmail_run_attempts_total", "2026-11"]
    assert 4 == len(heard)


def test_two_mailings_at_once_have_each_its_figures_and_every_name_stands_once():
    now = [100.0]
    shifts = Shifts(lambda: now[0], lambda event: None)
    one, other = shifts.listener(begun("2026-11")), shifts.listener(begun("2026-12"))
    for hear, count in ((one, 5), (other, 2)):
        hear(TAKEN)
        hear(Working({"main": count}))
    found = read(shifts)
    assert (5, 2) == (found["ruhrmail_run_connections", "2026-11"], found["ruhrmail_run_connections", "2026-12"])
    assert 1 == expose(shifts.families()).count("# TYPE ruhrmail_run_connections")


def test_a_run_that_is_over_has_no_connections_any_more():
    now = [100.0]
    shifts = Shifts(lambda: now[0], lambda event: None)
    shifts.listener(begun("2026-11"))(Working({"main": 5}))
    now[0] += SILENT + 1
    assert ("ruhrmail_run_connections", "2026-11") not in read(shifts)


def test_lines_of_mailings_side_by_side_name_each_its_own(tmp_path):
    with logging_to(str(tmp_path / "log"), False, print) as log:
        shifts = Shifts(lambda: 0.0, lambda event: None, log)
        hears = [shifts.listener(begun(name)) for name in ("2026-11", "2026-12")]
        for hear in (*hears, hears[0]):
            hear(TAKEN)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert ["2026-11", "2026-12", "2026-11"] == [one["mailing"] for one in lines]
    assert ["<2026-11@n.example>", "<2026-12@n.example>"] == [one["message_id"] for one in lines[:2]]
