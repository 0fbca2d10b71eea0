"""The whole mailing against providers that misbehave, on this machine and on a copy of the store."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from ruhrmail.config import Config, Relay
from ruhrmail.errors import RelayError
from ruhrmail.flows.events import OnWork
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.plan import Wish
from ruhrmail.flows.playing import Play, Staging, perform
from ruhrmail.flows.prepare import begin, prepare_mailing, read_list
from ruhrmail.flows.work import destination_of
from ruhrmail.model.finding import Finding, has_errors
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase
from ruhrmail.rehearse import (
    Forecast,
    Line,
    Providers,
    Record,
    Verdict,
    forecast,
    judge,
    total_of,
)
from ruhrmail.store import (
    Mailing,
    Store,
    count_newcomers,
    draw_sample,
    open_rehearsal,
    read_deliveries,
    read_in_state,
)

DEFAULT_RELAY = Relay("relay", "smtp", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How it went.

    `relays` are the configured ones, none for a rehearsal with a made-up one. `waiting` would be mailed, `rehearsed` of
    them were. `speed` is how many messages a second this machine managed, None where providers made it wait.
    `put_offs` counts refusals for now, `put_off` the recipients who heard one, `slowed` how often a relay got fewer
    connections, `troubles` how often one could not be used. The forecast rests on the `gaps` before retries and the
    `distance` to a relay, in seconds. `trouble` ended the run, `reason` stopped it, `stopped` is
    True after a signal too.
    """

    issue: str
    relays: tuple[Relay, ...]
    waiting: int
    rehearsed: int
    verdict: Verdict
    lines: tuple[Line, ...]
    put_off: int
    put_offs: int
    slowed: int
    troubles: int
    speed: float | None
    forecast: Forecast
    gaps: tuple[float, ...] = ()
    distance: float = 0.0
    findings: tuple[Finding, ...] = ()
    stopped: bool = False
    reason: Phrase | None = None
    trouble: RelayError | None = None

    @property
    def clean(self) -> bool:
        """True when nobody was lost or mailed twice, the run went to its end, and the input has no errors."""
        return self.verdict.clean and not (self.stopped or self.trouble or has_errors(self.findings))


@dataclass(frozen=True, slots=True)
class NobodyToMail:
    """Everybody has the issue, or nobody is on the list."""

    findings: tuple[Finding, ...]


def rehearse_issue(
    config: Config, slug: str, staging: Staging, machine: Machine, ready: Callable[[int], None], on_event: OnWork
) -> Rehearsal | NobodyToMail:
    """Plays what `send` would do now; nothing leaves this machine, and nothing is written or locked in the project.

    `ready` is told the number of recipients. Raises InvalidInput for errors in issue or list, ChangedIssue, StoreError.
    """
    configured, config = config.relays, replace(config, relays=config.relays or (DEFAULT_RELAY,))
    with open_rehearsal(config.store, now=machine.now(), randomness=machine.randomness) as store:
        findings = read_list(config, store, Wish(), machine)
        audience = staging.audience
        mailing, draft = prepare_mailing(config, store, slug, machine, audience.name)
        findings = (*findings, *(draft.findings if draft else ()))
        if draft and not count_newcomers(store, slug, destination_of(config), draft.new.variants, audience):
            return NobodyToMail(findings)
        mailing = begin(store, mailing, draft, machine, audience)
        waiting = draw_sample(store, mailing, staging.limit, staging.seed)
        meant = waiting_addresses(store, mailing)
        if not meant:
            return NobodyToMail(findings)
        ready(len(meant))
        play = perform(config, store, mailing, staging, machine, on_event)
        found = review(store, mailing, staging, meant, waiting, play)
        return replace(found, findings=findings, relays=configured, gaps=config.settings.delivery.retry.gaps)


def waiting_addresses(store: Store, mailing: Mailing) -> frozenset[str]:
    """Whom the run is to mail."""
    states = (State.PENDING, State.DEFERRED)
    return frozenset(one.email for state in states for one in read_in_state(store, mailing, state))


def review(
    store: Store, mailing: Mailing, staging: Staging, meant: frozenset[str], waiting: int, play: Play
) -> Rehearsal:
    """The run's figures, compared with what the ledger and the relay know."""
    record, drained = play.record, play.drained
    stopped = drained is not None and (drained.stopped or drained.reason is not None)
    finished = drained is not None and not stopped
    lines = lines_of(store, mailing, staging.providers, meant, record, finished=finished)
    return Rehearsal(
        issue=mailing.issue,
        relays=(),
        waiting=waiting,
        rehearsed=len(meant),
        verdict=total_of(line.verdict for line in lines),
        lines=lines,
        put_off=len(record.put_off),
        put_offs=record.put_off.total(),
        slowed=play.slowed,
        troubles=play.troubles,
        speed=len(record.first_at) / play.worked if staging.calm and play.worked else None,
        forecast=foresee(play, waiting / len(meant)),
        distance=staging.distance,
        stopped=stopped,
        reason=drained.reason if drained else None,
        trouble=play.trouble,
    )


def lines_of(
    store: Store, mailing: Mailing, providers: Providers, meant: frozenset[str], record: Record, *, finished: bool
) -> tuple[Line, ...]:
    """The verdict on each kind of provider that anybody is with."""

    def host_of(address: str) -> str:
        return providers.of(address).name

    found = judge(meant, read_deliveries(store, mailing), record.taken, finished=finished, provider_of=host_of)
    put_off = Counter(map(host_of, record.put_off))
    names = [one.name for one in providers.profiles if one.name in found]
    return tuple(Line(name, found[name], put_off[name]) for name in names)


def foresee(play: Play, scale: float) -> Forecast:
    """The forecast for everybody who waits."""
    first_at = [at - play.began for at in play.record.first_at.values()]
    taken_at = [at - play.began for at in play.record.taken_at.values()]
    return forecast(first_at, taken_at, play.total, scale)
