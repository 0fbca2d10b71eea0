"""What the ledger holds, in figures and line by line."""

import re

from ruhrmail.model.ledger import Figures, State
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    all_figures,
    begin_mailing,
    enrol,
    figures,
    message_id,
    read_deliveries,
    read_in_state,
    sync_roster,
)
from tests.store.samples import NOW, crowd, new_mailing, on_sqlite, result


def test_figures_have_every_state_and_sum_up(store, ledger):
    claims = ledger.claim(3, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claims[0], Outcome.SENT), result(claims[1], Outcome.IN_DOUBT)])
    expected = dict.fromkeys(State, 0) | {"pending": 2, "in_flight": 1, "sent": 1, "in_doubt": 1}
    told = Figures("2026-11", "2026-11", "open", 5, expected, NOW, None, subject="Licht")
    assert told == figures(store, "2026-11")


def test_figures_are_told_apart_by_destination_and_audience(store, ledger):
    begin_mailing(store, new_mailing(destination="maildir"), {}, NOW)
    begin_mailing(store, new_mailing(audience="stadt"), {}, NOW)
    assert figures(store, "2026-10") is None
    assert figures(store, "2026-11", "maildir").recipients == 0
    assert figures(store, "2026-11", audience="stadt").mailing == "2026-11/stadt"
    assert [one.mailing for one in all_figures(store)] == ["2026-11/stadt", "2026-11@maildir", "2026-11"]


def test_every_recipient_has_a_line_over_all_pages(store, mailing):
    sync_roster(store, crowd(2300), "one", NOW)
    enrol(store, mailing, NOW)
    lines = list(read_deliveries(store, mailing))
    assert [line.email for line in lines] == [f"p{number}@example.org" for number in range(2300)]
    assert len({line.message_id for line in lines}) == 2300
    first = lines[0]
    assert (first.state, first.attempts, first.code, first.relay, first.at) == ("pending", 0, None, "", None)


def test_the_doubtful_are_named_over_all_pages(store, mailing):
    sync_roster(store, crowd(2300), "one", NOW)
    enrol(store, mailing, NOW)
    ledger = Ledger(store, mailing)
    ledger.intend(ledger.claim(2200, NOW), NOW)
    ledger.recover(NOW)
    doubtful = [line.email for line in read_in_state(store, mailing, State.IN_DOUBT)]
    assert doubtful == [f"p{n}@example.org" for n in range(2200)]
    assert len(list(read_in_state(store, mailing, State.PENDING))) == 100
    assert [] == list(read_in_state(store, mailing, State.FAILED))


def test_a_message_id_is_the_same_for_the_same_mailing_and_recipient():
    one = message_id("ab" * 8, 1, b"12345678", "n.example")
    assert re.fullmatch(r"<[0-9a-f]{32}@n\.example>", one)
    assert one == message_id("ab" * 8, 1, b"12345678", "n.example")
    others = [("cd" * 8, 1, b"12345678"), ("ab" * 8, 2, b"12345678"), ("ab" * 8, 1, b"12345679")]
    assert one not in [message_id(*facts, "n.example") for facts in others]


@on_sqlite
def test_claiming_and_figures_use_their_indexes(store, ledger):
    """A million rows are never scanned to find fifty."""
    plans = {
        "SELECT id FROM deliveries WHERE mailing = 1 AND state = 'pending' ORDER BY id LIMIT 50": "deliveries_by_state",
        "SELECT id FROM deliveries WHERE mailing = 1 AND state = 'deferred' AND next_at <= 5 ORDER BY next_at": "due",
        "SELECT state, count(*) FROM deliveries WHERE mailing = 1 GROUP BY state": "deliveries_by_state",
    }
    with store.reading() as connection:
        for query, index in plans.items():
            [step] = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
            assert step.detail.startswith("SEARCH") and index in step.detail
