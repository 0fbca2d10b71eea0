"""How fast a mailing went and who refused what, for people and for machines."""

from typing import TYPE_CHECKING, Any

from ruhrmail.cli.picture import duration, in_figures
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.wording import iso, local
from ruhrmail.masking import mask
from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.model.bounce import Share
    from ruhrmail.model.ledger import Figures
    from ruhrmail.store import Pace, Refusal, Troubles

REFUSAL_WORDS = {
    State.FAILED: phrase("  refused for good: {count} × {reply}"),
    State.DEFERRED: phrase("  refused for now:  {count} × {reply}"),
}
REFUSALS = 20
MINUTE = 60.0


def show_pace(terminal: Terminal, figures: "Figures", pace: "Pace | None", *, moving: bool) -> None:
    """When the first and the last attempt were made, how fast it went; where it is `moving`, how long still."""
    if pace is None:
        return
    terminal.say("  attempts from {since} to {until}: {rate} a second, {fastest} in the fastest minute",
                 since=local(pace.first_at), until=local(pace.last_at), rate=in_figures(mean_of(pace)),
                 fastest=pace.fastest_minute)  # fmt: skip
    left = sum(figures.counts[state] for state in OPEN_STATES if state is not State.DEFERRED)
    if moving and pace.recently and left:
        rate = pace.recently / min(seconds_of(pace), MINUTE)
        terminal.say("  last minute: {rate} a second, about {time} left", rate=in_figures(rate),
                     time=duration(left / rate))  # fmt: skip


def show_troubles(terminal: Terminal, troubles: "Troubles") -> None:
    """What was refused, by code with one of its texts, then the receiving domains with the most refusals."""
    for one in troubles.refusals[:REFUSALS]:
        line = terminal.translate(REFUSAL_WORDS[one.state].template, count=one.count, reply=reply_of(terminal, one))
        terminal.write(terminal.out, line)
    if len(troubles.refusals) > REFUSALS:
        terminal.say("  … and {count} more kinds: --format json", count=len(troubles.refusals) - REFUSALS)
    for domain in troubles.domains:
        terminal.say("  {domain}: failed {failed}, deferred {deferred}", domain=domain.domain, failed=domain.failed,
                     deferred=domain.deferred)  # fmt: skip


def show_returned(terminal: Terminal, figures: "Figures", domains: "Sequence[Share]") -> None:
    """What came back since, and from which receiving domains."""
    if not figures.bounced and not figures.complained:
        return
    sent = figures.counts[State.SENT]
    terminal.say("  came back: {bounced}, complaints: {complained} of {sent} sent ({share})", bounced=figures.bounced,
                 complained=figures.complained, sent=sent, share=percent_of(figures.complained, sent))  # fmt: skip
    for one in domains:
        terminal.say("  {domain}: came back {bounced}, complaints {complained} of {sent} sent ({share})",
                     domain=one.domain, bounced=one.bounced, complained=one.complained, sent=one.sent,
                     share=percent_of(one.complained, one.sent))  # fmt: skip


def percent_of(part: int, whole: int) -> str:
    """A share of complaints as providers give it: `0.10 %`."""
    return f"{100 * part / whole:.2f} %" if whole else "–"


def returned_as_json(domains: "Sequence[Share]") -> dict[str, Any]:
    """The same for machines; the figures of the whole mailing stand beside its states."""
    return {
        "returned_domains": [
            {"domain": one.domain, "sent": one.sent, "bounced": one.bounced, "complained": one.complained}
            for one in domains
        ]
    }


def reply_of(terminal: Terminal, one: "Refusal") -> str:
    """`550 5.1.1 <***>: no such user`."""
    return " ".join(
        str(part) for part in (one.code or "", one.enhanced_code, mask(terminal.translate(one.text))) if part
    )


def mean_of(pace: "Pace") -> float:
    """Attempts a second between the first and the last, pauses included."""
    return pace.tried / seconds_of(pace)


def seconds_of(pace: "Pace") -> float:
    """How long it took from the first attempt to the last; a second at least."""
    return max((pace.last_at - pace.first_at).total_seconds(), 1)


def insight_as_json(pace: "Pace | None", troubles: "Troubles") -> dict[str, Any]:
    """The same for machines."""
    return {
        "first_attempt_at": iso(pace.first_at) if pace else None,
        "last_attempt_at": iso(pace.last_at) if pace else None,
        "attempts_per_second": round(mean_of(pace), 2) if pace else None,
        "fastest_minute": pace.fastest_minute if pace else None,
        "last_minute": pace.recently if pace else None,
        "refusals": [
            {"state": one.state.value, "code": one.code, "enhanced_code": one.enhanced_code, "count": one.count,
             "text": mask(one.text)} for one in troubles.refusals
        ],
        "domains": [
            {"domain": one.domain, "failed": one.failed, "deferred": one.deferred} for one in troubles.domains
        ],
    }  # fmt: skip
