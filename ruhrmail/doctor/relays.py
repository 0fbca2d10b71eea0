"""The relays: reachable, encrypted, willing, large enough."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ruhrmail.config import Relay
from ruhrmail.doctor.case import Case, judged, unasked
from ruhrmail.model.diagnosis import Diagnosis, Probe, Stage
from ruhrmail.model.phrase import phrase

SOON = timedelta(days=14)
"""A certificate that ends within this time should have been renewed already."""
STAGES: tuple[Stage, ...] = ("reach", "greeting", "tls", "login", "sender", "")
WISHED = ("pipelining", "8bitmime", "smtputf8", "dsn", "chunking")
LINE_OF: dict[Stage, str] = {
    "reach": "doctor/relay-reachable",
    "greeting": "doctor/relay-reachable",
    "tls": "doctor/relay-tls",
    "login": "doctor/relay-login",
    "sender": "doctor/relay-sender",
}
"""The line that tells where a talk ended."""


def examine_relays(case: Case) -> Iterator[Diagnosis]:
    """Whether there is a relay at all."""
    name, relays = "doctor/relay-configured", case.config.relays
    if not relays:
        yield Diagnosis(name, "warning", "delivery", phrase("no relay is configured: mail goes to a folder on this "
                        "machine"), phrase("add one to `delivery.relays`, or set RUHRMAIL_RELAY"))  # fmt: skip
    for relay in relays:
        if relay.scheme == "maildir":
            yield Diagnosis(name, "warning", relay.name, phrase("mail goes to a folder on this machine: a trial"),
                            phrase("add one to `delivery.relays`, or set RUHRMAIL_RELAY"))  # fmt: skip
        else:
            yield Diagnosis(name, "ok", relay.name, phrase("mail goes to {host}, port {port}", host=relay.host,
                            port=relay.port))  # fmt: skip


def examine_relay(case: Case, relay: Relay) -> Iterator[Diagnosis]:
    """One relay, from connecting to the envelope; what comes after the end of a talk was not seen."""
    probe = case.probe(relay)
    if probe.ended and probe.trouble is None:
        yield unasked("doctor/relay-reachable", relay.name, relay.host)
    if probe.trouble is not None:
        trouble = probe.trouble
        yield Diagnosis(LINE_OF[probe.ended], "error", relay.name, trouble.message, trouble.hint)
    reached = STAGES.index(probe.ended)
    if reached > STAGES.index("greeting"):
        yield Diagnosis("doctor/relay-reachable", "ok", relay.name, phrase("the relay answers"))
    if reached > STAGES.index("tls"):
        yield from judge_encryption(relay, probe, case.now())
    if reached > STAGES.index("login"):
        yield judge_login(relay, probe)
        yield from judge_size(case, relay, probe)
        yield judge_extensions(relay, probe)
    if not probe.ended:
        yield Diagnosis("doctor/relay-sender", "ok", relay.name, phrase("the relay takes mail from {domain}",
                        domain=case.envelope))  # fmt: skip


def judge_encryption(relay: Relay, probe: Probe, now: datetime) -> Iterator[Diagnosis]:
    """The version of TLS, and how long the certificate is good for."""
    if not probe.tls:
        yield Diagnosis("doctor/relay-tls", "ok", relay.name, phrase("not encrypted: the relay is on this machine"))
        return
    yield Diagnosis("doctor/relay-tls", "ok", relay.name, phrase("encrypted with {version}", version=probe.tls))
    if probe.until is not None:
        yield judge_end("doctor/relay-certificate", relay.name, probe.until, now)


def judge_end(name: str, about: str, until: datetime, now: datetime) -> Diagnosis:
    """How long a certificate that was accepted is still good for."""
    day = until.date().isoformat()
    if until - now < SOON:
        message = phrase("the certificate ends on {day}, in {days} days", day=day, days=(until - now).days)
        return Diagnosis(name, "warning", about, message, phrase("renew it, and see why that did not happen by itself"))
    return Diagnosis(name, "ok", about, phrase("the certificate is trusted and good until {day}", day=day))


def judge_login(relay: Relay, probe: Probe) -> Diagnosis:
    """Whether a login took place; one in the clear never does."""
    name = "doctor/relay-login"
    if probe.login:
        return Diagnosis(name, "ok", relay.name, phrase("the login works"))
    if "auth" in probe.extensions and not relay.loopback:
        return Diagnosis(name, "warning", relay.name, phrase("the relay offers a login, and the settings have none"),
                         phrase("name the relay, and set RUHRMAIL_RELAY_NAME_USER and RUHRMAIL_RELAY_NAME_PASSWORD")
                         )  # fmt: skip
    return Diagnosis(name, "ok", relay.name, phrase("the relay takes mail without a login"))


def judge_size(case: Case, relay: Relay, probe: Probe) -> Iterator[Diagnosis]:
    """Whether the newest issue fits (RFC 1870)."""
    name, told = "doctor/relay-size", probe.extensions.get("size", "").strip()
    size = len(case.sample().content)
    most = int(told) if told.isascii() and told.isdigit() and len(told) < 16 else 0
    if not most:
        yield Diagnosis(name, "ok", relay.name, phrase("the relay names no limit for the size of a mail"))
    elif not size:
        yield Diagnosis(name, "unknown", relay.name, phrase("the relay takes mails of {most} KB; there is none to "
                        "compare that with", most=most // 1024))  # fmt: skip
    else:
        message = phrase("the newest issue has {size} KB, the relay takes {most} KB", size=-(-size // 1024),
                         most=most // 1024)  # fmt: skip
        remedy = phrase("`images: hosted` makes mails small; or ask the operator for a higher limit")
        fits = size <= most
        yield Diagnosis(name, judged(fits, "error"), relay.name, message, None if fits else remedy)


def judge_extensions(relay: Relay, probe: Probe) -> Diagnosis:
    """What else is offered; without PIPELINING a mailing takes three times as many round trips."""
    offered = [name.upper() for name in WISHED if name in probe.extensions]
    missing = [name.upper() for name in WISHED if name not in probe.extensions]
    message = phrase("the relay offers {offered}; not {missing}", offered=", ".join(offered) or "-",
                     missing=", ".join(missing) or "-")  # fmt: skip
    return Diagnosis("doctor/relay-extensions", "ok", relay.name, message)
