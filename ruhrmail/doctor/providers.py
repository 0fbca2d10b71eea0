"""What single mailbox providers demand, put together from everything that was seen."""

from collections.abc import Iterator, Mapping, Sequence

from ruhrmail.model.diagnosis import STATES, Diagnosis, State
from ruhrmail.model.phrase import phrase

DEMANDS: Mapping[str, tuple[str, frozenset[str]]] = {
    "doctor/provider-bulk": (
        "Gmail, Yahoo, Microsoft",
        frozenset({"doctor/dns-spf", "doctor/dns-dkim", "doctor/dns-dmarc", "doctor/dns-alignment", "doctor/host-ptr",
                   "doctor/host-spf", "doctor/relay-tls", "doctor/mail-headers", "doctor/mail-signature",
                   "doctor/web-unsubscribe"}),
    ),
    "doctor/provider-gmx": (
        "WEB.DE, GMX",
        frozenset({"doctor/dns-mx", "doctor/dns-dkim", "doctor/dns-dmarc", "doctor/dns-alignment", "doctor/host-ptr",
                   "doctor/host-name", "doctor/project-imprint"}),
    ),
    "doctor/provider-telekom": (
        "T-Online",
        frozenset({"doctor/dns-mx", "doctor/host-name", "doctor/host-ptr", "doctor/host-page",
                   "doctor/project-imprint"}),
    ),
}  # fmt: skip
"""Providers, and the lines that their published rules are about."""


def sum_up(lines: Sequence[Diagnosis]) -> Iterator[Diagnosis]:
    """A line for each group of providers: the worst of what its rules are about."""
    for name, (provider, demands) in DEMANDS.items():
        state, short = worst([one for one in lines if one.id in demands])
        if state in ("ok", "unknown"):  # what has no line at all was not seen either
            missing = sorted(demands - {one.id for one in lines})
            state, short = ("unknown", [*short, *missing]) if missing or state == "unknown" else (state, short)
        what = ", ".join(short)
        if state == "ok":
            message = phrase("{provider}: every demand that can be seen from here is met", provider=provider)
        elif state == "unknown":
            message = phrase(
                "{provider}: nothing speaks against it, but not seen: {what}", provider=provider, what=what
            )
        else:
            message = phrase("{provider}: see {what}", provider=provider, what=what)
        remedy = phrase("T-Online takes mail from a new address only after it was asked: postmaster.t-online.de")
        yield Diagnosis(name, state, provider, message, remedy if name == "doctor/provider-telekom" else None)


def worst(lines: Sequence[Diagnosis]) -> tuple[State, list[str]]:
    """The gravest state, and the ids of the lines that have it, none for `ok`."""
    gravest: State = next((state for state in STATES if any(one.state == state for one in lines)), "ok")
    return gravest, [] if gravest == "ok" else list(dict.fromkeys(one.id for one in lines if one.state == gravest))
