"""Mailings, their messages, and who is enrolled."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.model.mail import Outcome, PreparedMessage, Slot
from ruhrmail.model.merge import MergeField
from ruhrmail.store import (
    Ledger,
    begin_mailing,
    count_newcomers,
    enrol,
    find_mailing,
    finish_if_done,
    mailing_by_id,
    public_slugs,
    read_prepared_messages,
    suppress,
    sync_roster,
)
from ruhrmail.store.messages import from_json, to_json
from tests.store.samples import MESSAGE, NOW, counts, crowd, new_mailing, person, result

PLACES = st.sampled_from(["text", "html", "url"])
FIELDS = st.builds(MergeField, st.text(max_size=8), st.text(max_size=8), PLACES)
SLOT_PLACES = st.sampled_from(["text", "html", "url", "subject", "to", "message-id", "unsubscribe-token"])
SLOTS = st.builds(Slot, SLOT_PLACES, st.lists(st.text(max_size=8) | FIELDS, max_size=3).map(tuple))
LITERALS = st.text(st.characters(max_codepoint=127), max_size=20).map(lambda text: text.encode("ascii"))


@given(st.lists(LITERALS | SLOTS, max_size=6))
def test_a_prepared_message_survives_json(parts):
    message = PreparedMessage(tuple(parts), "en")
    assert from_json(to_json(message), message.language) == message


def test_a_mailing_comes_back_as_it_began(store):
    assert find_mailing(store, "2026-11") is None
    begun = begin_mailing(store, new_mailing(legal_basis="§ 7 Abs. 3 UWG"), {"": MESSAGE}, NOW)
    assert (begun.state, begun.started_at, begun.finished_at, begun.name) == ("open", NOW, None, "2026-11")
    assert (begun.legal_basis, begun.manifest, begun.domain) == ("§ 7 Abs. 3 UWG", {"a": "b"}, "n.example")
    assert find_mailing(store, "2026-11") == begun
    assert mailing_by_id(store, begun.id) == begun
    assert mailing_by_id(store, 99) is None
    assert read_prepared_messages(store, begun) == {"": MESSAGE}


def test_to_begin_twice_changes_nothing(store, mailing):
    again = begin_mailing(store, new_mailing(subject="Anders"), {"": PreparedMessage(())}, NOW)
    assert again == mailing
    assert read_prepared_messages(store, again) == {"": MESSAGE}


def test_audiences_and_destinations_are_mailings_of_their_own(store, mailing):
    press = begin_mailing(store, new_mailing(audience="stadt"), {}, NOW)
    files = begin_mailing(store, new_mailing(destination="maildir"), {}, NOW)
    assert len({mailing.id, press.id, files.id}) == 3
    assert (press.name, files.name) == ("2026-11/stadt", "2026-11@maildir")
    assert find_mailing(store, "2026-11", "stadt") == press
    assert find_mailing(store, "2026-11", destination="maildir") == files


def test_an_issue_is_public_once_a_relay_has_it(store):
    begin_mailing(store, new_mailing("tried", destination="maildir"), {}, NOW)
    assert public_slugs(store) == frozenset()
    begin_mailing(store, new_mailing("sent"), {}, NOW)
    begin_mailing(store, new_mailing("sent", audience="stadt"), {}, NOW)
    assert public_slugs(store) == frozenset({"sent"})


def test_everybody_on_the_list_is_enrolled_once(store, mailing):
    sync_roster(store, crowd(3), "one", NOW)
    suppress(store, "p1@example.org", "unsubscribed", NOW)
    assert [enrol(store, mailing, NOW) for _ in range(2)] == [2, 0]
    sync_roster(store, [*crowd(3), person("new")], "two", NOW)
    assert enrol(store, mailing, NOW) == 1
    assert counts(Ledger(store, mailing)) == {"pending": 3}


def test_who_left_and_is_back_is_enrolled_again_and_nobody_else(store, ledger):
    """A list that lost rows by mistake and got them back: nobody may miss the issue for it."""
    mailing = ledger.mailing
    claims = ledger.claim(5, NOW)
    sync_roster(store, crowd(2), "two", NOW)
    suppress(store, "p1@example.org", "unsubscribed", NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claims[0], Outcome.SENT)])
    assert finish_if_done(store, mailing, NOW) is True
    assert (count_newcomers(store, "2026-11", "relay").total(), enrol(store, mailing, NOW)) == (0, 0)
    sync_roster(store, crowd(5), "three", NOW)
    assert (count_newcomers(store, "2026-11", "relay").total(), enrol(store, mailing, NOW)) == (3, 3)
    assert counts(ledger) == {"sent": 1, "suppressed": 1, "pending": 3}
    assert find_mailing(store, "2026-11").state == "open"


def test_an_address_gets_an_issue_once_over_all_audiences_of_a_destination(store, mailing):
    sync_roster(store, crowd(3), "one", NOW)
    press = begin_mailing(store, new_mailing(audience="stadt"), {}, NOW)
    files = begin_mailing(store, new_mailing(destination="maildir"), {}, NOW)
    other = begin_mailing(store, new_mailing("2026-12"), {}, NOW)
    assert [enrol(store, one, NOW) for one in (mailing, press, files, other)] == [3, 0, 3, 3]


def test_a_mailing_is_complete_when_nobody_is_open(store, ledger):
    mailing = ledger.mailing
    assert finish_if_done(store, mailing, NOW) is False
    claims = ledger.claim(10, NOW)
    ledger.intend(claims, NOW)
    outcomes = (Outcome.SENT, Outcome.FAILED, Outcome.IN_DOUBT, Outcome.SENT)
    ledger.settle([result(claim, outcome) for claim, outcome in zip(claims, outcomes, strict=False)])
    assert finish_if_done(store, mailing, NOW) is False
    ledger.settle([result(claims[4], Outcome.SENT)])
    assert [finish_if_done(store, mailing, NOW) for _ in range(2)] == [True, True]
    expected = replace(mailing, state="complete", finished_at=NOW)
    assert find_mailing(store, "2026-11") == expected


def test_newcomers_and_orders_to_resend_open_a_complete_mailing_again(store, ledger):
    claims = ledger.claim(10, NOW)
    ledger.intend(claims, NOW)
    ledger.settle([result(claim, Outcome.IN_DOUBT) for claim in claims])
    assert finish_if_done(store, ledger.mailing, NOW) is True
    assert enrol(store, ledger.mailing, NOW) == 0
    assert find_mailing(store, "2026-11").state == "complete"
    sync_roster(store, crowd(6), "two", NOW)
    assert enrol(store, ledger.mailing, NOW) == 1
    assert (find_mailing(store, "2026-11").state, find_mailing(store, "2026-11").finished_at) == ("open", None)
    [last] = ledger.claim(10, NOW)
    ledger.intend([last], NOW)
    ledger.settle([result(last, Outcome.SENT)])
    assert finish_if_done(store, ledger.mailing, NOW) is True
    assert ledger.resend_doubtful(NOW) == 5
    assert find_mailing(store, "2026-11").state == "open"
