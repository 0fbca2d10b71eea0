"""What an answer of a server, or none, means for the letter it is about.

The last two columns are no answer: the connection is lost, or nothing comes in time, or what is no SMTP reply.

| at | 2xx | 4xx | 421 | 5xx | 3xx | lost | silent or garbled |
| --- | --- | --- | --- | --- | --- | --- | --- |
| MAIL | go on | deferred | returned | turned away | deferred | returned | deferred |
| RCPT | go on | deferred | deferred | failed; turned away for 53x | deferred | deferred | deferred |
| DATA | deferred | deferred | deferred | failed | 354: go on, else deferred | deferred | deferred |
| body | sent | deferred | deferred | failed | in doubt | in doubt | in doubt |
| behind an unanswered body | | | | | | returned | returned |

A 5xx at MAIL speaks of our login, the sender or the size, before any recipient was named: all would hear it alike. Up
to the 354 nothing of the message has left, so no answer is a safe one: the recipient may be tried again. A 421 or a
loss at MAIL says nothing about the recipient (an idle or worn connection was closed). From the body's first byte on
only a reply tells. A reply that comes before its command could have arrived is garbled, but a refusal of a body counts:
its rest never leaves. After that, a 421, a reply out of place or none the connection is closed.
"""

from collections.abc import Mapping
from typing import Literal

from ruhrmail.deliver.connection import Stage
from ruhrmail.model.mail import Outcome

Break = Literal["lost", "silent", "garbled"]
BROKEN: Mapping[Break, str] = {
    "lost": "connection lost",
    "silent": "no answer in time",
    "garbled": "the answer is no SMTP reply",
}
LOGIN_WANTED = (530, 534, 535, 538)
CLOSING = 421
GO_AHEAD = 354


def turns_away(stage: Stage, code: int) -> bool:
    """Whether a refusal of a command speaks of us, and not of the recipient."""
    return (stage == "mail" and code >= 500) or (stage == "rcpt" and code in LOGIN_WANTED)


def outcome_of_refusal(stage: Stage, code: int) -> Outcome:
    """What a refusal of a command means that does not turn us away."""
    if stage == "mail" and code == CLOSING:
        return Outcome.RETURNED
    return Outcome.FAILED if code >= 500 else Outcome.DEFERRED


def outcome_of_dot(code: int) -> Outcome:
    """What the answer to a whole message means; a 3xx is none."""
    return Outcome.SENT if code < 300 else Outcome.DEFERRED if code < 500 else Outcome.FAILED


def outcome_of_break(stage: Stage, how: Break, *, greeted: bool, behind_body: bool) -> Outcome:
    """What a missing answer to `stage` means. `greeted`: MAIL was accepted; `behind_body`: so is the one to a body
    before it missing."""
    if stage == "dot":
        return Outcome.IN_DOUBT
    return Outcome.RETURNED if behind_body or (how == "lost" and not greeted) else Outcome.DEFERRED
