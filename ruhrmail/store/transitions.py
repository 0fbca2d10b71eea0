"""Which outcome may change which state of a delivery."""

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
