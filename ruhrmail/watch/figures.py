"""A run's numbers to what Prometheus reads."""

from collections.abc import Iterator

from ruhrmail import __version__
from ruhrmail.exposition import Family, Sample
from ruhrmail.watch.tally import Attempts, Limit, Tally


def families(tally: Tally, started_at: float) -> Iterator[Family]:
    """The figures of a run at this moment, few before its mailing has a name; `started_at` in seconds since 1970."""
    yield Family("ruhrmail_build_info", "gauge", "The version that runs.", [Sample(1, {"version": __version__})])
    if tally.mailing:
        yield from run_families(tally, started_at)


def run_families(tally: Tally, started_at: float) -> Iterator[Family]:
    """The same once there is something to tell."""
    mailing = {"mailing": tally.mailing}
    progress, attempts = tally.together()
    yield gauge("started_timestamp_seconds", "When this run began.", started_at, mailing)
    yield gauge("recipients", "Recipients to be mailed when this run began.", tally.total, mailing)
    yield gauge("open_recipients", "Recipients still to be mailed.", tally.open_after(progress), mailing)
    yield gauge("in_doubt_recipients", "Recipients of whom nobody knows whether the relay took their message.",
                tally.doubtful + progress.in_doubt, mailing)  # fmt: skip
    yield from remaining(tally)
    yield from work_families(tally, attempts)


def work_families(tally: Tally, attempts: Attempts) -> Iterator[Family]:
    """What this process does for a mailing, whoever else is at it."""
    mailing = {"mailing": tally.mailing}
    yield Family("ruhrmail_run_attempts_total", "counter", "Attempts by relay and outcome.", [
        Sample(count, {**mailing, "relay": relay, "outcome": outcome.value})
        for (relay, outcome), count in sorted(attempts.items())
    ])  # fmt: skip
    yield gauge("messages_per_second", "Attempts a second over the last ten seconds.", round(tally.rate(), 2), mailing)
    yield Family("ruhrmail_run_connections", "gauge", "Connections in use.", [
        Sample(count, {**mailing, "relay": relay}) for relay, count in sorted(tally.connections.items())
    ])  # fmt: skip
    yield Family(
        "ruhrmail_run_limited_seconds", "gauge", "For how long a relay, or one receiving domain on it, gets less.",
        [limited(one, tally) for one in tally.limits()],
    )  # fmt: skip


def remaining(tally: Tally) -> Iterator[Family]:
    """The remaining time, while it can be told."""
    seconds = tally.remaining()
    if seconds is not None:
        help_ = "Seconds until nobody is open, at the last minute's speed."
        yield gauge("remaining_seconds", help_, round(seconds, 1), {"mailing": tally.mailing})


def limited(limit: Limit, tally: Tally) -> Sample:
    """One limit; `why` is `paused` (nothing goes there), `slowed`, or `unusable`."""
    paused = limit.paused_until > tally.clock()
    why = "unusable" if limit.connections is None else "paused" if paused else "slowed"
    until = limit.paused_until if paused else limit.until
    labels = {"mailing": tally.mailing, "relay": limit.relay, "domain": limit.domain, "why": why}
    return Sample(max(round(until - tally.clock(), 1), 0), labels)


def gauge(name: str, help_: str, value: float, labels: dict[str, str]) -> Family:
    """A figure of the run that stands alone."""
    return Family(f"ruhrmail_run_{name}", "gauge", help_, [Sample(value, labels)])
