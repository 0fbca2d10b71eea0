"""The words for what a report counts, and the colours of its plots."""

from collections.abc import Mapping

from ruhrmail.model.account import Ground
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase, phrase

OUTCOMES: Mapping[str, tuple[State, ...]] = {
    "sent": (State.SENT,),
    "waiting": (State.PENDING, State.CLAIMED, State.IN_FLIGHT),
    "deferred": (State.DEFERRED,),
    "doubt": (State.IN_DOUBT,),
    "failed": (State.FAILED,),
    "suppressed": (State.SUPPRESSED,),
}
"""The states as a report tells them, each by its class of colour."""
OUTCOME_WORDS: Mapping[str, Phrase] = {
    "sent": phrase("sent"),
    "waiting": phrase("waiting"),
    "deferred": phrase("deferred"),
    "doubt": phrase("in doubt"),
    "failed": phrase("refused"),
    "suppressed": phrase("suppressed meanwhile"),
}
AFTER_WORDS: Mapping[str, Phrase] = {
    "bounced": phrase("came back"),
    "complained": phrase("complaints"),
    "left": phrase("left"),
}
GROUND_WORDS: Mapping[Ground, Phrase] = {
    Ground.UNKNOWN: phrase("address does not exist"),
    Ground.FULL: phrase("mailbox full"),
    Ground.BLOCKED: phrase("blocked: sender or content"),
    Ground.LATER: phrase("not now, try later"),
    Ground.SIZE: phrase("mail too large"),
    Ground.UNREACHED: phrase("no answer"),
    Ground.OTHER: phrase("another reason"),
}
