"""The ledger under anything that may happen, in any order."""

import secrets
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ruhrmail.model.ledger import Intent, State
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    begin_mailing,
    enrol,
    figures,
    open_store,
    prove_sent,
    retry_failed,
    suppress,
    sync_roster,
)
from ruhrmail.store.leases import LEASE
from tests.store.samples import MESSAGE, MINUTE, NOW, crowd, new_mailing, result

OUTCOMES = st.sampled_from(list(Outcome))


class LedgerMachine(RuleBasedStateMachine):
    """Senders that crash, come back from the dead and settle what is no longer theirs.

    The machine keeps what the world saw: who was granted the final dot, and for whom a 250 may have been read.
    """

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = self.make_url()
        self.now = NOW
        self.store = open_store(url, now=NOW, randomness=secrets.token_bytes)
        self.second = open_store(url, now=NOW, randomness=secrets.token_bytes)
        self.claims = []  # every claim ever handed out: zombies hold the old ones
        self.granted = {}  # delivery -> token of the one grant that may have left, since the last order to resend
        self.sent = set()
        self.enrolled = 0

    def make_url(self):
        """Where there is no store yet."""
        return f"sqlite:///{Path(self.folder.name) / 'state.db'}"

    @initialize(count=st.integers(3, 9))
    def begin(self, count):
        self.mailing = begin_mailing(self.store, new_mailing(), {"": MESSAGE}, NOW)
        self.ledger = Ledger(self.store, self.mailing)
        self.other = Ledger(self.second, self.mailing)
        self.change_the_list(count)

    @rule(count=st.integers(1, 9))
    def change_the_list(self, count):
        """Rows vanish and come back; only who was left out may be enrolled anew."""
        before = self.rows()
        sync_roster(self.store, crowd(count), f"sha {count}", self.now)
        enrolled = enrol(self.store, self.mailing, self.now)
        back = {number: row for number, row in self.rows().items() if before.get(number, row) != row}
        assert {(before[number][0], row[0]) for number, row in back.items()} <= {(State.SUPPRESSED, State.PENDING)}
        assert self.sent.isdisjoint(back) and self.granted.keys().isdisjoint(back)
        self.enrolled += enrolled - len(back)

    @rule(limit=st.integers(1, 4), minutes=st.sampled_from([0, 1, 5, 20]))
    def claim(self, limit, minutes):
        self.now += minutes * MINUTE
        self.claims += self.ledger.claim(limit, self.now)

    @rule(limit=st.integers(1, 4))
    def claim_as_another(self, limit):
        """A second sender, whose process has the store open as well; it dies and comes back like the first."""
        self.claims += self.other.claim(limit, self.now)

    @rule(data=st.data())
    @precondition(lambda self: self.claims)
    def intend(self, data):
        some = data.draw(
            st.lists(self.any_claim(State.CLAIMED), min_size=1, max_size=4, unique_by=lambda one: one.delivery)
        )
        before = self.rows()
        self.check_answers(before, some, data.draw(self.any_sender()).intend(some, self.now))

    @rule(data=st.data())
    @precondition(lambda self: self.claims)
    def settle(self, data):
        results = data.draw(self.any_results())
        before = self.rows()
        changed = data.draw(self.any_sender()).settle(results)
        assert changed <= len(results)
        self.check_results(before, self.rows(), results)
        assert (changed > 0) == (before != self.rows()), "whoever changes nothing is told so"

    @rule(data=st.data())
    @precondition(lambda self: self.claims)
    def record(self, data):
        """Results and intents in one commit; the same claim may be in both, or in the intents twice."""
        some = data.draw(st.lists(self.any_claim(State.CLAIMED), min_size=1, max_size=4))
        self.hand_in(data.draw(self.any_sender()), data.draw(self.any_results()), some)

    @rule(outcomes=st.lists(st.none() | OUTCOMES, min_size=1, max_size=5), data=st.data())
    def work(self, outcomes, data):
        """What a healthy sender does, leaving some in flight."""
        sender = data.draw(self.any_sender())
        fresh = sender.claim(len(outcomes), self.now)
        self.claims += fresh
        self.hand_in(sender, [], fresh)
        results = [result(claim, one, self.now) for claim, one in zip(fresh, outcomes, strict=False) if one]
        self.hand_in(sender, results, [])

    def hand_in(self, sender, results, some):
        """Records, and checks that everything happened in the order of results, then intents."""
        before = self.rows()
        answers = sender.record(results, some, self.now)
        assert answers.keys() == {one.delivery for one in some}
        after = self.rows()
        intended = {number for number, answer in answers.items() if answer is not Intent.LOST}
        assert all(after[n][0] == (State.SUPPRESSED, State.IN_FLIGHT)[answers[n] is Intent.GRANTED] for n in intended)
        settled = {number: (before if number in intended else after)[number] for number in after}
        self.check_results(before, settled, results)
        self.check_answers(before, some, answers)

    def check_answers(self, before, some, answers):
        """Only the claim that holds a delivery is granted its final dot, and only once."""
        for number, answer in answers.items():
            if answer is Intent.GRANTED:
                [token] = [one.token for one in some if one.delivery == number]
                assert before[number] == (State.CLAIMED, token), "a zombie was granted the final dot"
                assert number not in self.granted, "a message that may have left was granted again"
                assert number not in self.sent
                self.granted[number] = token

    def check_results(self, before, after, results):
        """Only a result of the claim that holds a delivery changes it."""
        tokens = {(one.claim.delivery, one.claim.token) for one in results}
        for number, (state, token) in after.items():
            if (state, token) != before[number]:
                assert (number, before[number][1]) in tokens, "a zombie changed something"
                self.follow(number, before[number][1], state)

    def any_sender(self):
        return st.sampled_from([self.ledger, self.other])

    def any_results(self):
        """What became of claims, fresh and old; who is returned may be put off."""
        made = st.builds(
            lambda claim, outcome, put_off: replace(
                result(claim, outcome, self.now),
                **({"next_at": self.now + 3 * MINUTE} if put_off and outcome is Outcome.RETURNED else {}),
            ),
            self.any_claim(State.CLAIMED, State.IN_FLIGHT, State.IN_DOUBT), OUTCOMES, st.booleans(),
        )  # fmt: skip
        return st.lists(made, min_size=1, max_size=4)

    def any_claim(self, *states):
        """Claims that still hold a delivery in one of these states as often as all that ever were."""
        rows = self.rows()
        live = [one for one in self.claims if rows[one.delivery] in [(state, one.token) for state in states]]
        return st.sampled_from(live) | st.sampled_from(self.claims) if live else st.sampled_from(self.claims)

    def follow(self, number, token, state):
        """What the world knows after an outcome: a refusal that was read means that nothing left."""
        if state == State.SENT:
            assert self.granted.get(number) == token, "sent without a grant"
            assert number not in self.sent, "sent twice"
            self.sent.add(number)
        if state in (State.PENDING, State.DEFERRED, State.FAILED):
            self.granted.pop(number, None)

    @rule()
    def crash(self):
        in_flight = figures(self.store, "2026-11").counts[State.IN_FLIGHT]
        assert self.ledger.recover(self.now) == in_flight
        left = figures(self.store, "2026-11").counts
        assert (left[State.CLAIMED], left[State.IN_FLIGHT]) == (0, 0)
        self.claims += self.ledger.claim(4, self.now)  # the next sender; the dead one may still hold its claims

    @rule()
    def lapse(self):
        self.ledger.recover_expired(self.now + LEASE / 2)

    @rule(number=st.integers(3, 4))
    def leave(self, number):
        suppress(self.store, f"p{number}@example.org", "unsubscribed", self.now)

    @rule(number=st.integers(1, 9))
    def use_link(self, number):
        state = self.rows().get(number, (None, None))[0]
        proved = prove_sent(self.store, self.mailing.id, number, self.now)
        assert proved == (state in (State.IN_DOUBT, State.IN_FLIGHT))
        if proved:
            self.sent.add(number)

    @rule()
    def order_to_resend(self):
        doubtful = {number for number, (state, _) in self.rows().items() if state == State.IN_DOUBT}
        assert self.ledger.resend_doubtful(self.now) == len(doubtful)
        for number in doubtful:
            del self.granted[number]

    @rule()
    def order_to_retry(self):
        before = self.rows()
        failed = {number for number, (state, _) in before.items() if state == State.FAILED}
        count = retry_failed(self.store, self.mailing)
        changed = {number for number, row in self.rows().items() if row != before[number]}
        assert changed <= failed and len(changed) == count
        assert all(self.rows()[number] == (State.PENDING, None) for number in changed)

    @invariant()
    def every_attempt_is_kept(self):
        with self.store.reading() as connection:
            made = "SELECT count(*) FROM attempts WHERE delivery = d.id"
            lost = f"SELECT d.id FROM deliveries d WHERE d.attempts + d.earlier != ({made})"
            assert [] == connection.exec_driver_sql(lost).all()

    def rows(self):
        with self.store.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, state, token FROM deliveries")
            return {row.id: (row.state, row.token) for row in rows}

    @invariant()
    def nobody_is_lost(self):
        if self.enrolled:
            found = figures(self.store, "2026-11")
            assert found.recipients == self.enrolled == sum(found.counts.values())
            assert found.counts[State.SENT] == len(self.sent)

    @invariant()
    def a_grant_leads_back_only_by_a_refusal_or_an_order(self):
        for number in self.granted:
            assert self.rows()[number][0] in (State.IN_FLIGHT, State.IN_DOUBT, State.SENT)

    @invariant()
    def history_agrees(self):
        """Every attempt is listed, the last one as the delivery tells it; nothing untried has a first attempt."""
        with self.store.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT d.id, d.state, d.attempts, d.first_at, d.next_at, count(a.number) - d.earlier,"
                " max(CASE WHEN a.number = d.attempts THEN a.outcome END)"
                " FROM deliveries d LEFT JOIN attempts a ON a.delivery = d.id GROUP BY d.id"
            ).all()
        for _, state, attempts, first_at, next_at, listed, last in rows:
            assert attempts == listed
            assert state != State.DEFERRED or next_at is not None
            if state in (State.SENT, State.FAILED, State.IN_DOUBT):
                assert (state, None) == (last, next_at)
            if state in (State.PENDING, State.CLAIMED) and not attempts:
                assert first_at is None

    def teardown(self):
        self.store.close()
        self.second.close()
        self.folder.cleanup()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)


@pytest.mark.soak
class TestLedgerAtLength(LedgerMachine.TestCase):
    settings = settings(max_examples=600, stateful_step_count=60, deadline=None)
