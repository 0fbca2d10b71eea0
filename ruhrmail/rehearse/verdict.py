"""Who was handed over, what the ledger says, what the relay took: compared recipient by recipient."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, fields

from ruhrmail.model.ledger import OPEN_STATES, Delivery, State

NOT_TAKEN = (State.FAILED, State.SUPPRESSED, *OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Numbers of recipients.

    `once` and `twice` (twice or more) is how often the relay took a message for them. `lost`: the ledger says sent and
    the relay never took it, the ledger knows nothing of them, or they still wait although the run went to its end.
    `unrecorded`: the relay took it, and the ledger would mail them again or counts them as refused. `strangers` were
    mailed and not meant to be. `doubtful_taken` of those `in_doubt` have it. `waiting` are open after a run that was
    stopped.
    """

    recipients: int = 0
    once: int = 0
    twice: int = 0
    lost: int = 0
    unrecorded: int = 0
    strangers: int = 0
    refused: int = 0
    in_doubt: int = 0
    doubtful_taken: int = 0
    suppressed: int = 0
    waiting: int = 0

    @property
    def clean(self) -> bool:
        """True when nobody was lost, nobody mailed twice, and the ledger knows of every acceptance."""
        return not (self.lost or self.twice or self.unrecorded or self.strangers)

    def plus(self, other: "Verdict") -> "Verdict":
        """Both together."""
        return Verdict(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Line:
    """The part of a verdict that concerns one provider; `put_off` counts recipients it refused for now."""

    provider: str
    verdict: Verdict
    put_off: int


def judge(
    meant: Set[str],
    deliveries: Iterable[Delivery],
    taken: Mapping[str, int],
    *,
    finished: bool,
    provider_of: Callable[[str], str],
) -> dict[str, Verdict]:
    """The verdict by provider.

    `meant` are the addresses that the run was to mail, `deliveries` the ledger's lines after it (those of others are
    left aside), `taken` how often the relay took a message for an address; `finished` is False after a stopped run.
    """
    states = {one.email: one.state for one in deliveries if one.email in meant}
    found: dict[str, Verdict] = {}
    tally = Counter((provider_of(one), states.get(one), min(taken.get(one, 0), 2)) for one in meant)
    for (provider, state, times), count in tally.items():
        one = judge_one(state, times, finished=finished)
        found[provider] = found.get(provider, Verdict()).plus(times_of(one, count))
    for address in taken.keys() - meant:
        provider = provider_of(address)
        found[provider] = found.get(provider, Verdict()).plus(Verdict(strangers=1))
    return found


def judge_one(state: State | None, taken: int, *, finished: bool) -> Verdict:
    """One recipient; `taken` is 0, 1 or 2 for more."""
    is_open = state in OPEN_STATES
    return Verdict(
        recipients=1,
        once=taken == 1,
        twice=taken == 2,
        lost=taken == 0 and (state in (None, State.SENT) or (is_open and finished)),
        unrecorded=taken > 0 and (state is None or state in NOT_TAKEN),
        refused=state is State.FAILED,
        in_doubt=state is State.IN_DOUBT,
        doubtful_taken=state is State.IN_DOUBT and taken > 0,
        suppressed=state is State.SUPPRESSED,
        waiting=is_open and not finished,
    )


def total_of(verdicts: Iterable[Verdict]) -> Verdict:
    """All of them together."""
    total = Verdict()
    for one in verdicts:
        total = total.plus(one)
    return total


def times_of(one: Verdict, count: int) -> Verdict:
    """The same verdict of that many recipients."""
    return Verdict(*(getattr(one, field.name) * count for field in fields(one)))
