"""How a rehearsal went, in words and for machines."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.config import Rate, Relay
    from ruhrmail.flows.rehearse import Rehearsal
    from ruhrmail.rehearse import Line

MINUTE, HOUR, DAY = 60, 3600, 86400
COLUMNS = (
    phrase("provider"), phrase("recipients"), phrase("accepted"), phrase("refused"), phrase("in doubt"),
    phrase("deferred"),
)  # fmt: skip
KINDS = {"university": phrase("university"), "company": phrase("company")}
"""Kinds of providers that are no names."""
PER = {1: "s", MINUTE: "m", HOUR: "h", DAY: "d"}


def show_rehearsal(terminal: "Terminal", found: "Rehearsal") -> None:
    """The whole report."""
    terminal.say("{issue}: rehearsed with {count} recipients; nothing left this machine", issue=found.issue,
                 count=found.rehearsed)  # fmt: skip
    if found.rehearsed < found.waiting:
        terminal.say("  a sample: {waiting} would be mailed, and the forecast is for all of them",
                     waiting=found.waiting)  # fmt: skip
    for relay in found.relays:
        terminal.say("  relay {relay}: {settings}", relay=relay.name, settings=settings_of(relay))
    if not found.relays:
        terminal.say("  no relay is configured: rehearsed with one that takes 5 connections at any rate")
    if not (found.stopped or found.trouble):
        show_forecast(terminal, found)
    show_verdict(terminal, found)
    show_lines(terminal, found.lines)
    show_end(terminal, found)


def settings_of(relay: "Relay") -> Phrase:
    """What of a relay's settings decides how long a mailing takes."""
    rates = ", ".join(map(show_rate, relay.rates))
    if rates:
        return phrase("connections {connections}, at most {rates}", connections=relay.connections, rates=rates)
    return phrase("connections {connections}, no rate", connections=relay.connections)


def show_rate(rate: "Rate") -> str:
    """As it stands in the settings: `50/s`."""
    return f"{rate.count:g}/{PER.get(int(rate.per), f'{rate.per:g}s')}"


def show_gap(seconds: float) -> str:
    """As it stands in the settings: `15m`."""
    per = next((one for one in (DAY, HOUR, MINUTE) if seconds % one == 0), 1)
    return f"{seconds / per:g}{PER[per]}"


def show_forecast(terminal: "Terminal", found: "Rehearsal") -> None:
    """How long the mailing would take, and how fast this machine is."""
    ahead = found.forecast
    terminal.say("forecast: everybody is tried once within {first}, 95 % have it after {most}, the last retry ends "
                 "after {total}", first=duration(ahead.first_tries), most=duration(ahead.most),
                 total=duration(ahead.total))  # fmt: skip
    terminal.say("  reckoned from {count} recipients, the relays' connections and rates, {distance} ms to a relay, and "
                 "the gaps {gaps}", count=found.waiting, distance=round(found.distance * 1000),
                 gaps=", ".join(map(show_gap, found.gaps)))  # fmt: skip
    terminal.say("  {rate} messages a second while everybody is tried once", rate=three_digits(ahead.rate))
    if found.speed is not None:
        terminal.say("  this machine manages {speed} messages a second", speed=three_digits(found.speed))


def show_verdict(terminal: "Terminal", found: "Rehearsal") -> None:
    """Recipient by recipient, summed up."""
    verdict = found.verdict
    terminal.say("accepted once: {once}, accepted twice: {twice}, lost: {lost}", once=verdict.once,
                 twice=verdict.twice, lost=verdict.lost)  # fmt: skip
    terminal.say("refused: {refused}, in doubt: {doubt} (accepted: {taken})", refused=verdict.refused,
                 doubt=verdict.in_doubt, taken=verdict.doubtful_taken)  # fmt: skip
    terminal.say("deferred: {people} recipients, {times} times; relays asked for less {slowed} times, "
                 "could not be used {troubles} times", people=found.put_off, times=found.put_offs,
                 slowed=found.slowed, troubles=found.troubles)  # fmt: skip


def show_lines(terminal: "Terminal", lines: "Sequence[Line]") -> None:
    """A table with one line for each kind of provider."""
    head = [terminal.translate(one) for one in COLUMNS]
    rows = [head]
    for line in lines:
        one = line.verdict
        name = terminal.translate(KINDS.get(line.provider, line.provider))
        counts = (one.recipients, one.once + one.twice, one.refused, one.in_doubt, line.put_off)
        rows.append([name, *map(str, counts)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *figures in rows:
        told = (f"{count:>{width}}" for count, width in zip(figures, widths[1:], strict=True))
        terminal.write(terminal.out, f"  {name:<{widths[0]}}  {'  '.join(told)}")


def show_end(terminal: "Terminal", found: "Rehearsal") -> None:
    """What it comes to."""
    verdict = found.verdict
    if found.trouble is not None:
        terminal.error(found.trouble)
    if found.reason is not None:
        terminal.say("the mailing would be stopped: {reason}", reason=found.reason)
    if verdict.waiting:
        terminal.say("the rehearsal ended early: {waiting} recipients still wait", waiting=verdict.waiting)
    if verdict.clean:
        terminal.say("nobody was lost, and nobody was mailed twice")
    else:
        terminal.say("this must not happen: lost {lost}, mailed twice {twice}, accepted without a record {unrecorded}, "
                     "mailed though not meant {strangers}", lost=verdict.lost, twice=verdict.twice,
                     unrecorded=verdict.unrecorded, strangers=verdict.strangers)  # fmt: skip


def duration(seconds: float) -> Phrase:
    """A length of time in the two units that matter."""
    if seconds < 2 * MINUTE:
        return phrase("{seconds} s", seconds=three_digits(seconds))
    minutes = round(seconds / MINUTE)
    if minutes < MINUTE:
        return phrase("{minutes} min", minutes=minutes)
    if minutes < 2 * DAY // MINUTE:
        return phrase("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    return phrase("{days} d {hours} h", days=minutes // 1440, hours=minutes % 1440 // 60)


def three_digits(value: float) -> float:
    """`0.42`, `17.1`, `1250`: as many digits as a rehearsal can promise."""
    return round(value, 2 if value < 1 else 1 if value < 100 else None)


def as_json(found: "Rehearsal") -> dict[str, Any]:
    """The machine-readable form; durations in seconds."""
    ahead = found.forecast
    return {
        "issue": found.issue,
        "recipients": found.waiting,
        "rehearsed": found.rehearsed,
        **totals(asdict(found.verdict)),
        "deferred": found.put_off,
        "deferrals": found.put_offs,
        "slowed": found.slowed,
        "relay_troubles": found.troubles,
        "stopped": found.stopped or found.trouble is not None,
        "forecast": {
            "first_tries": round(ahead.first_tries, 3),
            "most": round(ahead.most, 3),
            "total": round(ahead.total, 3),
            "messages_per_second": round(ahead.rate, 2),
        },
        "machine_messages_per_second": None if found.speed is None else round(found.speed, 2),
        "providers": [
            {"provider": line.provider, **asdict(line.verdict), "deferred": line.put_off} for line in found.lines
        ],
    }


def of_nobody(issue: str) -> "Rehearsal":
    """The rehearsal of an issue that nobody is to get: the same figures, all of them zero."""
    from ruhrmail.flows.rehearse import Rehearsal
    from ruhrmail.rehearse import Forecast, Verdict

    return Rehearsal(
        issue, relays=(), waiting=0, rehearsed=0, verdict=Verdict(), lines=(), put_off=0, put_offs=0, slowed=0,
        troubles=0, speed=None, forecast=Forecast(0, 0, 0, 0),
    )  # fmt: skip


def totals(verdict: dict[str, int]) -> dict[str, int]:
    """A verdict's numbers without the recipients, whom the report counts itself."""
    return {name: count for name, count in verdict.items() if name != "recipients"}
