"""What a `send` is about to do, and what speaks against doing it now."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from ruhrmail.config import Config
from ruhrmail.flows.mailing import Draft
from ruhrmail.flows.moment import quiet_until, shown
from ruhrmail.flows.work import destination_of, relays_for
from ruhrmail.model.audience import EVERYBODY, Audience
from ruhrmail.model.finding import Finding
from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.model.variants import ONE_VARIANT, Variants
from ruhrmail.store import (
    Mailing,
    Store,
    count_newcomers,
    count_open,
    count_retriable,
    count_suppressed,
    count_without,
    figures,
    is_suspicious,
    list_size,
    read_lost_spans,
    restored_since,
)

InDoubt = Literal["skip", "resend"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person at the door wants besides sending.

    `at` is when to begin (UTC), None for now. `anyway` overrules what speaks against this time. `attempts`: to hear of
    each one. `audience`: whom to mail. `unchecked`: without asking the web service. `follow`: to look on
    while workers send.
    """

    strict: bool = False
    in_doubt: InDoubt | None = None
    retry_failed: bool = False
    at: datetime | None = None
    anyway: bool = False
    attempts: bool = False
    audience: Audience = EVERYBODY
    unchecked: bool = False
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """Since when (UTC) and why a mailing is stopped."""

    since: datetime
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Plan:
    """What a `send` is about to do, shown before it asks.

    `left` stand on the list and may not be mailed. `newcomers` have never been enrolled for this issue, `unfinished`
    were and still wait; `doubtful` may or may not have got it; `failed` could be tried again. `gaps` counts recipients
    without a value, by merge field that has no default. `variants` counts those to be mailed by variant, the first
    without a name; it is empty where all get the same. `at` is when it is to begin (UTC), None for now. `objections`
    speak against that time; `audience` is the expression that chooses people, empty for everybody; `agreed`
    means that the question was answered already, before the wait. `service` says what is known of the web service that
    the links lead to, None where it does not matter; `approval` who approved this content, or why it may not be sent.
    """

    mailing: str
    subject: str
    sender: str
    relays: tuple[str, ...]
    trial: bool
    listed: int
    left: int
    newcomers: int
    unfinished: int
    doubtful: int
    failed: int
    gaps: dict[str, int]
    variants: dict[str, int]
    findings: tuple[Finding, ...]
    at: datetime | None = None
    stopped: Stopped | None = None
    objections: tuple[Phrase, ...] = ()
    audience: str = ""
    agreed: bool = False
    service: Phrase | None = None
    approval: Phrase | None = None

    @property
    def recipients(self) -> int:
        """How many will be mailed."""
        return self.newcomers + self.unfinished


def plan_mailing(
    config: Config,
    store: Store,
    mailing: Mailing | None,
    draft: Draft | None,
    findings: tuple[Finding, ...],
    wish: Wish,
) -> Plan:
    """What would happen by this wish."""
    destination = destination_of(config)
    subject = draft.new if draft else mailing
    assert subject is not None
    audience = wish.audience
    so_far = figures(store, subject.issue, destination, audience.name)
    counts = so_far.counts if so_far else dict.fromkeys(State, 0)
    newcomers = count_newcomers(store, subject.issue, destination, subject.variants, audience)
    failed = count_retriable(store, mailing) if mailing else Counter[str]()
    doubted = (State.IN_DOUBT,) if wish.in_doubt == "resend" else ()
    waiting = count_open(store, mailing, *doubted) + (failed if wish.retry_failed else Counter())
    plan = Plan(
        mailing=mailing.name if mailing else f"{subject.issue}/{audience.name}".rstrip("/"),
        subject=subject.subject,
        sender=subject.sender,
        relays=tuple(relay.name for relay in relays_for(config, destination)),
        trial=destination == "maildir",
        listed=list_size(store, audience),
        left=count_suppressed(store, audience),
        newcomers=sum(newcomers.values()),
        unfinished=sum(counts[state] for state in OPEN_STATES),
        doubtful=counts[State.IN_DOUBT],
        failed=sum(failed.values()),
        gaps=count_gaps(store, draft, audience),
        variants=by_variant(subject.variants, newcomers + waiting),
        findings=(*findings, *(draft.findings if draft else ())),
        stopped=stop_of(mailing),
        audience=str(audience.expression or ""),
    )
    return with_wish(plan, wish)


def with_wish(plan: Plan, wish: Wish) -> Plan:
    """The plan as it is when those in doubt, and those who failed, are mailed again as somebody wishes."""
    if wish.in_doubt == "resend":
        plan = replace(plan, unfinished=plan.unfinished + plan.doubtful, doubtful=0)
    if wish.retry_failed:
        plan = replace(plan, unfinished=plan.unfinished + plan.failed, failed=0)
    return plan


def stop_of(mailing: Mailing | None) -> Stopped | None:
    """Since when and why a mailing is stopped; None when it is not."""
    if mailing is None or mailing.stopped_at is None or mailing.reason is None:
        return None
    return Stopped(mailing.stopped_at, mailing.reason)


def find_objections(config: Config, mailing: Mailing | None, wish: Wish, now: datetime) -> tuple[Phrase, ...]:
    """What speaks against beginning when the wish wants it: too late, before the time planned, within quiet hours.

    A trial disturbs nobody at any time.
    """
    if wish.anyway or destination_of(config) == "maildir":
        return ()
    planned = wish.at or (mailing.scheduled_for if mailing else None)
    latest = timedelta(seconds=config.settings.delivery.at_most_late)
    found = []
    if planned is not None and now > planned + latest:
        found.append(phrase("it was to be sent at {time}; now it is {now}", time=shown(planned), now=shown(now)))
    elif planned is not None and wish.at is None and now < planned:
        found.append(phrase("it is scheduled for {time}", time=shown(planned)))
    begins = max(wish.at, now) if wish.at else now
    quiet = quiet_until(config.settings.delivery.quiet_hours, begins)
    if quiet is not None:
        found.append(
            phrase("{time} lies within the quiet hours, which end {end}", time=shown(begins), end=shown(quiet))
        )
    return tuple(found)


def find_lost_days(store: Store, mailing: Mailing | None, draft: Draft | None) -> tuple[Phrase, ...]:
    """What speaks against an issue that the store may have forgotten: after the backup that it is made of, or because
    its database has gone back in time."""
    found = [mind_restoration(store, draft), mind_failover(store, mailing, draft)]
    return tuple(one for one in found if one is not None)


def mind_restoration(store: Store, draft: Draft | None) -> Phrase | None:
    """What to say of an issue, unknown to the store, that may have gone out after its backup."""
    restored = restored_since(store)
    if restored is None or draft is None or draft.day > restored[1].date():
        return None
    made, back = restored
    return phrase(
        "the store was restored on {back} from the backup of {made}; it does not know whether this issue went "
        "out in between",
        back=shown(back),
        made=shown(made),
    )


def mind_failover(store: Store, mailing: Mailing | None, draft: Draft | None) -> Phrase | None:
    """What to say of a mailing that was stopped as the database had gone back in time, or may be unknown for that."""
    if mailing is not None and mailing.state == "stopped" and is_suspicious(mailing.reason):
        return phrase("whoever got it unknown to the database, and is not in doubt, gets it twice")
    if mailing is not None or draft is None:
        return None
    for since, until in reversed(read_lost_spans(store)):
        if since.date() <= draft.day <= until.date():
            return phrase(
                "the database forgot what happened between {since} and {until} at most; it does not know whether this "
                "issue went out then",
                since=shown(since),
                until=shown(until),
            )
    return None


def count_gaps(store: Store, draft: Draft | None, audience: Audience) -> dict[str, int]:
    """How many would find a gap in their mail, by the field that they have no value for."""
    fields = draft.fields if draft else {}
    rule = draft.new.variants if draft else ONE_VARIANT
    counted = {name: count_without(store, name, rule, wanted, audience) for name, wanted in fields.items()}
    return {name: count for name, count in counted.items() if count}


def by_variant(variants: Variants, counts: Counter[str]) -> dict[str, int]:
    """How many get each variant; empty where there is only one."""
    names = list(variants.names.values())
    return {name: counts[name] for name in names} if len(names) > 1 else {}
