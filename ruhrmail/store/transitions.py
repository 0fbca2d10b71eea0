"""Which outcome may change which state of a delivery, also as conditions that both databases understand."""

from ruhrmail.model.ledger import State
from ruhrmail.model.mail import Outcome

SETTLES_FROM: dict[Outcome, tuple[State, ...]] = {
    Outcome.SENT: (State.IN_FLIGHT, State.IN_DOUBT),
    Outcome.DEFERRED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.FAILED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.IN_DOUBT: (State.IN_FLIGHT,),
    Outcome.RETURNED: (State.CLAIMED, State.IN_FLIGHT),
    Outcome.SUPPRESSED: (),
}
"""For the holder of the delivery's token only; `suppressed` was written with the intent already."""

HELD = "d.token = r.token AND ({})".format(
    " OR ".join(
        f"(r.outcome = '{outcome}' AND d.state IN ({', '.join(repr(state.value) for state in states)}))"
        for outcome, states in SETTLES_FROM.items()
        if states
    )
)
"""The condition that an outcome `r` may change the delivery `d`: the fence."""
WELCOME = """
EXISTS (
  SELECT 1 FROM subscribers s
  WHERE s.id = d.subscriber AND (s.on_roster IS NOT NULL OR s.joined IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM suppressions p WHERE p.key = s.key))
"""
"""The condition that the recipient of the delivery `d` may be mailed: on the list and not suppressed."""
